import type { BarColumnNames, ContractRequest, ExchangeStream } from '../../chain-ingest/index.ts'
import type { Address, Instrument } from '../../core/index.ts'
import type { Embargo } from '../../decision-log/index.ts'

/** A chain to read: nodes of it, or a recording. */
export type ChainEntry = {
  /** EIP-155 id; every node must be on it. */
  readonly id: number
  /** Nodes, http(s) or ws(s); several are asked in turn when one fails. Write a key as `env('NAME')`. */
  readonly rpc?: string | readonly string[]
  /** Recordings instead of a node (`touchstone record` makes them): paths from the configuration's folder. */
  readonly recording?: string | readonly string[]
  /** Where a recording without times gets them from. */
  readonly anchor?: {
    readonly block: number
    /** RFC 3339, UTC. */
    readonly time: string
    readonly blockTimeMs: number
  }
  /** What is read. Of a contract on a node, kind and address are enough; what is missing is asked of it. */
  readonly contracts: readonly ContractRequest[]
  /** First block; 0 unless given. A contract's first one saves reading the empty past. */
  readonly fromBlock?: number
  /** Last block; the chain is followed unless given. */
  readonly toBlock?: number
  /** Blocks that must follow one before agents see it; 2 unless given. */
  readonly confirmations?: number
  /**
   * Blocks that must follow one before it is final, or `finalized` to ask the node (a rollup's blocks are final once
   * another chain has settled them); 64 unless given. A reorg below it stops ingest.
   */
  readonly finality?: number | 'finalized'
  /** Time from a block to when it counts as known, ms; 0 unless given. */
  readonly finalityDelayMs?: number
  /** Most requests that each node gets in a second; no limit unless given. */
  readonly requestsPerSecond?: number
}

/** A market of an exchange, read through ccxt. */
export type ExchangeEntry = {
  /** The exchange's id in ccxt, for example `binance`. */
  readonly exchange: string
  /** The market's unified symbol in ccxt, for example `PAXG/USDT`. */
  readonly symbol: string
  /** `bars` unless given. */
  readonly streams?: readonly ExchangeStream[]
  /** Length of a bar as ccxt writes it; `1m` unless given. */
  readonly timeframe?: string
  /** Open of the first bar, RFC 3339, UTC. */
  readonly since: string
  /** Another host to ask: a proxy, or a test server. */
  readonly url?: string
  readonly instrument?: InstrumentEntry
}

/** An instrument, or those of its fields that the source does not say. */
export type InstrumentEntry = {
  readonly id?: string
  readonly kind?: Instrument['kind']
  readonly symbol?: string
  readonly decimals?: number
  readonly quote?: string
}

/** The instrument of a file: nothing else says what it is. */
export type FileInstrument = InstrumentEntry & { readonly id: string }

/** A publisher's file; paths are from the configuration's folder. */
export type FileEntry =
  | {
      readonly kind: 'bars'
      readonly file: string
      readonly instrument: FileInstrument
      /** Time from a bar's open to its close; the commonest distance of two rows unless given. */
      readonly periodMs?: number
      /** What the time of a row is; `open` unless given. */
      readonly time?: 'open' | 'close'
      /** What the columns are called, where not as usual. */
      readonly columns?: BarColumnNames
      /** Most bars that may be missing between two others; any number unless given. */
      readonly maxGapBars?: number
    }
  | {
      readonly kind: 'nav'
      readonly file: string
      /** The vault's symbol in the file. */
      readonly symbol: string
      readonly instrument: FileInstrument
    }
  | {
      readonly kind: 'yields'
      readonly files: Readonly<Record<'1M' | '3M' | '1Y' | '2Y' | '10Y', string>>
    }

/** An agent to deploy. */
export type AgentEntry = {
  /** A built-in agent, or the path of a module (TypeScript or JavaScript) that exports `createAgent`. */
  readonly definition: string
  /** What it trades: the symbol of one of the sources' instruments where only one has it, or its id. */
  readonly instrument: string
  /** What it looks at besides, likewise. */
  readonly observes?: readonly string[]
  readonly settings?: Readonly<Record<string, number | string | boolean>>
  /** What goes on chain of its batches: `leaves`, or their `root` alone; as the log says unless given. */
  readonly anchor?: 'leaves' | 'root'
  /** How long its decisions stay sealed; public at once unless given. */
  readonly embargo?: Embargo
}

/** What a project reads, trades and anchors: the default export of `touchstone.config.ts`. */
export type TouchstoneConfig = {
  readonly chains?: Readonly<Record<string, ChainEntry>>
  readonly exchanges?: Readonly<Record<string, ExchangeEntry>>
  readonly files?: Readonly<Record<string, FileEntry>>
  readonly agents?: Readonly<Record<string, AgentEntry>>
  /** Where decisions are anchored; `touchstone run --local` deploys a log of the project's own. */
  readonly log?: LogEntry
}

/** Where decisions are anchored, and how. */
export type LogEntry = {
  /** HTTP addresses of nodes; of several, the first that works is used. Write a key as `env('NAME')`. */
  readonly rpc: string | readonly string[]
  readonly chainId: number
  readonly contract: Address
  /** Block of the contract's deployment; 0 unless given. */
  readonly fromBlock?: number
  /** What goes on chain of a batch: its `leaves` unless given, or their `root` alone. */
  readonly anchor?: 'leaves' | 'root'
  /** `env('NAME')`: key of an account that sends for all agents, whose keys then need no gas. */
  readonly relayer?: string
  /** Time between commits, ms; 2,000 unless given. */
  readonly intervalMs?: number
  /** Blocks that must hold a commit, its own included, before it counts; 1 unless given. */
  readonly confirmations?: number
  /** A transaction is replaced by a better paid one after this time, ms; 60,000 unless given. */
  readonly stuckAfterMs?: number
  /** The most to offer per gas, in gwei; 500 unless given. */
  readonly maxFeeGwei?: number
  /** The RevealLog of the same chain, which agents with an embargo need. */
  readonly reveals?: { readonly contract: Address; readonly fromBlock?: number }
}
