import type { MarketEvent, UnixMs } from '../../core/index.ts'
import type { FeatureContext, FeatureDefinition } from './defineFeature.ts'

/** A feature in one run. */
export type FeatureSlot = {
  readonly feature: FeatureDefinition
  /** That of the feature, or, of one that has none, a function that is never called. */
  readonly updateRow: NonNullable<FeatureDefinition['updateRow']>
  readonly value: FeatureDefinition['value']
  state: unknown
  /** Newest time that an input describes; −∞ before the first. */
  newestMs: number
  /** Maximum age of that time; ∞ for no limit. */
  readonly maxAgeMs: number
}

/** A feature with the state of a fresh run. */
export function startFeature(feature: FeatureDefinition, context: FeatureContext): FeatureSlot {
  return {
    feature,
    updateRow: feature.updateRow ?? (() => {}),
    value: feature.value,
    state: feature.init(context),
    newestMs: Number.NEGATIVE_INFINITY,
    maxAgeMs: feature.maxAgeMs ?? Number.POSITIVE_INFINITY,
  }
}

/** Feeds an event to a feature; `describedMs` is the latest time that it tells about. */
export function feedEvent(
  slot: FeatureSlot,
  event: MarketEvent,
  describedMs: number,
  context: FeatureContext,
): void {
  slot.feature.update(slot.state, event, context)
  if (describedMs > slot.newestMs) slot.newestMs = describedMs
}

/**
 * Writes the value at a time as a binary32; NaN where it is missing, not finite, or past its maximum age. It is written
 * and not returned, since a double that a function returns is allocated.
 */
export function writeValue(slot: FeatureSlot, nowMs: UnixMs, target: Float32Array, index: number): void {
  target[index] = Number.NaN
  if (nowMs - slot.newestMs > slot.maxAgeMs) return
  const value = slot.value(slot.state, nowMs)
  if (value !== null) target[index] = roundedValue(value)
}

/** A value as a vector holds it: a binary32; NaN where it is not finite. */
export function roundedValue(value: number): number {
  // Rounded before it is judged: a finite double may be infinite as a binary32.
  const rounded = Math.fround(value)
  // Adding 0 turns −0 into 0: a record holds one zero.
  return Number.isFinite(rounded) ? rounded + 0 : Number.NaN
}
