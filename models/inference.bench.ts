import type { Tensor } from '@tensorflow/tfjs'
import { bench, describe } from 'vitest'
import { gaussian, seededRandom } from '../core/index.ts'
import { float32FromText } from './float32Text.ts'
import { createInference } from './inference.ts'
import { loadTensorflow } from './loadTensorflow.ts'
import { randomArtifact } from './randomArtifact.fixture.ts'

const INPUTS = 64
const random = seededRandom(1)
const artifact = randomArtifact(random, INPUTS, [128, 64])
const inference = createInference(artifact)
const vectors = Array.from({ length: 64 }, () =>
  Float32Array.from({ length: INPUTS }, () => gaussian(random)),
)
let turn = 0
const nextVector = () => vectors[turn++ % vectors.length] ?? new Float32Array(INPUTS)

const { tf } = await loadTensorflow()
const layers = artifact.layers.map(({ inputs, outputs, activation, weights, biases }) => ({
  weights: tf.tensor2d(float32FromText(weights) ?? [], [inputs, outputs]),
  biases: tf.tensor1d(float32FromText(biases) ?? []),
  activation,
}))

describe('MLP 64-128-64-1, one vector', () => {
  bench('own evaluation: predict', () => {
    inference.predict(nextVector())
  })

  bench('own evaluation: predict and attribute to 64 features', () => {
    inference.toPrediction(nextVector())
  })

  bench('TensorFlow.js wasm', () => {
    tf.tidy(() => {
      let x: Tensor = tf.tensor2d(nextVector(), [1, INPUTS])
      for (const { weights: b, biases: bias, activation } of layers)
        x = tf.fused.matMul({ a: x, b, bias, activation })
      tf.sigmoid(x).dataSync()
    })
  })
})
