import type { Decision, DecisionKind, DecisionOutput, MarketEvent } from '../../core/index.ts'
import { createUnsignedLog } from '../../decision-log/index.ts'
import {
  advance,
  createKernel,
  createPaperVenue,
  isOrder,
  type Kernel,
  type KernelOptions,
} from '../index.ts'

/** Runs a kernel and its paper venue over events, and calls back after each with what it decided. */
export function runKernel(
  options: KernelOptions,
  events: readonly MarketEvent[],
  afterEvent: (kernel: Kernel, event: MarketEvent, decisions: readonly Decision[]) => void = () => {},
): Decision[] {
  const kernel = createKernel(options)
  const venue = createPaperVenue(options.definition)
  const log = createUnsignedLog()
  const all: Decision[] = []
  for (const event of events) {
    const decisions = advance(kernel, venue, event)
    for (const logged of log.record(decisions)) if (isOrder(logged)) venue.place(logged)
    all.push(...decisions)
    afterEvent(kernel, event, decisions)
  }
  return all
}

/** The decisions of one kind, in order. */
export function ofKind<K extends DecisionKind>(decisions: readonly Decision[], kind: K) {
  return decisions.filter((decision): decision is Decision<Extract<DecisionOutput, { kind: K }>> => {
    return decision.output.kind === kind
  })
}
