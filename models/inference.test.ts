import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { digestOf, gaussian, IntegrityError, InvalidInputError, seededRandom } from '../core/index.ts'
import { float32FromText, float32ToText } from './float32Text.ts'
import { createInference } from './inference.ts'
import { type LoadedTensorflow, loadTensorflow } from './loadTensorflow.ts'
import { type ModelArtifact, serialiseArtifact } from './modelArtifact.ts'
import { randomArtifact } from './randomArtifact.fixture.ts'
import { scaleRows } from './scaler.ts'

let tensorflow: LoadedTensorflow
beforeAll(async () => {
  tensorflow = await loadTensorflow()
})

/** The artifact's network evaluated by TensorFlow.js over scaled rows. */
function tensorflowPredicts({ layers }: ModelArtifact, scaled: Float32Array, columns: number): Float32Array {
  const { tf } = tensorflow
  return tf.tidy(() => {
    let x = tf.tensor2d(scaled, [scaled.length / columns, columns])
    for (const { inputs, outputs, activation, weights, biases } of layers) {
      x = tf.add(
        tf.matMul(x, tf.tensor2d(float32FromText(weights)!, [inputs, outputs])),
        float32FromText(biases)!,
      )
      if (activation === 'relu') x = tf.relu(x)
    }
    return Float32Array.from(tf.sigmoid(x).dataSync())
  })
}

const architecture = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  inputs: fc.integer({ min: 1, max: 70 }),
  hidden: fc.array(fc.integer({ min: 1, max: 130 }), { maxLength: 3 }),
})

describe('createInference', () => {
  test('agrees with TensorFlow.js within 1e-5 on any network and input, missing values and outliers included', () => {
    fc.assert(
      fc.property(architecture, ({ seed, inputs, hidden }) => {
        const random = seededRandom(seed)
        const artifact = randomArtifact(random, inputs, hidden)
        const rows = 16
        const values = Float32Array.from({ length: rows * inputs }, () => {
          const kind = random()
          return kind < 0.1 ? Number.NaN : (kind < 0.2 ? 100 : 1) * gaussian(random)
        })
        const scaler = {
          mean: float32FromText(artifact.scaler.mean)!,
          std: float32FromText(artifact.scaler.std)!,
        }
        const scaled = scaleRows(
          values,
          Uint32Array.from({ length: rows }, (_, row) => row),
          scaler,
        )
        const expected = tensorflowPredicts(artifact, scaled, inputs)
        const inference = createInference(artifact)
        for (let row = 0; row < rows; row++) {
          const probability = inference.predict(values.subarray(row * inputs, (row + 1) * inputs))
          expect(probability).toBe(Math.fround(probability))
          expect(Math.abs(probability - expected[row]!)).toBeLessThan(1e-5)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('gives the pinned bits: another machine that differs fails here', () => {
    const artifact = randomArtifact(seededRandom(20_240_105), 5, [9, 6])
    const inference = createInference(artifact)
    const inputs = [
      Float32Array.of(0.1, -0.2, 0.3, -0.4, 0.5),
      Float32Array.of(1e-3, 2.5, Number.NaN, -7, 1e9),
      Float32Array.of(0, 0, 0, 0, 0),
      new Float32Array(5).fill(Number.NaN),
    ]
    expect(serialiseArtifact(artifact).hash).toMatchInlineSnapshot(
      `"0x7f18372d4de62788fea1ecb98325d79c78d8ed6a1753c647ab38cbe64dc1f645"`,
    )
    expect(
      inputs.map(features => inference.predictionBits(inference.predict(features)).toString(16)),
    ).toMatchInlineSnapshot(`
      [
        "3f384ac3",
        "3f7ff3d8",
        "3f34642c",
        "3f11a497",
      ]
    `)
    expect(inference.explain(inputs[0]!).map(({ effectPpm }) => effectPpm)).toMatchInlineSnapshot(`
      [
        97705,
        979,
        12011,
        27777,
        12480,
      ]
    `)
  })

  test('gives the pinned bits on a larger network, where one wrong rounding shows', () => {
    const random = seededRandom(77)
    const inference = createInference(randomArtifact(random, 37, [50, 23]))
    const bits = Array.from({ length: 500 }, () => {
      const features = Float32Array.from({ length: 37 }, () => gaussian(random))
      return inference.predictionBits(inference.predict(features))
    })
    expect(new Set(bits).size).toBeGreaterThan(400)
    expect(digestOf(bits)).toMatchInlineSnapshot(
      `"0x5adf36595212089873f60a9e15d04dc97d41961c9b13fbc21a2657f53f9c0d80"`,
    )
  })

  test('predicts the same whatever it predicted or explained before', () => {
    const random = seededRandom(3)
    const artifact = randomArtifact(random, 12, [33, 7])
    const inference = createInference(artifact)
    const rows = Array.from({ length: 50 }, () => Float32Array.from({ length: 12 }, () => gaussian(random)))
    const first = rows.map(row => inference.predict(row))
    const again = [...rows].reverse().map(row => inference.toPrediction(row).probabilityUp)
    expect(again.reverse()).toEqual(first)
    expect(rows.map(row => createInference(artifact).predict(row))).toEqual(first)
  })

  test('does not change the features that it is given', () => {
    const inference = createInference(randomArtifact(seededRandom(5), 3, [4]))
    const features = Float32Array.of(1, Number.NaN, -3)
    inference.toPrediction(features)
    expect(features).toEqual(Float32Array.of(1, Number.NaN, -3))
  })

  test('attributes to each feature the change that its absence makes', () => {
    fc.assert(
      fc.property(architecture, ({ seed, inputs, hidden }) => {
        const random = seededRandom(seed)
        const artifact = randomArtifact(random, inputs, hidden)
        const mean = float32FromText(artifact.scaler.mean)!
        const inference = createInference(artifact)
        const features = Float32Array.from({ length: inputs }, () => gaussian(random))
        const { model, probabilityUp, attributions } = inference.toPrediction(features)
        expect(model).toBe(serialiseArtifact(artifact).hash)
        expect(attributions.map(({ feature }) => feature)).toEqual(artifact.features)
        for (const [column, { effectPpm }] of attributions.entries()) {
          const without = features.slice()
          without[column] = mean[column]!
          const change = (probabilityUp - inference.predict(without)) * 1e6
          expect(Number.isInteger(effectPpm) && !Object.is(effectPpm, -0)).toBe(true)
          expect(Math.abs(effectPpm - change)).toBeLessThanOrEqual(0.5)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('counts a missing feature as its training mean, with no effect', () => {
    const artifact = randomArtifact(seededRandom(8), 2, [6])
    const inference = createInference(artifact)
    const atMean = Float32Array.of(0.4, float32FromText(artifact.scaler.mean)![1]!)
    const missing = Float32Array.of(0.4, Number.NaN)
    expect(inference.predict(missing)).toBe(inference.predict(atMean))
    expect(inference.explain(missing)[1]).toEqual({ feature: 'feature_1', effectPpm: 0 })
  })

  test('writes a probability as the bits of its binary32', () => {
    const inference = createInference(randomArtifact(seededRandom(8), 1, []))
    expect(inference.predictionBits(0.5)).toBe(0x3f000000)
    expect(inference.predictionBits(1)).toBe(0x3f800000)
    expect(inference.horizonMs).toBe(3_600_000)
  })

  test('refuses a vector of another length', () => {
    const inference = createInference(randomArtifact(seededRandom(1), 2, []))
    expect(() => inference.predict(new Float32Array(3))).toThrow(InvalidInputError)
    expect(() => inference.predict(new Float32Array(3))).toThrow('Model "random" takes 2 features, not 3.')
  })

  test('stops on a network that overflows instead of answering with no number', () => {
    const artifact = randomArtifact(seededRandom(1), 1, [2])
    const huge = (values: number[]) => float32ToText(Float32Array.from(values))
    const [hidden, last] = artifact.layers
    const inference = createInference({
      ...artifact,
      layers: [
        { ...hidden!, weights: huge([3e38, 3e38]) },
        { ...last!, weights: huge([3e38, -3e38]) },
      ],
    })
    expect(() => inference.predict(Float32Array.of(50))).toThrow(IntegrityError)
  })
})
