import * as tf from '@tensorflow/tfjs'
import { seededRandom } from '../core/index.ts'
import { createInference } from '../models/index.ts'
import { randomArtifact } from '../models/randomArtifact.fixture.ts'
import { type BenchmarkResult, nanosecondsPerCall } from './benchmark.ts'

const INPUTS = 64
const HIDDEN = [128, 64]

/** Predicting one row with an MLP 64-128-64-1, batch 1: our evaluation beside TensorFlow.js. */
export async function inference(): Promise<BenchmarkResult> {
  const random = seededRandom(7)
  const model = createInference(randomArtifact(random, INPUTS, HIDDEN))
  const row = Float32Array.from({ length: INPUTS }, () => random() - 0.5)
  await tf.setBackend('cpu')
  const layers = [...HIDDEN, 1].map((units, index) =>
    tf.layers.dense({
      units,
      activation: index < HIDDEN.length ? 'relu' : 'sigmoid',
      ...(index === 0 ? { inputShape: [INPUTS] } : {}),
    }),
  )
  const network = tf.sequential({ layers })
  const predict = () =>
    tf.tidy(() => {
      const output = network.predict(tf.tensor2d(row, [1, INPUTS]))
      if (!Array.isArray(output)) output.dataSync()
    })
  return {
    name: 'inference',
    unit: 'us/row',
    ours: nanosecondsPerCall(() => void model.predict(row), 5_000) / 1_000,
    peers: { 'tensorflow.js (cpu)': nanosecondsPerCall(predict, 300) / 1_000 },
    limit: 5,
  }
}
