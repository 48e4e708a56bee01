import { describe, expect, test } from 'vitest'
import { gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import type { FloatNetwork } from '../networks/floatNetwork.ts'
import { accumulatorBound } from './checkProgram.ts'
import { encodeProgram } from './encodeProgram.ts'
import { INT32_MAX } from './program.ts'
import { assertSealable, quantisationLoss } from './quantisationLoss.ts'
import { quantiseNetwork } from './quantiseNetwork.ts'
import { LEARNERS, randomNetwork } from './randomProgram.fixture.ts'
import { inputMoments, roundWeights } from './roundWeights.ts'
import { normalFeatures, windowRows } from './sealedModel.fixture.ts'

const ROWS = 1_200

function example(name: keyof typeof LEARNERS, objective: 'direction' | 'return' = 'direction') {
  const { columns, learner } = LEARNERS[name] ?? expect.fail()
  const random = seededRandom(11)
  const network = randomNetwork(random, learner, columns, objective)
  const values = normalFeatures(random, network.scaler, ROWS)
  const rows = windowRows(ROWS, learner.kind === 'tcn' ? learner.steps : 1)
  const calibration = { values, rows: rows.subarray(0, 600) }
  return { network, calibration, fresh: { values, rows: rows.subarray(600) } }
}

describe('a quantised network', () => {
  test.each(Object.keys(LEARNERS))(
    'scores fresh rows like the float one, within 2 %% of the spread: %s',
    name => {
      const { network, calibration, fresh } = example(name)
      const loss = quantisationLoss(network, quantiseNetwork(network, calibration), fresh)
      expect(loss.rows).toBe(fresh.rows.length)
      expect(loss.scoreDeviation).toBeGreaterThan(0.3)
      expect(loss.meanScore).toBeLessThan(0.02 * loss.scoreDeviation)
      expect(loss.worstScore).toBeLessThan(0.25 * loss.scoreDeviation)
      expect(loss.flips).toBeLessThan(0.02)
      expect(loss.worstProbability).toBeLessThan(0.05)
      expect(() => assertSealable(loss)).not.toThrow()
    },
  )

  test('is the same from run to run', () => {
    const { network, calibration } = example('mlp 33-17-20-9-1')
    const bytes = () => Buffer.from(encodeProgram(quantiseNetwork(network, calibration)))
    expect(bytes().equals(bytes())).toBe(true)
  })

  test('has fewer weight bits where a sum could leave 32 bits', () => {
    const columns = 1_200
    const network: FloatNetwork = {
      ...example('linear').network,
      columns,
      scaler: { mean: new Float32Array(columns), std: new Float32Array(columns).fill(1) },
      parameters: new Float32Array(columns + 1).fill(0.01),
    }
    const random = seededRandom(3)
    const values = Float32Array.from({ length: 40 * columns }, () => gaussian(random))
    const rows = windowRows(40, 1)
    const program = quantiseNetwork(network, { values, rows })
    const { weights = new Int8Array(0), biases = [] } = program.layers[0] ?? {}
    const magnitude = weights.reduce((sum, weight) => sum + Math.abs(weight), 0)
    expect(Math.max(...weights)).toBeLessThanOrEqual(64)
    expect(Math.max(...weights)).toBeGreaterThan(50)
    expect(accumulatorBound(magnitude, biases[0] ?? 0)).toBeLessThanOrEqual(INT32_MAX)
    expect(quantisationLoss(network, program, { values, rows }).meanScore).toBeLessThan(0.01)
  })

  test('may have neurons without weights, and dead ones', () => {
    const { network, calibration, fresh } = example('mlp 5-3-1')
    const parameters = network.parameters.slice()
    // Weights are [input][output]: the first neuron has a bias alone, the second is never above 0.
    for (let input = 0; input < 5; input++) parameters[input * 3] = 0
    parameters[15] = 0.7
    parameters[16] = -100
    const changed = { ...network, parameters }
    const loss = quantisationLoss(changed, quantiseNetwork(changed, calibration), fresh)
    expect(loss.meanScore).toBeLessThan(0.01)
    const silent = { ...network, parameters: new Float32Array(parameters.length) }
    expect(quantisationLoss(silent, quantiseNetwork(silent, calibration), fresh).worstScore).toBe(0)
  })

  test('of returns predicts the log return that the float one does', () => {
    const { network, calibration } = example('mlp 5-3-1', 'return')
    const { link } = quantiseNetwork(network, calibration)
    expect(link.expectedReturn?.centreE9).toBe(100_000)
  })

  test.each([
    ['no rows', new Uint32Array(0), 'There are no rows to calibrate the quantisation on.'],
    ['a row without its window', Uint32Array.of(3), 'Row 3 has no window of 6 steps in the matrix.'],
    ['a row behind the last', Uint32Array.of(ROWS), `Row ${ROWS} has no window of 6 steps in the matrix.`],
  ])('is refused %s', (_, rows, message) => {
    const { network, calibration } = example('tcn whose field is longer than its window')
    expect(() => quantiseNetwork(network, { ...calibration, rows })).toThrow(message)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('is refused a parameter of %d', value => {
    const { network, calibration } = example('linear')
    const parameters = network.parameters.with(3, value)
    expect(() => quantiseNetwork({ ...network, parameters }, calibration)).toThrow(
      new InvalidInputError(`The network's parameter 3 is ${value}.`, { hint: '' }).message,
    )
    expect(() => quantiseNetwork({ ...network, parameters: new Float32Array(2) }, calibration)).toThrow(
      'The network has 2 parameters; its layers need 8.',
    )
  })
})

describe('a loss above the limit', () => {
  test('is refused with its figures', () => {
    const { network, calibration, fresh } = example('mlp 5-3-1')
    const program = quantiseNetwork(network, calibration)
    const loss = quantisationLoss(network, program, fresh)
    expect(() => assertSealable(loss, { meanScoreShare: 0.000_1 })).toThrow(
      /^Quantised to integers, the model's score is off by 0\.00\d+ on average; the limit is 0\.000\d+, 0\.01 % of the scores' spread\.$/,
    )
    // Another network's integers.
    const other = quantiseNetwork(
      { ...network, parameters: network.parameters.map(value => -value) },
      calibration,
    )
    expect(() => assertSealable(quantisationLoss(network, other, fresh))).toThrow(InvalidInputError)
  })

  test('cannot be measured on no rows', () => {
    const { network, calibration } = example('linear')
    const program = quantiseNetwork(network, calibration)
    expect(() => quantisationLoss(network, program, { ...calibration, rows: new Uint32Array(0) })).toThrow(
      'There are no rows to measure the quantisation loss on.',
    )
  })
})

test('weights are rounded so that correlated inputs cancel, which the nearest integers do not', () => {
  const random = seededRandom(5)
  const width = 24
  const count = 2_000
  // One common factor and a little of their own, as features of one price have.
  const draw = () =>
    Float64Array.from({ length: count * width }).map((_, at, all) => {
      if (at % width === 0) all[at] = gaussian(random)
      const common = at % width === 0 ? (all[at] ?? 0) : (all[at - (at % width)] ?? 0)
      return common * 1_000 + gaussian(random) * 300
    })
  const [measured, fresh] = [draw(), draw()]
  const moments = inputMoments(measured, width, 1)
  const weights = Float64Array.from({ length: width }, () => gaussian(random) * 10)
  const errorOf = (rounded: ArrayLike<number>) => {
    let squares = 0
    for (let row = 0; row < count; row++) {
      let error = 0
      for (let at = 0; at < width; at++)
        error += ((rounded[at] ?? 0) - (weights[at] ?? 0)) * (fresh[row * width + at] ?? 0)
      squares += error * error
    }
    return squares / count
  }
  const rounded = roundWeights(weights, moments)
  expect(Math.max(...rounded.map((value, at) => Math.abs(value - (weights[at] ?? 0))))).toBeLessThan(1)
  expect(errorOf(rounded)).toBeLessThan(0.5 * errorOf(weights.map(Math.round)))
})
