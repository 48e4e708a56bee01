import type { EndpointStatistics } from '../chain-ingest/index.ts'

/** What is told of a source while it is followed, for metrics. */
export type SourceWatch = {
  /** Gives the statistics of a chain's nodes, once it is open. */
  nodes(statistics: () => readonly EndpointStatistics[]): void
  /** A chain's newest block, as its nodes show it. */
  head(block: number): void
  /** A reorg was found and undone in the store. */
  reorg(): void
  /** The source cannot be read for now; told again while it stays so. */
  outage(): void
}
