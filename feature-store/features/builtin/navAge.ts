import { SECOND_MS, type UnixMs } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { newestBy } from '../usedEvents.ts'

/**
 * NAV age: time since the newest published net asset value's `validAt`, the time it describes and not the
 * time of its publication. Null before the first. Unit: seconds. Source: the stale-NAV problem of Zitzewitz,
 * "Who Cares About Shareholders? Arbitrage-Proofing Mutual Funds", Journal of Law, Economics, and
 * Organization 19 (2003).
 */
export const navAge: FeatureDefinition = defineFeature({
  name: 'nav_age',
  version: 1,
  unit: 'seconds',
  description: 'Time since the moment that the newest net asset value describes',
  inputs: ['nav'],
  dependsOn: inputs => newestBy(inputs, ({ validAt }) => validAt),
  init: (): { atMs: UnixMs | null } => ({ atMs: null }),
  update(state, { validAt }) {
    if (state.atMs === null || validAt > state.atMs) state.atMs = validAt
  },
  value: ({ atMs }, nowMs) => (atMs === null ? null : (nowMs - atMs) / SECOND_MS),
})
