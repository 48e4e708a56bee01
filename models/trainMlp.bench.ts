import { bench, describe } from 'vitest'
import { gaussian, seededRandom } from '../core/index.ts'
import { loadTensorflow } from './loadTensorflow.ts'
import { checkModelSpec } from './modelSpec.ts'
import { trainMlp } from './trainMlp.ts'

const ROWS = 16_384
const { tf } = await loadTensorflow()
const random = seededRandom(1)

/** One epoch over 16,384 rows. */
function epochOf(columns: number, hidden: readonly number[], batchSize: number) {
  const training = {
    inputs: Float32Array.from({ length: ROWS * columns }, () => gaussian(random)),
    up: Uint8Array.from({ length: ROWS }, () => (random() < 0.5 ? 1 : 0)),
  }
  const spec = checkModelSpec({
    name: 'bench',
    version: 1,
    labelHorizonMs: 1,
    hidden,
    epochs: 1,
    batchSize,
    learningRate: 0.001,
    l2: 0.000_1,
    seed: 1,
    validationShare: 0,
    embargoMs: 0,
  })
  return async () => {
    await trainMlp({ tf, training, validation: null, columns, spec })
  }
}

describe(`training, one epoch of ${ROWS} rows`, () => {
  bench('MLP 64-128-64-1, batch 1,024', epochOf(64, [128, 64], 1_024))
  bench('MLP 16-32-16-1, batch 256', epochOf(16, [32, 16], 256))
})
