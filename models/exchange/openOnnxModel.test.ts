import { expect, test } from 'vitest'
import { InvalidInputError, seededRandom, UnavailableError } from '../../core/index.ts'
import { OnnxWriter } from './onnxWriter.ts'
import { openOnnxModel, openOnnxModelWith } from './openOnnxModel.ts'
import { learnerOf, randomFeatures, randomNetwork, scoresOfWindows } from './randomModels.fixture.ts'
import { toOnnx } from './toOnnx.ts'

const NAMES = ['spread', 'momentum', 'volume']

/** A graph of one node that no sealed model has. */
function foreignBytes(shape: readonly (number | string)[], operator = 'ReduceMean'): Uint8Array {
  const writer = new OnnxWriter()
  const attributes = operator === 'ReduceMean' ? { axes: [-1], keepdims: 0 } : {}
  writer.node(operator, ['x'], { name: 'mean', attributes })
  return writer.toBytes({
    name: 'main_graph',
    input: { name: 'x', shape },
    outputs: [{ name: 'mean', shape: operator === 'ReduceMean' ? shape.slice(0, -1) : shape }],
    metadata: {},
  })
}

test('runs an exported network over time, and says that it is not exact', async () => {
  const learner = learnerOf({ kind: 'tcn', steps: 4, channels: 5, levels: 2, kernel: 2 })
  const network = randomNetwork(learner, 3, { seed: 3 })
  const model = await openOnnxModel(toOnnx(network, { featureNames: NAMES }), { featureNames: NAMES })
  expect(model).toMatchObject({ exact: false, steps: 4, featureNames: NAMES })
  const windows = randomFeatures(30 * 4 * 3, seededRandom(6))
  const scores = scoresOfWindows(network, windows)
  const predicted = await model.predict(windows)
  expect(predicted).toHaveLength(30)
  for (const [row, score] of scores.entries()) expect(predicted[row]).toBeCloseTo(score, 5)
  expect(await model.predict(new Float32Array(0))).toHaveLength(0)
  await expect(model.predict(new Float32Array(13))).rejects.toThrow(
    '13 values are no whole number of windows of 12.',
  )
  await model.close()
})

test('runs what cannot be converted', async () => {
  const model = await openOnnxModel(foreignBytes(['rows', 3]), { featureNames: NAMES })
  expect(await model.predict(Float32Array.of(1, 2, 6, 4, 4, 4))).toEqual(Float32Array.of(3, 4))
  await model.close()
})

test('reads the output that is asked for', async () => {
  const network = randomNetwork(learnerOf({ kind: 'linear' }), 3, { seed: 3 })
  const bytes = toOnnx(network, { featureNames: NAMES })
  const model = await openOnnxModel(bytes, { featureNames: NAMES, output: 'probability' })
  const [probability = 0] = await model.predict(Float32Array.of(1, 2, 3))
  const [score = 0] = scoresOfWindows(network, Float32Array.of(1, 2, 3))
  expect(probability).toBeCloseTo(1 / (1 + Math.exp(-score)), 6)
  await model.close()
  await expect(openOnnxModel(bytes, { featureNames: NAMES, output: 'odds' })).rejects.toThrow(
    'The ONNX model has no output "odds".',
  )
})

test('other features than it was exported for are refused by name', async () => {
  const bytes = toOnnx(randomNetwork(learnerOf({ kind: 'linear' }), 3, { seed: 3 }), { featureNames: NAMES })
  await expect(openOnnxModel(bytes, { featureNames: ['spread', 'volume', 'momentum'] })).rejects.toThrow(
    "The ONNX model's feature 1 is momentum, not volume.",
  )
  await expect(openOnnxModel(bytes, { featureNames: NAMES.slice(0, 2) })).rejects.toThrow(
    "The ONNX model's feature 2 is volume, not none.",
  )
  await expect(openOnnxModel(bytes, { featureNames: [...NAMES, 'nav'] })).rejects.toThrow(
    "The ONNX model's feature 3 is none, not nav.",
  )
})

test.each([
  [['rows', 4], 'The input "x" of the ONNX model has the shape [rows, 4], not one for 3 features.'],
  [[2, 3], 'The input "x" of the ONNX model has the shape [2, 3], not one for 3 features.'],
  [['rows', 'time', 3], 'The input "x" of the ONNX model leaves open how many steps it takes.'],
] as const)('an input of shape %j is refused', async (shape, message) => {
  await expect(openOnnxModel(foreignBytes(shape), { featureNames: NAMES })).rejects.toThrow(message)
})

test('an output of several numbers a row is refused when it comes', async () => {
  const model = await openOnnxModel(foreignBytes(['rows', 3], 'Abs'), { featureNames: NAMES })
  await expect(model.predict(new Float32Array(6))).rejects.toThrow(
    'The output "mean" of the ONNX model has 6 values for 2 rows.',
  )
  await model.close()
})

test('what onnxruntime refuses is said to be so', async () => {
  const opening = openOnnxModel(foreignBytes(['rows', 3], 'NoSuchOperator'), { featureNames: NAMES })
  await expect(opening).rejects.toThrow(InvalidInputError)
  await expect(opening).rejects.toThrow(/^onnxruntime refuses the model: .*NoSuchOperator/)
  await expect(openOnnxModel(new Uint8Array(64).fill(255), { featureNames: NAMES })).rejects.toThrow(
    InvalidInputError,
  )
})

test('without onnxruntime-node the error names the package', async () => {
  const opening = openOnnxModelWith(
    () => Promise.reject(new Error("Cannot find package 'onnxruntime-node'")),
    foreignBytes(['rows', 3]),
    { featureNames: NAMES },
  )
  await expect(opening).rejects.toThrow(UnavailableError)
  await expect(opening).rejects.toThrow(
    'The package onnxruntime-node, which runs ONNX models, could not be loaded.',
  )
  const another = openOnnxModelWith(() => Promise.resolve({}), foreignBytes(['rows', 3]), {
    featureNames: NAMES,
  })
  await expect(another).rejects.toThrow(UnavailableError)
})
