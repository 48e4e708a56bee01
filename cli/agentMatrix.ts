import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type AgentDefinition, observedInstruments } from '../agents/index.ts'
import { deliveredEvent, type MarketEvent, type UnixMs, unixMs } from '../core/index.ts'
import { type CachedMatrix, openFeatureCache, storeFingerprint } from '../feature-store/index.ts'
import { retainedBlocks, storedObservations } from './storedEvents.ts'
import type { Workspace } from './workspace.ts'

/** Folder of a project that feature matrices are kept in; it may be deleted at any time. */
const MATRIX_FOLDER = 'features'

export type AgentMatrixOptions = {
  /** Leaves out what was known later. */
  readonly untilMs?: UnixMs
  readonly onProgress?: (events: number) => void
  /** Ends the work, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Events between two turns of the event loop: some milliseconds, so that agents trade on while a matrix is built. */
const EVENTS_PER_TURN = 500

/** Events read at a time, during which the embedded store stops all else. */
const PAGE_SIZE = 1_000

/**
 * The feature matrix of an agent over its stored history: a row for each instant that it decides at. It is kept in
 * the project's folder until its features or the history change.
 */
export async function agentMatrix(
  workspace: Workspace,
  definition: AgentDefinition,
  { untilMs, onProgress, signal }: AgentMatrixOptions = {},
): Promise<CachedMatrix> {
  const { features, instrument, everyMs } = definition
  const store = workspace.store.observations
  const instruments = observedInstruments(definition)
  return openFeatureCache(join(workspace.directory, MATRIX_FOLDER)).matrix({
    features,
    instrument,
    everyMs,
    retainBlocks: retainedBlocks(await store.withdrawals(instruments)),
    fingerprint: await storeFingerprint(store, instruments),
    events: () => agentEvents(workspace, definition, untilMs, signal),
    ...(untilMs === undefined ? {} : { toMs: unixMs(untilMs + 1) }),
    ...(onProgress === undefined ? {} : { onProgress: ({ events }) => onProgress(events) }),
  })
}

/** What an agent has seen of its stored history, in order. */
export async function* agentEvents(
  { store }: Workspace,
  definition: AgentDefinition,
  untilMs?: UnixMs,
  signal?: AbortSignal,
): AsyncGenerator<MarketEvent> {
  const instruments = observedInstruments(definition)
  let events = 0
  for await (const observation of storedObservations(store.observations, instruments, untilMs, PAGE_SIZE)) {
    // The embedded store answers without a turn of the event loop, and a long history would stop all else.
    if (++events % EVENTS_PER_TURN === 0) await nextTurn()
    signal?.throwIfAborted()
    yield deliveredEvent(observation)
  }
}
