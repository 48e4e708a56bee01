import { DAY_MS, WEEK_MS } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { exactCos, exactSin } from '../exactSin.ts'

/** The first Monday after 1970-01-01, a Thursday. */
const MONDAY_MS = 4 * DAY_MS

/** Part of the week that has passed since Monday 00:00 UTC, in [0, 1). */
function weekFraction(nowMs: number): number {
  const passed = (nowMs - MONDAY_MS) % WEEK_MS
  return (passed < 0 ? passed + WEEK_MS : passed) / WEEK_MS
}

/**
 * Hour of the week, first coordinate: sin(2π · time since Monday 00:00 UTC / 1 week). Never null. Unit: 1.
 * Source: the circular coding of time of Fisher, "Statistical Analysis of Circular Data" (1993).
 */
export const hourOfWeekSine: FeatureDefinition = defineFeature({
  name: 'hour_of_week_sin',
  version: 1,
  unit: '1',
  description: 'Sine of the time of the week, a circle that starts on Monday at 00:00 UTC',
  inputs: [],
  init: () => null,
  update: () => {},
  value: (_state, nowMs) => exactSin(weekFraction(nowMs)),
})

/** Hour of the week, second coordinate: cos(2π · time since Monday 00:00 UTC / 1 week); see `hourOfWeekSine`. */
export const hourOfWeekCosine: FeatureDefinition = defineFeature({
  name: 'hour_of_week_cos',
  version: 1,
  unit: '1',
  description: 'Cosine of the time of the week, a circle that starts on Monday at 00:00 UTC',
  inputs: [],
  init: () => null,
  update: () => {},
  value: (_state, nowMs) => exactCos(weekFraction(nowMs)),
})
