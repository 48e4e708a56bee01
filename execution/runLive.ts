import { observedInstruments } from '../agents/index.ts'
import {
  type Cancel,
  type Decision,
  type DecisionStore,
  deliveredEvent,
  deliveryDigest,
  EMPTY_DATA_ROOT,
  extendDataRoot,
  type Hash,
  InvalidInputError,
  type Logged,
  type Order,
  type StoredObservation,
} from '../core/index.ts'
import type { Recorder } from '../decision-log/index.ts'
import type { DecisionBuffer } from './decisionBuffer.ts'
import { isPlacement } from './isPlacement.ts'
import type { Kernel } from './kernel.ts'
import { openRecordedHistory } from './recordedHistory.ts'
import { createRowFeed } from './rowFeed.ts'
import { step } from './step.ts'
import { trackKernel } from './trackKernel.ts'

/** What `runLive` takes. */
export type LiveOptions = {
  /** Fresh: the run starts at the agent's first observation. */
  readonly kernel: Kernel<DecisionBuffer>
  readonly recorder: Recorder
  /** All that the agent observes, in the total order, from the first; ends when the run should. */
  readonly events: AsyncIterable<StoredObservation>
  /** Where the recorder writes, to find what was decided before a restart. */
  readonly history: Pick<DecisionStore, 'list' | 'nextSequence'>
  /** Told of new decisions once they are durable, before they are acted on. */
  readonly onDecisions?: (decisions: readonly Logged<Decision>[]) => void | Promise<void>
  /** Strict mode: resolves when the order (or its cancellation) is on chain; the venue gets it only then. */
  readonly waitForAnchor?: (order: Logged<Decision<Order | Cancel>>) => Promise<void>
  /** Ends the run between two events; give the source of the events the same one. */
  readonly signal?: AbortSignal
}

/** What a live run did. */
export type LiveResult = {
  readonly events: number
  /** Decisions of an earlier run that were made again and found equal. */
  readonly replayed: number
  /** Decisions made and recorded by this run. */
  readonly recorded: number
  readonly dataRoot: Hash
}

/**
 * Runs an agent on stored observations as they come. It always starts at the first one: what an earlier run
 * recorded is made again and compared, byte by byte, and what it did not get to record is recorded now. So
 * a crash at any moment loses and doubles nothing.
 *
 * @throws IntegrityError when a decision made again differs from its record, or a recorded decision is not
 * made again: the agent then does not trade.
 */
export async function runLive(options: LiveOptions): Promise<LiveResult> {
  const { kernel, recorder, events, onDecisions, waitForAnchor, signal } = options
  assertFresh(kernel)
  trackKernel(kernel)
  const history = await openRecordedHistory(options.history, kernel.agent)
  const feed = createRowFeed(observedInstruments(kernel.definition))
  let dataRoot = EMPTY_DATA_ROOT
  let seen = 0

  for await (const observation of events) {
    if (signal?.aborted) break
    const event = deliveredEvent(observation)
    dataRoot = extendDataRoot(dataRoot, deliveryDigest(observation))
    seen++
    const row = feed.append(event)
    step(kernel, feed.columns, row)
    const decisions = takeDecisions(kernel)
    // A crash may have left the first decisions of an event recorded, and the others not.
    const old = decisions.filter(({ sequence }) => sequence < history.length)
    const matched = old.length === 0 ? [] : await history.match(old, dataRoot)
    if (kernel.decisions.length < history.length)
      await history.assertNotPassed(kernel.decisions.length, event)
    if (decisions.length === 0) continue
    const made = decisions.slice(old.length)
    const recorded = made.length === 0 ? [] : await recorder.record(made, dataRoot)
    if (recorded.length > 0) await onDecisions?.(recorded)
    for (const order of [...matched, ...recorded].filter(isPlacement)) {
      await waitForAnchor?.(order)
      kernel.venue.place(order)
    }
  }

  if (!signal?.aborted) await history.assertComplete(kernel.decisions.length)
  const replayed = Math.min(kernel.decisions.length, history.length)
  return { events: seen, replayed, recorded: kernel.decisions.length - replayed, dataRoot }
}

/** Takes what a kernel has decided since it was last asked. */
export function takeDecisions({ decisions, placements }: Kernel<DecisionBuffer>): readonly Decision[] {
  placements.length = 0
  if (decisions.length === decisions.first) return NONE
  const taken = decisions.held()
  decisions.drop()
  return taken
}

const NONE: readonly Decision[] = Object.freeze([])

function assertFresh({ agent, decisions, nowMs }: Kernel): void {
  const nextSequence = decisions.length
  if (nextSequence === 0 && nowMs === Number.NEGATIVE_INFINITY) return
  throw new InvalidInputError(`The kernel of agent ${agent} has already run to decision ${nextSequence}.`, {
    facts: { agent, nextSequence, nowMs },
    hint: 'Create a new kernel for each run: a run starts at the first observation.',
  })
}
