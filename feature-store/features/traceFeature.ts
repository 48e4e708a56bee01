import {
  type EventPosition,
  type Hash,
  type Instrument,
  type InstrumentId,
  type MarketEvent,
  positionOf,
  sha256,
  type UnixMs,
} from '../../core/index.ts'
import type { FeatureDefinition } from './defineFeature.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { newestDescribed } from './usedEvents.ts'
import { isWithdrawal, isWithdrawnBy } from './withdrawn.ts'

/** Events of one source that a value depends on: the first, the last, and how many with those between. */
export type TracedRange = {
  readonly source: string
  readonly first: EventPosition
  readonly last: EventPosition
  readonly events: number
}

/** A feature's value, and what it was computed from. */
export type FeatureTrace = {
  readonly feature: string
  readonly version: number
  readonly instrument: InstrumentId
  readonly atMs: UnixMs
  /** As an agent gets it, a binary32; null where the feature has none. */
  readonly value: number | null
  /** The events that the value depends on, in the total order. Fed these alone, the feature has the value. */
  readonly events: readonly MarketEvent[]
  /** The same by source: short where the feature depends on all that ever came. */
  readonly ranges: readonly TracedRange[]
  /** `positionsDigest` of the events: two traces with one digest name the same events. */
  readonly digest: Hash
}

export type TraceOptions = {
  readonly feature: FeatureDefinition
  readonly instrument: Instrument
  /** As agents get them, in the total order; what is known after `atMs` is not looked at. */
  readonly events: Iterable<MarketEvent> | AsyncIterable<MarketEvent>
  readonly atMs: UnixMs
}

/**
 * Traces a feature's value at a time to the observations that it depends on: leaving out every other one gives
 * the same value, but for the rounding of sums. Observations that were withdrawn by then have no part in it.
 *
 * @throws IntegrityError on events out of order.
 */
export async function traceFeature(options: TraceOptions): Promise<FeatureTrace> {
  const { feature, instrument, atMs } = options
  const inputs = await inputsUntil(options)
  const pipeline = createFeaturePipeline([feature], instrument)
  for (const event of inputs) pipeline.update(event)
  const value = pipeline.vector(atMs)[0] ?? Number.NaN
  const events = usedInputs(feature, inputs, atMs)
  return {
    feature: feature.name,
    version: feature.version,
    instrument: instrument.id,
    atMs,
    value: Number.isNaN(value) ? null : value,
    events,
    ranges: rangesOf(events),
    digest: positionsDigest(events),
  }
}

/** SHA-256 over the positions of events, one line each: known at (Unix ms), source, block or row, log index. */
export function positionsDigest(events: readonly MarketEvent[]): Hash {
  return sha256(
    events
      .map(event => {
        const { knownAt, source, block, logIndex } = positionOf(event)
        return `${knownAt} ${source} ${block} ${logIndex}\n`
      })
      .join(''),
  )
}

/** What the feature has taken in by a time, and what of it stands. */
async function inputsUntil({ feature, instrument, events, atMs }: TraceOptions): Promise<MarketEvent[]> {
  let inputs: MarketEvent[] = []
  /** Returns false once the time is past. */
  const take = (event: MarketEvent): boolean => {
    if (event.knownAt > atMs) return false
    if (isWithdrawal(event)) inputs = inputs.filter(each => !isWithdrawnBy(each, event))
    else if (
      feature.inputs.includes(event.value.type) &&
      (feature.scope === 'any' || event.instrument === instrument.id)
    )
      inputs.push(event)
    return true
  }
  if (Symbol.iterator in events) {
    for (const event of events) if (!take(event)) break
  } else {
    for await (const event of events) if (!take(event)) break
  }
  return inputs
}

function usedInputs(
  feature: FeatureDefinition,
  inputs: readonly MarketEvent[],
  atMs: UnixMs,
): readonly MarketEvent[] {
  if (feature.dependsOn === null) return inputs
  const used = new Set(feature.dependsOn(inputs, atMs))
  // Its age is counted from the newest input, which decides whether there is a value at all.
  if (feature.maxAgeMs !== null) for (const event of newestDescribed(inputs, atMs)) used.add(event)
  return inputs.filter(event => used.has(event))
}

function rangesOf(events: readonly MarketEvent[]): TracedRange[] {
  const ranges = new Map<string, TracedRange>()
  for (const event of events) {
    const last = positionOf(event)
    const range = ranges.get(last.source)
    ranges.set(last.source, {
      source: last.source,
      first: range?.first ?? last,
      last,
      events: (range?.events ?? 0) + 1,
    })
  }
  return [...ranges.values()].sort((a, b) => (a.source < b.source ? -1 : 1))
}
