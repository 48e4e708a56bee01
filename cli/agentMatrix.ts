import { join } from 'node:path'
import { type AgentDefinition, observedInstruments } from '../agents/index.ts'
import { deliveredEvent, type MarketEvent, type UnixMs, unixMs } from '../core/index.ts'
import { type CachedMatrix, openFeatureCache, storeFingerprint } from '../feature-store/index.ts'
import { retainedBlocks, storedObservations } from './storedEvents.ts'
import type { Workspace } from './workspace.ts'

/** Folder of a project that feature matrices are kept in; it may be deleted at any time. */
const MATRIX_FOLDER = 'features'

/**
 * The feature matrix of an agent over its stored history: a row for each instant that it decides at. It is kept in
 * the project's folder until its features or the history change.
 *
 * @param untilMs Leaves out what was known later.
 */
export async function agentMatrix(
  workspace: Workspace,
  definition: AgentDefinition,
  { untilMs, onProgress }: { readonly untilMs?: UnixMs; readonly onProgress?: (events: number) => void } = {},
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
    events: () => agentEvents(workspace, definition, untilMs),
    ...(untilMs === undefined ? {} : { toMs: unixMs(untilMs + 1) }),
    ...(onProgress === undefined ? {} : { onProgress: ({ events }) => onProgress(events) }),
  })
}

/** What an agent has seen of its stored history, in order. */
export async function* agentEvents(
  { store }: Workspace,
  definition: AgentDefinition,
  untilMs?: UnixMs,
): AsyncGenerator<MarketEvent> {
  const instruments = observedInstruments(definition)
  for await (const observation of storedObservations(store.observations, instruments, untilMs))
    yield deliveredEvent(observation)
}
