import { observedInstruments } from '../../agents/index.ts'
import type { Decision, DecisionKind, DecisionOutput, MarketEvent } from '../../core/index.ts'
import {
  createKernel,
  createRowFeed,
  type DecisionBuffer,
  type Kernel,
  type KernelOptions,
  placeUnsigned,
  step,
  takeDecisions,
  trackKernel,
} from '../index.ts'

/** Runs a kernel and its venue over events, and calls back after each with what it decided; tracked as in a live run. */
export function runKernel(
  options: KernelOptions,
  events: readonly MarketEvent[],
  afterEvent: (
    kernel: Kernel<DecisionBuffer>,
    event: MarketEvent,
    decisions: readonly Decision[],
  ) => void = () => {},
  tracked = false,
): Decision[] {
  const kernel = createKernel(options)
  if (tracked) trackKernel(kernel)
  const feed = createRowFeed(observedInstruments(options.definition))
  const all: Decision[] = []
  for (const event of events) {
    const row = feed.append(event)
    step(kernel, feed.columns, row)
    placeUnsigned(kernel)
    const decisions = takeDecisions(kernel)
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
