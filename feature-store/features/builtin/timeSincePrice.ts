import { SECOND_MS } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { describedAt } from '../describedAt.ts'
import { newestDescribed } from '../usedEvents.ts'

/**
 * Time since the last price: now − the time that the newest swap or bar close describes. On a chain it holds
 * the finality delay. Null before the first. Unit: seconds. Source: the duration of Engle and Russell,
 * "Autoregressive Conditional Duration", Econometrica 66 (1998), censored at now.
 */
export const timeSincePrice: FeatureDefinition = defineFeature({
  name: 'time_since_price',
  version: 1,
  unit: 'seconds',
  description: 'Time since the last price of the instrument',
  inputs: ['swap', 'bar'],
  dependsOn: newestDescribed,
  init: () => ({ atMs: Number.NEGATIVE_INFINITY }),
  update(state, event) {
    state.atMs = Math.max(state.atMs, describedAt(event))
  },
  updateRow(state, columns, row) {
    state.atMs = Math.max(state.atMs, columns.closeMs[row] ?? Number.NEGATIVE_INFINITY)
  },
  value: ({ atMs }, nowMs) => (atMs === Number.NEGATIVE_INFINITY ? null : (nowMs - atMs) / SECOND_MS),
})
