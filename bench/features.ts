import { createCadence, HOUR_MS, type MarketEvent, type MarketValue, unixMs } from '../core/index.ts'
import { builtInFeatures, createFeaturePipeline } from '../feature-store/features/index.ts'
import { randomStream } from '../feature-store/features/randomStream.conformance.ts'
import { GOLD } from '../feature-store/features/sampleEvents.conformance.ts'
import type { BenchmarkResult } from './benchmark.ts'
import { pointInTimeJoin } from './pointInTimeJoin.ts'

const EVENTS = 1_000_000
/** Events that are made at once, outside the time that is taken. */
const EVENTS_PER_PART = 50_000
/** How often an agent asks for all features: at the first event of each hour. */
const EVERY_MS = HOUR_MS

/**
 * Two figures: a point-in-time join of a million labels with five tables of a million rows, beside DuckDB's ASOF
 * join, with equal results; and a million events of all kinds through all built-in features.
 */
export async function features(): Promise<BenchmarkResult[]> {
  // The join goes first: the most memory that the process took until then is the join's own.
  return [await pointInTimeJoin(), throughFeatures()]
}

function throughFeatures(): BenchmarkResult {
  const part = randomStream(1, EVENTS_PER_PART)
  const lengthMs = (part.at(-1)?.knownAt ?? 0) - (part[0]?.knownAt ?? 0) + 1
  const pipeline = createFeaturePipeline(builtInFeatures, GOLD)
  const cadence = createCadence(EVERY_MS)
  const vector = new Float32Array(builtInFeatures.length)
  let elapsedMs = 0
  for (let number = 0; number < EVENTS / EVENTS_PER_PART; number++) {
    const events = part.map((event, index) =>
      later(event, number * lengthMs, number * EVENTS_PER_PART + index),
    )
    const from = performance.now()
    for (const event of events) {
      pipeline.update(event)
      if (cadence.due(event.knownAt)) pipeline.vector(event.knownAt, vector)
    }
    elapsedMs += performance.now() - from
  }
  return {
    name: `features: 1M events through ${builtInFeatures.length} built-in features`,
    unit: 'events/s',
    ours: (EVENTS * 1_000) / elapsedMs,
    peers: {},
    limit: null,
  }
}

/** The same event at another time and place. */
function later(event: MarketEvent, byMs: number, sequence: number): MarketEvent {
  const value: MarketValue =
    event.value.type === 'bar' ? { ...event.value, closeMs: unixMs(event.value.closeMs + byMs) } : event.value
  return {
    ...event,
    validAt: unixMs(event.validAt + byMs),
    knownAt: unixMs(event.knownAt + byMs),
    lineage: { kind: 'feed', feed: 'bench', sequence },
    value,
  }
}
