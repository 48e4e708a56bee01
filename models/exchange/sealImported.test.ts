import { expect, test } from 'vitest'
import { gaussian, SCORE_ONE, seededRandom } from '../../core/index.ts'
import { stepsOf } from '../learner.ts'
import type { FloatNetwork } from '../networks/floatNetwork.ts'
import { fitScaler } from '../scaler.ts'
import { programScores } from '../sealed/programScores.ts'
import { assertSealable, quantisationLoss } from '../sealed/quantisationLoss.ts'
import { quantiseNetwork } from '../sealed/quantiseNetwork.ts'
import { treesProgram } from '../sealed/treesProgram.ts'
import { fromOnnx } from './fromOnnx.ts'
import { fromOnnxTrees } from './fromOnnxTrees.ts'
import { OnnxWriter } from './onnxWriter.ts'
import { randomFeatures, randomTrees, scoresOfTrees } from './randomModels.fixture.ts'
import { toOnnx } from './toOnnx.ts'

const COLUMNS = 3
const ROWS = 600

const random = seededRandom(31)
/** Features of very different sizes, as prices and rates are. */
const VALUES = Float32Array.from(
  { length: ROWS * COLUMNS },
  (_, place) =>
    gaussian(random) * ([120, 0.01, 3][place % COLUMNS] ?? 1) + ([2_000, 0.04, 0][place % COLUMNS] ?? 0),
)
const SCALER = fitScaler(
  VALUES,
  COLUMNS,
  Uint32Array.from({ length: ROWS }, (_, row) => row),
)

/** Random weights that suit the size of the features. */
function weights(writer: OnnxWriter, dims: readonly number[], name: string, raw: boolean): string {
  const [outputs = 1, inputs = 1, taps = 1] = dims
  const values = Array.from({ length: outputs * inputs * taps }, (_, place) => {
    const input = Math.floor(place / taps) % inputs
    return gaussian(random) / Math.sqrt(inputs * taps) / (raw ? (SCALER.std[input] ?? 1) : 1)
  })
  return writer.floats(name, values, dims)
}

/** A bias that puts raw features back around 0. */
function centred(writer: OnnxWriter, outputs: number, name: string): string {
  return writer.floats(
    name,
    Float32Array.from({ length: outputs }, () => gaussian(random) / 4),
    [outputs],
  )
}

function perceptron(): FloatNetwork {
  const writer = new OnnxWriter()
  const mean = writer.floats('mean', SCALER.mean, [COLUMNS])
  const shifted = writer.node('Sub', ['x', mean], { name: 'shifted' })
  const first = writer.node(
    'Gemm',
    [shifted, weights(writer, [16, COLUMNS], 'w0', true), centred(writer, 16, 'b0')],
    { name: 'first', attributes: { transB: 1 } },
  )
  const hidden = writer.node('Relu', [first], { name: 'hidden' })
  const last = writer.node('Gemm', [hidden, weights(writer, [1, 16], 'w1', false)], {
    name: 'last',
    attributes: { transB: 1 },
  })
  writer.node('Sigmoid', [last], { name: 'y' })
  return fromOnnx(written(writer, [COLUMNS]), { scaler: SCALER })
}

/** Two convolutions of different widths that add nothing, so that they take channels beside each other. */
function overTime(): FloatNetwork {
  const writer = new OnnxWriter()
  const mean = writer.floats('mean', SCALER.mean, [COLUMNS])
  const std = writer.floats('std', SCALER.std, [COLUMNS])
  const shifted = writer.node('Sub', ['x', mean], { name: 'shifted' })
  const scaled = writer.node('Div', [shifted, std], { name: 'scaled' })
  let value = writer.node('Transpose', [scaled], { name: 'swapped', attributes: { perm: [0, 2, 1] } })
  for (const [level, [inputs, outputs]] of (
    [
      [COLUMNS, 8],
      [8, 5],
    ] as const
  ).entries()) {
    const dilation = 2 ** level
    const sum = writer.node(
      'Conv',
      [
        value,
        weights(writer, [outputs, inputs, 3], `w${level}`, false),
        centred(writer, outputs, `b${level}`),
      ],
      {
        name: `sum_${level}`,
        attributes: { kernel_shape: [3], dilations: [dilation], pads: [2 * dilation, 0] },
      },
    )
    value = writer.node('Relu', [sum], { name: `level_${level}` })
  }
  const last = writer.node('Gather', [value, writer.integers('last', [-1])], {
    name: 'now',
    attributes: { axis: 2 },
  })
  writer.node('Gemm', [last, weights(writer, [1, 5], 'out', false)], { name: 'y', attributes: { transB: 1 } })
  return fromOnnx(written(writer, [9, COLUMNS]))
}

function written(writer: OnnxWriter, shape: readonly number[]): Uint8Array {
  return writer.toBytes({
    name: 'main_graph',
    input: { name: 'x', shape: ['rows', ...shape] },
    outputs: [{ name: 'y', shape: ['rows', 1] }],
    metadata: {},
  })
}

test.each([
  ['a perceptron', perceptron],
  ['a network over time', overTime],
])('%s of another origin is sealed within the usual loss', (_, create) => {
  const network = create()
  const first = stepsOf(network.learner) - 1
  const rows = Uint32Array.from({ length: ROWS - first }, (_, place) => first + place)
  const program = quantiseNetwork(network, { values: VALUES, rows: rows.subarray(0, 300) })
  const loss = quantisationLoss(network, program, { values: VALUES, rows: rows.subarray(300) })
  expect(loss.scoreDeviation).toBeGreaterThan(0.05)
  expect(() => assertSealable(loss)).not.toThrow()
})

test('trees of another origin are sealed to the bit', () => {
  const trees = fromOnnxTrees(
    toOnnx(randomTrees(COLUMNS, { seed: 9, trees: 12, depth: 5 }), { featureNames: ['a', 'b', 'c'] }),
  )
  const values = randomFeatures(ROWS * COLUMNS, seededRandom(2))
  const rows = Uint32Array.from({ length: ROWS }, (_, row) => row)
  const scores = programScores(treesProgram(trees), { values, rows })
  expect(new Set(scores).size).toBeGreaterThan(50)
  expect(Array.from(scores, score => score / SCORE_ONE)).toEqual([...scoresOfTrees(trees, values)])
})
