import { expect, test } from 'vitest'
import { uncalibratedLink } from './link.ts'
import type { NetworkProgram, ProgramLayer, TreesProgram } from './program.ts'
import { quantiseInputs } from './quantiseInputs.ts'
import { referenceScore } from './referenceScore.ts'

const link = uncalibratedLink('direction', 1, 0)
const scaler = { mean: Float32Array.of(1, 0), std: Float32Array.of(2, 0) }

function layer(fields: Partial<ProgramLayer> & Pick<ProgramLayer, 'inputs' | 'outputs'>): ProgramLayer {
  const { outputs } = fields
  return {
    taps: 1,
    dilation: 1,
    relu: false,
    residual: null,
    weights: new Int8Array(0),
    biases: new Int32Array(outputs),
    multipliers: new Uint16Array(outputs).fill(1),
    shifts: new Uint8Array(outputs),
    ...fields,
  }
}

test('inputs are scaled values in 1/4,096, rounded half up, within an int16', () => {
  const program: NetworkProgram = {
    kind: 'network',
    objective: 'direction',
    steps: 1,
    columns: 2,
    link,
    scaler,
    layers: [],
  }
  const inputs = (value: number) => [...quantiseInputs(program, Float32Array.of(value, 7))]
  // (2 − 1) / 2 is a half. The second feature never varied.
  expect(inputs(2)).toEqual([2_048, 0])
  // 1.5 and −1.5 steps: up to 2 and to −1.
  expect(inputs(1 + 3 / 4_096)).toEqual([2, 0])
  expect(inputs(1 - 3 / 4_096)).toEqual([-1, 0])
  expect(inputs(1_000)).toEqual([32_767, 0])
  expect(inputs(-1_000)).toEqual([-32_768, 0])
  for (const missing of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(inputs(missing)).toEqual([0, 0])
})

test('a network by hand: sum, requantisation, ReLU, score', () => {
  const hidden = layer({
    inputs: 2,
    outputs: 2,
    relu: true,
    // By input: to both outputs.
    weights: Int8Array.of(3, -1, 2, -4),
    biases: Int32Array.of(5, 6),
    multipliers: Uint16Array.of(1, 3),
    shifts: Uint8Array.of(1, 0),
  })
  const last = layer({ inputs: 2, outputs: 1, weights: Int8Array.of(-7, 100), biases: Int32Array.of(1_000) })
  const program: NetworkProgram = {
    kind: 'network',
    objective: 'direction',
    steps: 1,
    columns: 2,
    link,
    scaler,
    layers: [hidden, last],
  }
  // 5 + 3·10 + 2·20 = 75, halved and rounded up 38; 6 − 10 − 80 < 0. 1,000 − 7·38 = 734.
  expect(referenceScore(program, Int16Array.of(10, 20))).toBe(734)
  // 5 − 30 − 40 < 0; (6 + 10 + 80)·3 = 288.
  expect(referenceScore(program, Int16Array.of(-10, -20))).toBe(1_000 + 28_800)
  // (6 + 4·32,768)·3 saturates at 32,767, while the other output is below 0.
  expect(referenceScore(program, Int16Array.of(0, -32_768))).toBe(1_000 + 3_276_700)
})

test('a convolution by hand: dilation, zeros before the window, a residual at its own scale', () => {
  const level = layer({
    inputs: 1,
    outputs: 1,
    taps: 2,
    dilation: 2,
    relu: true,
    // The older tap, then the present one.
    weights: Int8Array.of(10, 1),
    residual: { multiplier: 3, shift: 1 },
  })
  const last = layer({ inputs: 1, outputs: 1, taps: 2, dilation: 1, weights: Int8Array.of(100, 1) })
  const program: NetworkProgram = {
    kind: 'network',
    objective: 'direction',
    steps: 3,
    columns: 1,
    link,
    scaler: { mean: new Float32Array(1), std: new Float32Array(1) },
    layers: [level, last],
  }
  // Step 2: 10·1 + 5 = 15, and 5·3/2 = 7.5 rounded up; step 1: nothing before it, 0·10 + 4 = 4, and 6.
  expect(referenceScore(program, Int16Array.of(1, 4, 5))).toBe(100 * (4 + 6) + 15 + 8)
})

test('trees by hand: missing values go left', () => {
  const program: TreesProgram = {
    kind: 'trees',
    objective: 'direction',
    steps: 1,
    columns: 2,
    link,
    edges: [Float32Array.of(0.5, 1.5), Float32Array.of(-1)],
    base: 1_000,
    trees: [
      {
        feature: Uint16Array.of(0, 0, 1, 0, 0),
        threshold: Uint8Array.of(2, 0, 1, 0, 0),
        left: Uint16Array.of(1, 0, 3, 0, 0),
        value: Int32Array.of(0, -5, 0, 70, 90),
      },
    ],
  }
  const score = (...features: number[]) =>
    referenceScore(program, quantiseInputs(program, Float32Array.from(features)))
  expect([...quantiseInputs(program, Float32Array.of(1.5, Number.NaN))]).toEqual([2, 0])
  expect(score(1.5, 0)).toBe(995)
  expect(score(Number.NaN, 0)).toBe(995)
  expect(score(1.6, -1)).toBe(1_070)
  expect(score(1.6, 0)).toBe(1_090)
  expect(score(Number.POSITIVE_INFINITY, Number.NaN)).toBe(1_070)
})
