import { observedInstruments } from '../../agents/index.ts'
import { type Decision, type MarketEvent, toError, type UnixMs, ZERO_ADDRESS } from '../../core/index.ts'
import { createKernel, createRowFeed, placeUnsigned, step, takeDecisions } from '../../execution/index.ts'
import type { CheckedAgent } from './checkedAgent.ts'

/** How a run is warmed up, and how far a reorg may go back. */
export type RunSettings = {
  /** Events known up to this time only warm the agent up. */
  readonly activeFromMs: UnixMs
  readonly retainBlocks: number
}

/** What made a run stop: a feature, a strategy or a venue threw. */
export type RunFailure = { readonly index: number; readonly error: Error }

/** What an agent decided, and at which event. */
export type RunTrace = {
  readonly decisions: readonly Decision[]
  /** Index of the event that caused each decision. */
  readonly causes: readonly number[]
  /** Index of the event that halted it; null when none did. */
  readonly haltedAt: number | null
  readonly failure: RunFailure | null
}

/** Runs an agent through the kernel over the first `until` events. An error ends the trace, and is part of it. */
export function traceRun(
  { definition, inference, venue: openVenue }: CheckedAgent,
  events: readonly MarketEvent[],
  { activeFromMs, retainBlocks }: RunSettings,
  until = events.length,
): RunTrace {
  const kernel = createKernel({
    agent: ZERO_ADDRESS,
    definition,
    inference,
    activeFromMs,
    retainBlocks,
    ...(openVenue === undefined ? {} : { venue: openVenue(definition) }),
  })
  const instruments = observedInstruments(definition)
  const feed = createRowFeed(instruments)
  const observed = new Set<string>(instruments)
  const decisions: Decision[] = []
  const causes: number[] = []
  let haltedAt: number | null = null
  const trace = (failure: RunFailure | null): RunTrace => ({ decisions, causes, haltedAt, failure })
  const end = Math.min(until, events.length)
  for (let index = 0; index < end; index++) {
    const event = events[index]
    if (event === undefined || !observed.has(event.instrument)) continue
    try {
      const row = feed.append(event)
      step(kernel, feed.columns, row)
      placeUnsigned(kernel)
      for (const decision of takeDecisions(kernel)) {
        decisions.push(decision)
        causes.push(index)
        if (decision.output.kind === 'halt') haltedAt = index
      }
    } catch (thrown) {
      return trace({ index, error: toError(thrown) })
    }
  }
  return trace(null)
}
