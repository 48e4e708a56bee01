import { z } from 'zod'
import { DEFAULT_FINALITY_BLOCKS } from '../chain-ingest/index.ts'
import { type Address, type InstrumentId, instrumentId, toError, type UnixMs, unixMs } from '../core/index.ts'

const address = z.custom<Address>(value => typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value), {
  error: 'expected an address of 40 lower-case hexadecimal digits',
})
const id = z.string().transform((text, context): InstrumentId => {
  try {
    return instrumentId(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: toError(error).message })
    return z.NEVER
  }
})
const time = z
  .number()
  .int()
  .nonnegative()
  .transform((value): UnixMs => unixMs(value))
const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens')

const instrument = z.strictObject({
  id,
  kind: z.enum(['spot', 'navToken', 'vaultShare', 'index']),
  symbol: z.string().min(1),
  decimals: z.number().int().min(0).max(36),
  quote: z.string().min(1),
})

const contract = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pool'),
    address,
    base: instrument,
    baseIsToken0: z.boolean(),
    token0Decimals: z.number().int().min(0).max(36),
    token1Decimals: z.number().int().min(0).max(36),
  }),
  z.strictObject({ kind: z.enum(['erc20', 'permissionedToken', 'distributor']), address, instrument }),
  z.strictObject({
    kind: z.literal('events'),
    address,
    instrument,
    events: z.array(z.string()).min(1).readonly(),
  }),
  z.strictObject({
    kind: z.literal('vault'),
    address,
    instrument,
    assetDecimals: z.number().int().min(0).max(36),
  }),
  z.strictObject({
    kind: z.literal('asyncVault'),
    address,
    instrument,
    assetDecimals: z.number().int().min(0).max(36),
    pollBlocks: z.number().int().positive().nullable(),
  }),
  z.strictObject({
    kind: z.literal('accountant'),
    address,
    instrument,
    rateDecimals: z.number().int().min(0).max(36),
  }),
  z.strictObject({
    kind: z.literal('oracle'),
    address,
    instrument,
    decimals: z.number().int().min(0).max(36),
  }),
])

/** The contracts of a source, as a file of `touchstone ingest --contracts` holds them. */
export const contractsSchema = z.array(contract).min(1)

const chainFields = {
  name,
  chainId: z.number().int().positive(),
  contracts: contractsSchema,
  fromBlock: z.number().int().nonnegative(),
  /** Last block to read; null follows the chain. */
  toBlock: z.number().int().nonnegative().nullable(),
  finalityDelayMs: z.number().int().nonnegative(),
}

const feedFields = {
  name,
  /** Source name that the rows carry in their lineage, for example `oanda:XAUUSD`. */
  feed: z.string().min(1),
  instrument,
}

/** What the columns of a file of bars are called, where not as usual. */
export const barColumnsSchema = z.strictObject({
  time: z.string().min(1).optional(),
  open: z.string().min(1).optional(),
  high: z.string().min(1).optional(),
  low: z.string().min(1).optional(),
  close: z.string().min(1).optional(),
  volume: z.string().min(1).optional(),
})

const source = z.discriminatedUnion('kind', [
  /** A chain's nodes; the url `local` is the project's own chain. */
  z.strictObject({
    kind: z.literal('rpc'),
    /** Several are asked in turn. `${NAME}` stands for an environment variable. */
    url: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).readonly()]),
    /** Most requests that each node gets in a second; null for no limit. */
    requestsPerSecond: z.number().positive().nullable().default(null),
    /** Blocks that must follow one before it is final, or the node's own word for it. */
    finality: z
      .union([z.number().int().nonnegative(), z.literal('finalized')])
      .default(DEFAULT_FINALITY_BLOCKS),
    /** Blocks that must follow one before agents see it; a deeper reorg stops them. */
    confirmations: z.number().int().nonnegative(),
    ...chainFields,
  }),
  z.strictObject({
    kind: z.literal('recording'),
    files: z.array(z.string()).min(1),
    anchor: z
      .strictObject({ blockNumber: z.number().int(), timeMs: time, blockTimeMs: z.number().positive() })
      .nullable(),
    ...chainFields,
  }),
  z.strictObject({
    kind: z.literal('bars'),
    file: z.string(),
    ...feedFields,
    /** How long a bar is; inferred unless given. */
    periodMs: z.number().int().positive().optional(),
    /** What a row's time is; the bar's open unless given. */
    time: z.enum(['open', 'close']).optional(),
    columns: barColumnsSchema.optional(),
    /** Most bars that may be missing between two others; any number unless given. */
    maxGapBars: z.number().int().nonnegative().optional(),
  }),
  z.strictObject({
    kind: z.literal('yields'),
    files: z.record(z.enum(['1M', '3M', '1Y', '2Y', '10Y']), z.string()),
    ...feedFields,
  }),
  z.strictObject({ kind: z.literal('nav'), file: z.string(), symbol: z.string(), ...feedFields }),
  /** A market of an exchange, through ccxt. */
  z.strictObject({
    kind: z.literal('exchange'),
    name,
    exchange: z.string().min(1),
    symbol: z.string().min(1),
    streams: z
      .array(z.enum(['bars', 'trades', 'quotes']))
      .min(1)
      .readonly(),
    timeframe: z.string().min(1),
    /** Open of the first bar. */
    sinceMs: time,
    /** Another host to ask; null for the exchange's own. */
    url: z.string().nullable(),
    instrument,
  }),
])

/** What goes on chain of a batch; the log's own setting where an agent has none. */
const anchorForm = z.enum(['leaves', 'root'])

/** How decisions get on chain, as project and configuration write it; what is left out has a default. */
export const anchoring = {
  anchor: anchorForm.optional(),
  /** Key of the account that sends for all agents, as `${NAME}` of an environment variable; agents send otherwise. */
  relayer: z
    .string()
    .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, "a key is not written down: name its variable, as env('NAME')")
    .optional(),
  /** Time between commits, ms. */
  intervalMs: z.number().int().positive().optional(),
  /** Blocks that must hold a commit, its own included. */
  confirmations: z.number().int().positive().max(10_000).optional(),
  /** A transaction is replaced by a better paid one after this time, ms. */
  stuckAfterMs: z.number().int().positive().optional(),
  /** The most to offer per gas, in gwei. */
  maxFeeGwei: z.number().int().positive().optional(),
}

/** How long an agent keeps its decisions to itself. */
export const embargoSchema = z.strictObject({
  delayMs: z.number().int().nonnegative(),
  periodMs: z.number().int().positive(),
})

const agent = z.strictObject({
  /** Name of this deployment; unique in the project. */
  name,
  /** A built-in agent, or the path of a module that exports `createAgent`. */
  definition: z.string().min(1),
  instrument,
  observes: z.array(id),
  /** Overrides of the definition's own settings. */
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  /** What goes on chain of its batches; as the log says unless given. */
  anchor: anchorForm.optional(),
  /** How long its decisions stay sealed; they are public at once where it is left out. */
  embargo: embargoSchema.optional(),
})

/** The content of `project.json`. */
export const projectSchema = z.strictObject({
  version: z.literal(1),
  /** True for a project that `touchstone demo` made, and may therefore replace. */
  demo: z.boolean(),
  /** The `touchstone.config.ts` that this was made from, and its content's digest; null where there is none. */
  config: z.strictObject({ file: z.string(), digest: z.string() }).nullable().default(null),
  /** Where decisions are anchored: `local` is a chain of the project's own, under its folder. */
  log: z
    .strictObject({
      /** Nodes; of several, the first that works is used. `${NAME}` stands for an environment variable. */
      url: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).readonly()]),
      chainId: z.number().int().positive(),
      contract: address,
      fromBlock: z.number().int(),
      ...anchoring,
      /** Where the keys of sealed decisions are posted, on the same chain; needed by agents with an embargo. */
      reveals: z.strictObject({ contract: address, fromBlock: z.number().int() }).optional(),
    })
    .nullable(),
  sources: z.array(source),
  agents: z.array(agent),
})

/** What a project reads, trades and anchors: the content of `project.json`. */
export type Project = z.infer<typeof projectSchema>
export type SourceConfig = Project['sources'][number]
export type AgentConfig = Project['agents'][number]
export type LogConfig = NonNullable<Project['log']>
