import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import { stepsOf } from '../learner.ts'
import { type FromLayersModelOptions, fromLayersModel } from './fromLayersModel.ts'
import { float32ToBytes } from './littleEndian.ts'
import { scoresOfWindows } from './randomModels.fixture.ts'

const ROWS = 40

beforeAll(async () => {
  await tf.setBackend('cpu')
})

type Saved = { readonly modelJson: unknown; readonly weights: Uint8Array }

/** Random weights instead of the initial ones, of which biases and means would be 0; variances stay above 0. */
function randomise(model: tf.Sequential): void {
  const random = seededRandom(13)
  for (const layer of model.layers)
    layer.setWeights(
      layer.getWeights().map((weight, place) => {
        const isVariance = layer.getClassName() === 'BatchNormalization' && place === layer.weights.length - 1
        const values = Array.from({ length: weight.size }, () =>
          isVariance
            ? 0.5 + random()
            : gaussian(random) / Math.sqrt(weight.size / (weight.shape.at(-1) ?? 1)),
        )
        return tf.tensor(values, weight.shape)
      }),
    )
}

/** The two files that `model.save` writes, the first as parsed text. */
async function saved(model: tf.Sequential): Promise<Saved> {
  let files: Saved | null = null
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const json = {
        format: 'layers-model',
        modelTopology,
        weightsManifest: [{ paths: ['w.bin'], weights: weightSpecs }],
      }
      const buffer = Array.isArray(weightData) ? tf.io.concatenateArrayBuffers(weightData) : weightData
      files = {
        modelJson: JSON.parse(JSON.stringify(json)),
        weights: new Uint8Array(buffer ?? new ArrayBuffer(0)),
      }
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  if (files === null) throw new Error('nothing was saved')
  return files
}

const MODELS: Readonly<
  Record<string, { readonly shape: readonly number[]; readonly layers: () => tf.layers.Layer[] }>
> = {
  'a perceptron with dropout and a sigmoid': {
    shape: [6],
    layers: () => [
      tf.layers.dense({ units: 9, activation: 'relu', inputShape: [6] }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 4, useBias: false }),
      tf.layers.reLU(),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  },
  'an input layer, batch normalisation everywhere and a linear output': {
    shape: [3],
    layers: () => [
      tf.layers.inputLayer({ inputShape: [3] }),
      tf.layers.batchNormalization({}),
      tf.layers.dense({ units: 5 }),
      tf.layers.batchNormalization({ scale: false }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.batchNormalization({ center: false, epsilon: 0.01 }),
      tf.layers.dense({ units: 1 }),
    ],
  },
  'one layer': { shape: [4], layers: () => [tf.layers.dense({ units: 1, inputShape: [4] })] },
  'dilated convolutions down to one step': {
    // 1 + 2·(1 + 2 + 4) steps go in.
    shape: [15, 3],
    layers: () => [
      tf.layers.conv1d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [15, 3] }),
      tf.layers.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2, activation: 'relu' }),
      tf.layers.dropout({ rate: 0.1 }),
      tf.layers.conv1d({ filters: 4, kernelSize: 3, dilationRate: 4, activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  },
  'convolutions of different widths, then fully connected layers': {
    shape: [5, 4],
    layers: () => [
      tf.layers.conv1d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [5, 4] }),
      tf.layers.conv1d({ filters: 6, kernelSize: 2, dilationRate: 2, useBias: false }),
      tf.layers.batchNormalization({}),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 8, activation: 'relu' }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  },
}

describe('a converted model scores as TensorFlow.js predicts', () => {
  test.each(Object.entries(MODELS))('%s', async (_, { shape, layers }) => {
    const model = tf.sequential({ layers: layers() })
    randomise(model)
    const network = fromLayersModel({ ...(await saved(model)), scaler: 'unit' })
    const [steps, columns] = shape.length === 2 ? [shape[0] ?? 1, shape[1] ?? 1] : [1, shape[0] ?? 1]
    expect([stepsOf(network.learner), network.columns]).toEqual([steps, columns])
    const random = seededRandom(5)
    const windows = Float32Array.from({ length: ROWS * steps * columns }, () => random() * 6 - 3)
    const predictions = model.predict(tf.tensor(windows, [ROWS, ...shape])) as tf.Tensor
    const expected = await predictions.data()
    const scores = scoresOfWindows(network, windows)
    expect(new Set(scores).size).toBeGreaterThan(ROWS / 2)
    for (const [row, score] of scores.entries()) {
      const actual = network.objective === 'direction' ? 1 / (1 + Math.exp(-score)) : score
      const wanted = expected[row] ?? Number.NaN
      expect(Math.abs(actual - wanted), `row ${row}: ${actual}, not ${wanted}`).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(wanted)),
      )
    }
  })
})

/** A model as Keras's converter writes it, for the layers that TensorFlow.js itself does not have. */
function keras(
  layers: readonly (readonly [className: string, config: Record<string, unknown>])[],
  weights: Readonly<Record<string, readonly [shape: readonly number[], values: readonly number[]]>>,
): Saved {
  const entries = Object.entries(weights)
  return {
    modelJson: {
      format: 'layers-model',
      modelTopology: {
        keras_version: '2.15.0',
        model_config: {
          class_name: 'Sequential',
          config: {
            name: 'sequential',
            layers: layers.map(([class_name, config]) => ({ class_name, config })),
          },
        },
      },
      weightsManifest: [
        { paths: ['w.bin'], weights: entries.map(([name, [shape]]) => ({ name, shape, dtype: 'float32' })) },
      ],
    },
    weights: float32ToBytes(entries.flatMap(([, [, values]]) => values)),
  }
}

test('Normalization is the scaler', () => {
  const model = keras(
    [
      ['Normalization', { name: 'normalization', axis: [-1], batch_input_shape: [null, 3] }],
      ['Dense', { name: 'dense', units: 1, activation: 'linear', use_bias: true }],
    ],
    {
      'normalization/mean': [[3], [10, -2, 7]],
      'normalization/variance': [[3], [4, 0.25, 0]],
      'sequential/dense/kernel': [
        [3, 1],
        [1, 2, 50],
      ],
      'sequential/dense/bias': [[1], [0.5]],
    },
  )
  const network = fromLayersModel(model)
  expect(network.scaler).toEqual({ mean: Float32Array.of(10, -2, 7), std: Float32Array.of(2, 0.5, 0) })
  expect(network.parameters).toEqual(Float32Array.of(1, 2, 50, 0.5))
  // 1 · (13 − 10)/2 + 2 · (−1 + 2)/0.5 + 0.5, and the feature that never varied counts for nothing.
  expect([...scoresOfWindows(network, Float32Array.of(13, -1, 999))]).toEqual([6])
})

test('causal convolutions cropped to the last step score as those that are not padded', async () => {
  const model = tf.sequential({ layers: MODELS['dilated convolutions down to one step']?.layers() ?? [] })
  randomise(model)
  const plain = await saved(model)
  const text = JSON.stringify(plain.modelJson).replaceAll('"padding":"valid"', '"padding":"causal"')
  const causal = JSON.parse(text)
  const { layers } = causal.modelTopology.config
  layers.splice(4, 0, { class_name: 'Cropping1D', config: { name: 'crop', cropping: [14, 0] } })
  const windows = Float32Array.from({ length: 10 * 45 }, (_, place) => ((place * 37) % 101) / 20 - 2.5)
  expect(
    scoresOfWindows(fromLayersModel({ modelJson: causal, weights: plain.weights, scaler: 'unit' }), windows),
  ).toEqual(scoresOfWindows(fromLayersModel({ ...plain, scaler: 'unit' }), windows))
})

describe('refuses, by name,', () => {
  const dense = (config: Record<string, unknown> = {}) =>
    [
      'Dense',
      { name: 'dense', units: 1, activation: 'linear', batch_input_shape: [null, 2], ...config },
    ] as const
  const kernel = {
    'dense/kernel': [
      [2, 1],
      [1, 2],
    ],
    'dense/bias': [[1], [3]],
  } as const
  const refused = (model: Saved, options: Partial<FromLayersModelOptions> = {}) => {
    try {
      fromLayersModel({ scaler: 'unit', ...model, ...options })
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInputError)
      return (error as Error).message
    }
    return 'nothing was refused'
  }

  test('a layer that it does not know', () => {
    expect(
      refused(keras([['LSTM', { name: 'lstm_4', units: 3, batch_input_shape: [null, 5, 2] }]], {})),
    ).toBe(
      'The LayersModel\'s layer "lstm_4" (LSTM) is of a class that is not supported; such a model cannot be converted.',
    )
  })

  test('an activation other than ReLU', () => {
    expect(refused(keras([dense({ activation: 'tanh' })], kernel))).toBe(
      'The LayersModel\'s layer "dense" (Dense) has the activation tanh; such a model cannot be converted.',
    )
  })

  test('several steps flattened into one', () => {
    const layers = [
      ['InputLayer', { name: 'input', batch_input_shape: [null, 5, 2] }],
      ['Flatten', { name: 'flat' }],
    ] as const
    expect(refused(keras(layers, {}))).toContain('"flat" (Flatten) joins 5 steps;')
  })

  test('a weight that is missing, or of another shape', () => {
    expect(refused(keras([dense()], { 'dense/kernel': kernel['dense/kernel'] }))).toContain(
      '"dense" (Dense) has no weight "dense/bias";',
    )
    expect(refused(keras([dense({ batch_input_shape: [null, 3] })], kernel))).toContain(
      '"dense" (Dense) has a "kernel" of shape [2, 1], not [3, 1];',
    )
  })

  test('quantised weights', () => {
    const model = keras([dense()], kernel)
    const text = JSON.stringify(model.modelJson).replace(
      '"dtype":"float32"',
      '"dtype":"float32","quantization":{"dtype":"uint8","scale":0.1,"min":0}',
    )
    expect(refused({ ...model, modelJson: JSON.parse(text) })).toBe(
      'The weight "dense/kernel" of the LayersModel is quantised.',
    )
  })

  test('weight files that are not those of the model', () => {
    const model = keras([dense()], kernel)
    expect(refused(model, { weights: model.weights.subarray(0, 9) })).toBe(
      'The weights of the LayersModel end inside "dense/bias".',
    )
    expect(refused(model, { weights: new Uint8Array(16) })).toBe(
      'The LayersModel has 16 bytes of weights, not 12.',
    )
  })

  test('a model that is not Sequential, and what is no model', () => {
    expect(
      refused({
        modelJson: { modelTopology: { class_name: 'Model', config: {} } },
        weights: new Uint8Array(0),
      }),
    ).toBe('The LayersModel is of the class Model, not Sequential.')
    expect(refused({ modelJson: null, weights: new Uint8Array(0) })).toContain(
      'The model.json is not one of a LayersModel',
    )
  })
})

test('whatever the two files hold, a network comes back or they are refused', () => {
  const model = keras(
    [
      ['InputLayer', { name: 'input', batch_input_shape: [null, 2] }],
      ['Normalization', { name: 'norm', axis: -1, mean: [1, 2], variance: 4 }],
      ['Dense', { name: 'hidden', units: 2, activation: 'relu', use_bias: false }],
      ['Dense', { name: 'dense', units: 1, activation: 'sigmoid' }],
    ],
    {
      'hidden/kernel': [
        [2, 2],
        [1, -1, 2, 3],
      ],
      'dense/kernel': [
        [2, 1],
        [1, 2],
      ],
      'dense/bias': [[1], [3]],
    },
  )
  const text = JSON.stringify(model.modelJson)
  expect(fromLayersModel(model).learner.kind).toBe('mlp')
  // Any value in the file replaced by any other.
  const places = [...text.matchAll(/(?<=:|\[|,)("[^"]*"(?!:)|-?\d+|null|true|false)/g)]
  let refusals = 0
  let converted = 0
  fc.assert(
    fc.property(fc.nat(places.length - 1), fc.jsonValue({ maxDepth: 2 }), (which, value) => {
      const place = places[which]
      const changed = `${text.slice(0, place?.index)}${JSON.stringify(value)}${text.slice((place?.index ?? 0) + (place?.[0].length ?? 0))}`
      try {
        expect(
          fromLayersModel({ ...model, modelJson: JSON.parse(changed) }).parameters.length,
        ).toBeGreaterThan(1)
        converted++
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error
        refusals++
      }
    }),
    { seed: 3, numRuns: 3_000 },
  )
  expect(refusals).toBeGreaterThan(500)
  expect(converted).toBeGreaterThan(300)
})
