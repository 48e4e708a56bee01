import { SECOND_MS, type UnixMs } from '../../../core/index.ts'
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
  init: (): { atMs: UnixMs | null } => ({ atMs: null }),
  update(state, event) {
    const atMs = describedAt(event)
    if (state.atMs === null || atMs > state.atMs) state.atMs = atMs
  },
  value: ({ atMs }, nowMs) => (atMs === null ? null : (nowMs - atMs) / SECOND_MS),
})
