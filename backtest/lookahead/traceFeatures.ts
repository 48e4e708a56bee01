import { type AgentDefinition, observedInstruments } from '../../agents/index.ts'
import { createCadence, type MarketEvent, toError } from '../../core/index.ts'
import { createFeaturePipeline, type FeatureDefinition } from '../../feature-store/index.ts'
import type { RunFailure, RunSettings } from './traceRun.ts'

/** Feature vectors at an agent's decision instants, whatever its model and strategy make of them. */
export type FeatureTraces = {
  readonly names: readonly string[]
  /** Index of the event of each instant. */
  readonly instants: readonly number[]
  /** One vector after the other; NaN where a value is missing. */
  readonly vectors: Float32Array
  readonly failure: RunFailure | null
}

/**
 * Runs features alone over the first `until` events. Unlike an agent they do not halt, so that they are seen at
 * every instant after the warm-up.
 */
export function traceFeatures(
  definition: AgentDefinition,
  features: readonly FeatureDefinition[],
  events: readonly MarketEvent[],
  { activeFromMs, retainBlocks }: RunSettings,
  until = events.length,
): FeatureTraces {
  const { instrument, everyMs } = definition
  const pipeline = createFeaturePipeline(features, instrument, { retainBlocks })
  const cadence = createCadence(everyMs)
  const observed = new Set<string>(observedInstruments(definition))
  const width = features.length
  const instants: number[] = []
  let vectors = new Float32Array(width * 256)
  let failure: RunFailure | null = null
  const end = Math.min(until, events.length)
  for (let index = 0; index < end && failure === null; index++) {
    const event = events[index]
    if (event === undefined || !observed.has(event.instrument)) continue
    try {
      pipeline.update(event)
      // As in the kernel, the cadence runs through the warm-up too.
      if (!cadence.due(event.knownAt) || event.knownAt <= activeFromMs) continue
      const start = instants.length * width
      if (start + width > vectors.length) vectors = grown(vectors)
      pipeline.vector(event.knownAt, vectors.subarray(start, start + width))
      instants.push(index)
    } catch (thrown) {
      failure = { index, error: toError(thrown) }
    }
  }
  return { names: pipeline.names, instants, vectors: vectors.slice(0, instants.length * width), failure }
}

function grown(vectors: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(vectors.length * 2)
  larger.set(vectors)
  return larger
}
