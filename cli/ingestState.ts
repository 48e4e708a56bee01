import { type EndpointStatistics, streamOf } from '../chain-ingest/index.ts'
import { chainSource } from '../core/index.ts'
import type { SourceIngest } from '../hono-server/index.ts'
import { isChainConfig } from './chainConnection.ts'
import type { SourceWatch } from './sourceWatch.ts'
import type { Workspace } from './workspace.ts'

/** What is known of the sources of a project: from the store, and from following them in this process. */
export type IngestState = {
  /** Takes in what is told of a source. */
  watch(source: string): Pick<SourceWatch, 'nodes' | 'head'>
  /** How far each chain is. */
  read(): Promise<SourceIngest[]>
}

/** Creates the state of a project's sources; another process may be the one that follows them. */
export function createIngestState(workspace: Workspace): IngestState {
  const heads = new Map<string, number>()
  const nodes = new Map<string, () => readonly EndpointStatistics[]>()
  return {
    watch: source => ({
      nodes: statistics => void nodes.set(source, statistics),
      head: block => void heads.set(source, block),
    }),
    read: () =>
      Promise.all(
        workspace.project.sources.filter(isChainConfig).map(async ({ name, chainId, contracts }) => {
          const stream = streamOf(contracts)
          const cursor = await workspace.store.observations.cursor(chainSource(chainId), stream)
          return {
            source: name,
            lastBlock: cursor?.block ?? null,
            headBlock: heads.get(name) ?? null,
            nodes: (nodes.get(name)?.() ?? []).map(({ endpoint: node, ...counts }) => ({ node, ...counts })),
          }
        }),
      ),
  }
}
