import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { checkProgram } from './checkProgram.ts'
import { createNetworkEvaluator } from './networkEvaluator.ts'
import type { Program } from './program.ts'
import { quantiseInputs } from './quantiseInputs.ts'
import { LEARNERS, randomEnsemble, randomFeatures, randomProgram } from './randomProgram.fixture.ts'
import { referenceScore } from './referenceScore.ts'
import { sealedNetwork } from './sealedModel.fixture.ts'
import { createTreesEvaluator } from './treesEvaluator.ts'
import { treesProgram } from './treesProgram.ts'

const ROWS = 10_000

const evaluatorOf = (program: Program) =>
  program.kind === 'network' ? createNetworkEvaluator(program) : createTreesEvaluator(program)

/** How many of the rows any way of evaluation gets other inputs or another score for than the reference. */
function differences(program: Program, rows: number, seed: number): number {
  const random = seededRandom(seed)
  const { steps, columns } = program
  const values = randomFeatures(random, (rows + steps - 1) * columns)
  const places = Uint32Array.from({ length: rows }, (_, row) => row + steps - 1)
  const evaluator = evaluatorOf(program)
  const scores = evaluator.scores(values, places)
  let different = 0
  for (const [row, place] of places.entries()) {
    const features = values.subarray((place - steps + 1) * columns, (place + 1) * columns)
    const inputs = quantiseInputs(program, features)
    const expected = referenceScore(program, inputs)
    const own = evaluator.quantise(features)
    if (
      inputs.some((input, at) => input !== own[at]) ||
      evaluator.predict(features) !== expected ||
      evaluator.score(inputs) !== expected ||
      scores[row] !== expected
    )
      different++
  }
  return different
}

/** A program that gave one score to all would prove little. */
function distinctScores(program: Program): number {
  const { steps, columns } = program
  const values = randomFeatures(seededRandom(9), 1_000 * columns)
  const rows = Uint32Array.from({ length: 1_000 - steps + 1 }, (_, row) => row + steps - 1)
  return new Set(evaluatorOf(program).scores(values, rows)).size
}

describe('every evaluation equals the reference to the bit', () => {
  test.each(Object.entries(LEARNERS))('on 10,000 random inputs: %s', (_, shape) => {
    const { program } = sealedNetwork(shape)
    expect(differences(program, ROWS, 3)).toBe(0)
    expect(distinctScores(program)).toBeGreaterThan(200)
  })

  test('on 10,000 random inputs: trees', () => {
    const program = treesProgram(randomEnsemble(seededRandom(5), 12, 30, 6))
    expect(differences(program, ROWS, 4)).toBe(0)
    expect(distinctScores(program)).toBeGreaterThan(200)
  })

  test('for any program, saturating ones too', () => {
    let varied = 0
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(LEARNERS)), fc.nat(), ({ learner, columns }, seed) => {
        const program = randomProgram(seededRandom(seed), learner, columns)
        checkProgram(program)
        expect(differences(program, 40, seed)).toBe(0)
        if (distinctScores(program) > 20) varied++
      }),
      { numRuns: 60, seed: 1 },
    )
    expect(varied).toBeGreaterThan(40)
  })
})
