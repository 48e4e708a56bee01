import { gaussian, seededRandom } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import { type NetworkLearner, stepsOf } from '../learner.ts'
import { fitScaler } from '../scaler.ts'

/** Training of a learner but its shape. */
export const DESCENT = { epochs: 3, batchSize: 50, learningRate: 0.01, l2: 0, patience: 100 }

export const mlp = (hidden: readonly number[], descent: Partial<typeof DESCENT> = {}): NetworkLearner => ({
  kind: 'mlp',
  hidden,
  ...DESCENT,
  ...descent,
})
export const tcn = (channels: number, descent: Partial<typeof DESCENT> = {}): NetworkLearner => ({
  kind: 'tcn',
  steps: 10,
  channels,
  levels: 2,
  kernel: 3,
  ...DESCENT,
  ...descent,
})
export const linear: NetworkLearner = { kind: 'linear', ...DESCENT }

export type RandomFitOptions = {
  readonly learner: NetworkLearner
  readonly columns: number
  readonly rows: number
  readonly objective?: Fit['objective']
  readonly seed?: number
  /** Share of the rows, the last ones, to validate on. */
  readonly validationShare?: number
}

/** A fit to random features, some of them missing, with targets of both classes and uneven weights. */
export function randomFit({
  learner,
  columns,
  rows,
  objective = 'direction',
  seed = 1,
  validationShare = 0,
}: RandomFitOptions): Fit<NetworkLearner> {
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: rows * columns }, () =>
    random() < 0.05 ? Number.NaN : gaussian(random) * 3 + 1,
  )
  const targets = Float32Array.from({ length: rows }, (_, row) =>
    objective === 'direction' ? row % 2 : gaussian(random) * 0.02 + 0.003,
  )
  const weights = Float32Array.from({ length: rows }, () => 0.25 + random() * 1.5)
  const usable = Uint32Array.from(
    { length: rows - stepsOf(learner) + 1 },
    (_, place) => place + stepsOf(learner) - 1,
  )
  const cut = Math.round(usable.length * (1 - validationShare))
  const train = usable.slice(0, cut)
  return {
    set: { values, columns, targets, weights },
    train,
    validation: usable.slice(cut),
    scaler: fitScaler(values, columns, train),
    objective,
    learner,
    seed,
  }
}
