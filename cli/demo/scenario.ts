import type { UnixMs } from '../../core/index.ts'
import type { AgentConfig, SourceConfig } from '../projectSchema.ts'

/** Where the history of a source ends and its live part begins. */
export type HistoryEnd = { readonly toBlock?: number; readonly untilMs?: UnixMs }

/** A market for the demo: what is read of it, who trades it, and what goes on while they do. */
export type Scenario = {
  /** One sentence for the reader. */
  readonly about: string
  readonly sources: readonly SourceConfig[]
  /** Name of the source whose logs are counted as `ingested.logs`. */
  readonly poolSource: string
  readonly agents: readonly AgentConfig[]
  /** Instruments whose features are built beside the agents' own, by the name they are reported under. */
  readonly tokens: readonly AgentConfig['instrument'][]
  historyEnd(source: string): HistoryEnd
  /**
   * Lets the market go on while the agents run, and resolves at the end of its live part. Null where the
   * sources themselves hold the live part.
   */
  readonly live:
    | ((signal: AbortSignal, onProgress: (done: number, total: number) => void) => Promise<void>)
    | null
  /** Lets the market go on at a walking pace until the signal ends it; null where nothing is left to come. */
  readonly linger: ((signal: AbortSignal) => Promise<void>) | null
}
