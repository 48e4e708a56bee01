import { describe, expect, test } from 'vitest'
import { canonicalJson, SCORE_ONE, seededRandom, sha256 } from '../../core/index.ts'
import { linkOf } from './link.ts'
import { LEARNERS, randomFeatures } from './randomProgram.fixture.ts'
import { referenceScore } from './referenceScore.ts'
import { createSealedInference } from './sealedInference.ts'
import { sealedNetwork, sealedTrees } from './sealedModel.fixture.ts'
import { parseSealedModel, type SealedModel, serialiseSealedModel } from './sealedModel.ts'

const MODELS = {
  mlp: sealedNetwork(LEARNERS['mlp 5-3-1'] ?? expect.fail(), {
    link: linkOf({
      calibration: { scores: Float64Array.of(-4, 4), probabilities: Float64Array.of(0.3, 0.7) },
      expectedReturn: { of: 'probability', centre: -0.01, slope: 0.02 },
      interval: { lower: -0.03, upper: 0.04, coverage: 0.9 },
    }),
  }),
  tcn: sealedNetwork(LEARNERS['tcn whose first level is residual'] ?? expect.fail()),
  trees: sealedTrees(5, 20, 4),
}

describe.each(Object.entries(MODELS))('a sealed %s', (_, model) => {
  const inference = createSealedInference(model)
  const { steps, columns } = inference
  const features = randomFeatures(seededRandom(3), (50 + steps) * columns)
  const window = (row: number) => features.subarray((row - steps + 1) * columns, (row + 1) * columns)
  const rows = Uint32Array.from({ length: 50 }, (_, row) => row + steps - 1)

  test('scores one row, a batch, and integer inputs alike', () => {
    const scores = inference.scores(features, rows)
    for (const [place, row] of rows.entries()) {
      const inputs = inference.quantise(window(row))
      expect(scores[place]).toBe(referenceScore(model.program, inputs))
      expect(inference.score(inputs)).toBe(scores[place])
      expect(inference.scoreOf(window(row))).toBe(scores[place])
      expect(inference.predict(window(row))).toBe(inference.probabilityPpm(scores[place] ?? 0))
    }
  })

  test('explains each score exactly, equally from run to run', () => {
    const other = createSealedInference(parseSealedModel(serialiseSealedModel(model).text, inference.hash))
    for (const row of rows.subarray(0, 10)) {
      const explanation = inference.explain(window(row))
      expect(explanation.score).toBe(inference.scoreOf(window(row)))
      expect(explanation.base + explanation.contributions.reduce((sum, value) => sum + value, 0)).toBe(
        explanation.score,
      )
      expect(explanation.contributions.length).toBe(columns)
      expect(other.explain(window(row))).toEqual(explanation)
    }
  })

  test('refuses another number of features, and rows that are not there', () => {
    for (const count of [0, columns * steps - 1, columns * steps + 1]) {
      const message = `${columns * steps} numbers, not ${count}.`
      expect(() => inference.predict(new Float32Array(count))).toThrow(message)
      expect(() => inference.explain(new Float32Array(count))).toThrow(message)
      expect(() => inference.quantise(new Float32Array(count))).toThrow(message)
      expect(() => inference.score(new Int16Array(count))).toThrow(message)
    }
    const last = features.length / columns
    expect(() => inference.scores(features, Uint32Array.of(last))).toThrow(`Row ${last} has no window`)
  })
})

test('a probability is a line, and so are the expected return and its interval', () => {
  const { probabilityPpm, expectedReturnE9, returnIntervalE9 } = createSealedInference(MODELS.mlp)
  expect(probabilityPpm(0)).toBe(500_000)
  expect(expectedReturnE9(0)).toBe(0)
  expect(expectedReturnE9(4 * SCORE_ONE)).toBe(4_000_000)
  expect(returnIntervalE9(4 * SCORE_ONE)).toEqual({
    lowerE9: -26_000_000,
    upperE9: 44_000_000,
    coveragePpm: 900_000,
  })
  const trees = createSealedInference(MODELS.trees)
  expect(trees.expectedReturnE9(0)).toBe(null)
  expect(trees.returnIntervalE9(0)).toBe(null)
})

test('an explanation is put into words', () => {
  const features = randomFeatures(seededRandom(5), 5)
  const inference = createSealedInference(MODELS.mlp)
  const text = inference.describe(features)
  expect(text).toMatch(
    /^(Up|Down), \d\d\.\d %: a score of [+-]\d+\.\d\d log-odds, .* feature_\d was (high|low|middling) /,
  )
  expect(inference.describe(features)).toBe(text)
})

test('models, scores and explanations are the same bits on every machine', () => {
  const shapes = ['mlp 33-17-20-9-1', 'tcn whose first level is residual'].map(
    name => LEARNERS[name] ?? expect.fail(),
  )
  const models: SealedModel[] = [...shapes.map(shape => sealedNetwork(shape)), MODELS.trees]
  const found = models.map(model => {
    const inference = createSealedInference(model)
    const features = randomFeatures(seededRandom(8), inference.steps * inference.columns)
    const { score, base, contributions, standardErrors } = inference.explain(features)
    const explanation = [score, base, [...contributions], [...standardErrors]]
    return [inference.hash, sha256(canonicalJson(explanation))]
  })
  // Found on x64.
  expect(found).toEqual([
    [
      '0x8472576ce467dc95442c766a8b00363c8200eedf43cf026e8fc0d749728aadfe',
      '0x82e0a3642dad3c263a1ff8eb174625dfaaf67a4dea18f7ef287cfb1423d5e874',
    ],
    [
      '0x10bd648df9bb1865c079e27bd8cabd32842e0a20b144b868bf88e4fbe0b80e6e',
      '0x37ff2ef69dfd37b9b0d1b934d47407749d15dba33bf512e3abe29183d3bd8335',
    ],
    [
      '0x0821e98a3df91d522e8bee57066b6f60b314f468fb526f406f80855079835ac7',
      '0xd3235b92ac8b0c39fb819819e6e2f6a6cfdbfeea6d9bb2dda0308ef181812dfd',
    ],
  ])
})

test('a program with a NaN is refused', () => {
  const { program, card } = MODELS.mlp
  const scaler = { ...program.scaler, mean: program.scaler.mean.with(2, Number.NaN) }
  expect(() => createSealedInference({ program: { ...program, scaler }, card })).toThrow(
    'field "scaler.mean.2" is wrong: NaN is not a finite number.',
  )
})
