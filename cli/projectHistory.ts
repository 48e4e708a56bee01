import { join } from 'node:path'
import { DEFAULT_FINALITY_BLOCKS } from '../chain-ingest/index.ts'
import { chainSource, type Store } from '../core/index.ts'
import { createTieredObservationStore, type History, openHistory } from '../feature-store/index.ts'
import { isChainConfig } from './chainConnection.ts'
import type { Project } from './projectSchema.ts'

/** Where a project keeps its Parquet files. */
export const historyFolder = (directory: string): string => join(directory, 'history')

/** A project's history; it need not have one yet. */
export const openProjectHistory = (directory: string): History =>
  openHistory({ root: historyFolder(directory) })

/**
 * A store whose observations go on in the project's history. Also where there is none yet: another process may
 * start one while this one reads.
 */
export function withHistory(store: Store, directory: string): Store {
  const history = openProjectHistory(directory)
  return {
    ...store,
    observations: createTieredObservationStore(store.observations, history),
    async close() {
      try {
        await history.close()
      } finally {
        await store.close()
      }
    },
  }
}

/**
 * Last block of a source that is final: all of a feed or a recording, what lies deep enough of a chain.
 *
 * @param finalityBlocks How deep that is; null for what the project says of the chain.
 */
export async function finalBlock(
  { store, project }: { readonly store: Store; readonly project: Project },
  source: string,
  finalityBlocks: number | null,
): Promise<number> {
  const everything = Number.MAX_SAFE_INTEGER
  if (!source.startsWith('eip155:')) return everything
  const configured = project.sources.filter(
    config => isChainConfig(config) && chainSource(config.chainId) === source,
  )
  if (configured.length > 0 && configured.every(({ kind }) => kind === 'recording')) return everything
  const furthest = Math.max(-1, ...(await store.observations.cursors(source)).map(({ block }) => block))
  if (finalityBlocks !== null) return furthest - finalityBlocks
  const finalities = configured.map(config =>
    config.kind === 'rpc' ? config.finality : DEFAULT_FINALITY_BLOCKS,
  )
  // Headers are kept of what is not final: below the first, the node has called everything so.
  const [header] = finalities.includes('finalized') ? await store.observations.headers(source, -1) : []
  const deepest = Math.max(
    0,
    ...(finalities.length === 0 ? [DEFAULT_FINALITY_BLOCKS] : finalities).filter(one => one !== 'finalized'),
  )
  return Math.min(furthest - deepest, header === undefined ? furthest : header.number - 1)
}
