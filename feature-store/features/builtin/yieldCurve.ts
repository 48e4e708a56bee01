import { DAY_MS, type InstrumentId, type YieldCurveValue, type YieldTenor } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { lastOfNewest } from '../usedEvents.ts'

/** Age past which a yield curve counts as missing: the longest run of holidays, with room. */
export const DEFAULT_MAX_CURVE_AGE_MS = 7 * DAY_MS

/** Which curve a feature reads. */
export type CurveChoice = {
  /** Instrument of the curve; any by default, for agents that observe one. */
  readonly curve?: InstrumentId
  readonly maxAgeMs?: number
}

type Curve = { yieldsPpm: YieldCurveValue['yieldsPpm'] | null; atMs: number }

/**
 * Yield-curve slope: yield(long) − yield(short) of the last curve published. Null where that curve lacks a
 * tenor, and when it is older than `maxAgeMs`. Unit: percentage points. Source: Estrella and Hardouvelis,
 * "The Term Structure as a Predictor of Real Economic Activity", Journal of Finance 46 (1991).
 */
export function yieldCurveSlope(
  options: { readonly long: YieldTenor; readonly short: YieldTenor } & CurveChoice,
): FeatureDefinition {
  const { long, short } = options
  return fromCurve(
    {
      name: `yield_slope_${long.toLowerCase()}_${short.toLowerCase()}`,
      unit: 'percentage points',
      description: `Yield at ${long} less yield at ${short}`,
      params: { long, short },
    },
    options,
    yields => {
      const [far, near] = [yields[long], yields[short]]
      return far === null || near === null ? null : (far - near) / PPM_PER_PERCENTAGE_POINT
    },
  )
}

/**
 * Yield level: the yield at one tenor of the last curve published. Null where that curve lacks it, and when
 * the curve is older than `maxAgeMs`. Unit: percent a year. Source: Litterman and Scheinkman, "Common Factors
 * Affecting Bond Returns", Journal of Fixed Income 1 (1991).
 */
export function yieldLevel(options: { readonly tenor: YieldTenor } & CurveChoice): FeatureDefinition {
  const { tenor } = options
  return fromCurve(
    {
      name: `yield_${tenor.toLowerCase()}`,
      unit: 'percent',
      description: `Annual yield at ${tenor}`,
      params: { tenor },
    },
    options,
    yields => {
      const level = yields[tenor]
      return level === null ? null : level / PPM_PER_PERCENTAGE_POINT
    },
  )
}

const PPM_PER_PERCENTAGE_POINT = 10_000

function fromCurve(
  facts: Pick<FeatureDefinition, 'name' | 'unit' | 'description' | 'params'>,
  { curve, maxAgeMs = DEFAULT_MAX_CURVE_AGE_MS }: CurveChoice,
  read: (yields: YieldCurveValue['yieldsPpm']) => number | null,
): FeatureDefinition {
  return defineFeature({
    ...facts,
    version: 1,
    params: { ...facts.params, curve: curve ?? null, maxAgeMs },
    inputs: ['yieldCurve'],
    scope: 'any',
    dependsOn(inputs) {
      const chosen = lastOfNewest(
        inputs.filter(({ instrument }) => curve === undefined || instrument === curve),
      )
      return chosen === null ? [] : [chosen]
    },
    init: (): Curve => ({ yieldsPpm: null, atMs: Number.NEGATIVE_INFINITY }),
    update(state, { instrument, validAt, value }) {
      // A curve of an older day that is published late does not replace a newer day's.
      if ((curve !== undefined && instrument !== curve) || validAt < state.atMs) return
      state.yieldsPpm = value.yieldsPpm
      state.atMs = validAt
    },
    // The age is judged here: only the chosen curve's events renew it.
    value: ({ yieldsPpm, atMs }, nowMs) =>
      yieldsPpm === null || nowMs - atMs > maxAgeMs ? null : read(yieldsPpm),
  })
}
