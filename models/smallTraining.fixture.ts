import type { FeatureMatrix } from '../feature-store/index.ts'
import type { ModelSpec } from './modelSpec.ts'
import { SYNTHETIC_HORIZON_MS, syntheticMatrix } from './syntheticMatrix.fixture.ts'

/** One learner of each kind, small enough to train in a moment. */
export const SMALL_LEARNERS = {
  linear: { kind: 'linear', epochs: 8, batchSize: 64, learningRate: 0.02 },
  mlp: { kind: 'mlp', hidden: [8], epochs: 8, batchSize: 64, learningRate: 0.02 },
  tcn: {
    kind: 'tcn',
    steps: 4,
    channels: 4,
    levels: 2,
    kernel: 2,
    epochs: 8,
    batchSize: 64,
    learningRate: 0.02,
  },
  trees: { kind: 'trees', rounds: 12, depth: 3, rowShare: 0.8, featureShare: 0.8 },
} as const satisfies Record<string, ModelSpec['learner']>

/** A spec for synthetic matrices: a linear learner and the next row's return, unless told otherwise. */
export function smallSpec(changes: Partial<ModelSpec> = {}): ModelSpec {
  return {
    name: 'gold',
    version: 1,
    label: { kind: 'forward-return', horizonMs: SYNTHETIC_HORIZON_MS },
    learner: SMALL_LEARNERS.linear,
    seed: 7,
    embargoMs: 0,
    ...changes,
  }
}

/** Three features of which the first says most of the time where the price goes next; some values are missing. */
export function smallMatrix({ rows = 400, seed = 1 } = {}): FeatureMatrix {
  return syntheticMatrix({
    rows,
    columns: 3,
    seed,
    missing: 0.02,
    rule: ([first = 0]) => (first > 0.5 ? true : first < -0.5 ? false : null),
  })
}
