import {
  type BarGaps,
  type ChainSource,
  followChain,
  type IngestCounts,
  type IngestedBatch,
  ingestHistory,
  type Reorg,
  readChainObservations,
  streamOf,
} from '../chain-ingest/index.ts'
import {
  chainSource,
  InvalidInputError,
  type MarketEventType,
  positionOf,
  type StoredObservation,
  type UnixMs,
} from '../core/index.ts'
import { type ChainConfig, isChainConfig, withChainSource } from './chainConnection.ts'
import { followExchangeSource, ingestExchange, rereadExchange } from './exchangeSource.ts'
import { ingestFile, rereadFile } from './fileSource.ts'
import type { SourceConfig } from './projectSchema.ts'
import type { SourceWatch } from './sourceWatch.ts'
import type { Pace } from './terminal.ts'
import type { Workspace } from './workspace.ts'

/** What one run read of a source that earlier runs had not. */
export type IngestSummary = {
  readonly source: string
  /** Logs of a chain or rows of a file, recognised or not. */
  readonly rows: number
  /** Observations that were new to the store. */
  readonly observations: number
  readonly byType: Readonly<Partial<Record<MarketEventType, number>>>
  /** Logs that no contract recognised. */
  readonly unrecognised: number
  /** Of a file of bars that lacks some. */
  readonly gaps?: BarGaps
}

/** How far reading is: blocks of a chain, bars of a market, rows of a file. */
export type IngestProgress = {
  readonly done: number
  /** Null where the end is not known. */
  readonly total: number | null
  /** Of a chain; absent before there is a rate. */
  readonly pace?: Pace
}

export type IngestSourceOptions = {
  /** Last block of a chain to read. */
  readonly toBlock?: number
  /** Last `knownAt` of a file's rows to read. */
  readonly untilMs?: UnixMs
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: IngestProgress) => void
}

export type FollowSourceOptions = {
  /** Reads to the present end and returns, instead of waiting for more. */
  readonly once: boolean
  readonly signal: AbortSignal
  /** Told after each write: rows added, and the time up to which the source is complete now. */
  readonly onStored: (stored: { readonly added: number; readonly completeUntil: UnixMs | null }) => void
  readonly onWarning?: (message: string) => void
  readonly watch?: SourceWatch
}

/** Blocks of a recording that are stored in one write when it is followed: the pace of a live source. */
const FOLLOWED_CHUNK_BLOCKS = 50

/** Ingests the past of a source, going on where the last run stopped. */
export async function ingestSource(
  workspace: Workspace,
  config: SourceConfig,
  options: IngestSourceOptions = {},
): Promise<IngestSummary> {
  if (config.kind === 'exchange') return ingestExchange(workspace, config, options)
  if (!isChainConfig(config)) return ingestFile(workspace, config, options)
  return withChainSource(workspace, config, { follow: false }, async source => {
    const toBlock = options.toBlock ?? config.toBlock ?? undefined
    const counts = await ingestHistory({
      ...chainOptions(workspace, config, source),
      toBlock,
      signal: options.signal,
      onProgress: ({ fromBlock, toBlock: end, block, logsPerSecond, etaMs }) =>
        options.onProgress?.({
          done: block - fromBlock + 1,
          total: end - fromBlock + 1,
          pace: { rate: `${Math.round(logsPerSecond).toLocaleString('en-US')} logs/s`, leftMs: etaMs },
        }),
    })
    await assertEventsOccur(workspace, config, counts)
    return summaryOf(config, counts)
  })
}

/**
 * Follows a source into the store until the signal ends it, or it has no more. What a reorg withdraws, agents
 * see as withdrawn.
 *
 * @throws IntegrityError when a reorg reaches below what counts as final.
 */
export async function followSource(
  workspace: Workspace,
  config: SourceConfig,
  options: FollowSourceOptions,
): Promise<IngestSummary> {
  const { once, signal, onStored, onWarning, watch } = options
  if (config.kind === 'exchange') return followExchangeSource(workspace, config, options)
  if (!isChainConfig(config)) {
    let last: UnixMs | null = null
    let before = 0
    return ingestFile(workspace, config, {
      signal,
      onRow: ({ event }) => {
        last = event.knownAt
      },
      onProgress: ({ done }) => {
        onStored({ added: done - before, completeUntil: last })
        before = done
      },
    })
  }
  const confirmations = config.kind === 'rpc' ? config.confirmations : 0
  // What is stored, but not yet deep enough to be shown; its last observation of each batch.
  const pending: { readonly block: number; readonly knownAt: UnixMs }[] = []
  return withChainSource(workspace, config, { follow: !once }, async source => {
    if ('statistics' in source) watch?.nodes(() => source.statistics())
    const reading = {
      ...chainOptions(workspace, config, source),
      confirmations,
      signal,
      onHead: (block: number) => watch?.head(block),
      onBatch({ observations, added, toBlock }: IngestedBatch) {
        const last = observations.at(-1)?.event
        if (last !== undefined) pending.push({ block: positionOf(last).block, knownAt: last.knownAt })
        let completeUntil: UnixMs | null = null
        while (pending[0] !== undefined && pending[0].block <= toBlock - confirmations) {
          completeUntil = pending[0].knownAt
          pending.shift()
        }
        onStored({ added, completeUntil })
      },
      onReorg({ forkBlock, oldBlock, withdrawn, visibleAt }: Reorg) {
        while ((pending.at(-1)?.block ?? -1) > forkBlock) pending.pop()
        // What replaces it becomes visible at the same time: shown now, it would be shown unconfirmed. So with
        // confirmations the withdrawal waits for the first later observation that is deep enough.
        if (visibleAt !== null && confirmations === 0) onStored({ added: 0, completeUntil: visibleAt })
        watch?.reorg()
        onWarning?.(
          `${config.name}: a reorg replaced the ${oldBlock - forkBlock} blocks after ${forkBlock}; ${withdrawn} observations withdrawn${visibleAt === null ? '' : ', which agents may have seen'}.`,
        )
      },
      onOutage(error: Error) {
        watch?.outage()
        onWarning?.(`${config.name}: ${error.message}`)
      },
    }
    return summaryOf(
      config,
      config.kind === 'recording' || !once
        ? await followChain({ ...reading, chunkBlocks: FOLLOWED_CHUNK_BLOCKS })
        : await ingestHistory({ ...reading, toBlock: config.toBlock ?? undefined }),
    )
  })
}

/** Reads a source again from its first row, as far as the store has it. */
export async function* rereadSource(
  workspace: Workspace,
  config: SourceConfig,
): AsyncGenerator<StoredObservation> {
  const { observations } = workspace.store
  if (config.kind === 'exchange') {
    yield* rereadExchange(workspace, config)
    return
  }
  if (!isChainConfig(config)) {
    yield* rereadFile(workspace, config)
    return
  }
  const cursor = await observations.cursor(chainSource(config.chainId), streamOf(config.contracts))
  if (cursor === null) return
  const batches = await withChainSource(workspace, config, { follow: false }, async source => {
    const read: StoredObservation[] = []
    const { contracts, fromBlock, finalityDelayMs } = config
    for await (const batch of readChainObservations({
      source,
      contracts,
      fromBlock,
      toBlock: cursor.block,
      finalityDelayMs,
    }))
      read.push(...batch.observations)
    return read
  })
  yield* batches
}

/**
 * Refuses a source whose events are named wrongly: a signature with another type is another event, which never
 * occurs, and its logs would be passed over in silence.
 */
async function assertEventsOccur(
  { store }: Workspace,
  { name, contracts }: ChainConfig,
  { unrecognised }: IngestCounts,
): Promise<void> {
  if (unrecognised === 0) return
  for (const [index, spec] of contracts.entries()) {
    if (spec.kind !== 'events' || (await store.observations.count([spec.instrument.id])) > 0) continue
    throw new InvalidInputError(
      `${name}: contracts[${index}].events: none of these events of ${spec.address} occurs, but ${unrecognised.toLocaleString('en-US')} logs were recognised by nothing.`,
      {
        facts: { source: name, address: spec.address, unrecognised },
        hint: 'Compare the types in the signatures with the ABI of the contract: one that differs is another event.',
      },
    )
  }
}

function chainOptions(workspace: Workspace, config: ChainConfig, source: ChainSource) {
  const { contracts, fromBlock, finalityDelayMs } = config
  const finality = config.kind === 'rpc' ? config.finality : undefined
  return { source, contracts, fromBlock, finalityDelayMs, finality, store: workspace.store.observations }
}

function summaryOf({ name }: ChainConfig, counts: IngestCounts): IngestSummary {
  const { logs: rows, observations, byType, unrecognised } = counts
  return { source: name, rows, observations, byType, unrecognised }
}
