import {
  decodeRawExchangeRow,
  EXCHANGE_STREAM,
  type ExchangeConnection,
  type ExchangeSpec,
  exchangeFeed,
  followExchange,
  ingestBars,
  openExchange,
  readExchangeBars,
} from '../chain-ingest/index.ts'
import {
  positionOf,
  type StoredObservation,
  toStoredObservation,
  type UnixMs,
  unixMs,
} from '../core/index.ts'
import type { ExchangeConfig } from './chainConnection.ts'
import type { FollowSourceOptions, IngestSourceOptions, IngestSummary } from './ingestSource.ts'
import type { Workspace } from './workspace.ts'

const PAGE_SIZE = 5_000

const specOf = ({ exchange, symbol, instrument, timeframe, url }: ExchangeConfig): ExchangeSpec => ({
  exchange,
  symbol,
  instrument,
  timeframe,
  url,
})

async function withExchange<T>(
  config: ExchangeConfig,
  use: (connection: ExchangeConnection) => Promise<T>,
): Promise<T> {
  const connection = await openExchange({ spec: specOf(config) })
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

/** Ingests the closed bars of a market; trades and quotes are given live only. */
export async function ingestExchange(
  { store }: Workspace,
  config: ExchangeConfig,
  { untilMs, signal, onProgress }: IngestSourceOptions,
): Promise<IngestSummary> {
  if (!config.streams.includes('bars')) return summary(config, { rows: 0, observations: 0, gaps: 0 })
  return withExchange(config, async connection => {
    let done = 0
    const { periodMs } = connection
    const total = Math.floor(((untilMs ?? connection.now()) - config.sinceMs) / periodMs)
    const counts = await ingestBars({
      connection,
      store: store.observations,
      sinceMs: config.sinceMs,
      untilMs,
      signal,
      onStored({ added }) {
        done += added
        onProgress?.({ done, total: Math.max(done, total) })
      },
    })
    return summary(config, counts)
  })
}

function summary(
  { name }: ExchangeConfig,
  {
    rows,
    observations,
    gaps,
  }: { readonly rows: number; readonly observations: number; readonly gaps: number },
): IngestSummary {
  return {
    source: name,
    rows,
    observations,
    byType: { ...(rows > gaps ? { bar: rows - gaps } : {}), ...(gaps > 0 ? { gap: gaps } : {}) },
    unrecognised: 0,
  }
}

/** Follows the streams of a market. It is complete up to where each of them is. */
export async function followExchangeSource(
  workspace: Workspace,
  config: ExchangeConfig,
  { once, signal, onStored, onWarning, watch }: FollowSourceOptions,
): Promise<IngestSummary> {
  if (once) {
    const read = await ingestExchange(workspace, config, { signal })
    onStored({ added: read.observations, completeUntil: null })
    return read
  }
  return withExchange(config, async connection => {
    const reached = new Map<string, UnixMs>(config.streams.map(stream => [stream, unixMs(0)]))
    const failed = new AbortController()
    const stop = AbortSignal.any([signal, failed.signal])
    const following = config.streams.map(stream =>
      followExchange({
        connection,
        store: workspace.store.observations,
        stream,
        sinceMs: config.sinceMs,
        signal: stop,
        onStored({ added, completeUntil }) {
          reached.set(stream, completeUntil)
          const least = Math.min(...reached.values())
          // Another stream may still bring a row of that very time.
          const complete = reached.size === 1 ? least : least - 1
          onStored({ added, completeUntil: complete <= 0 ? null : unixMs(complete) })
        },
        onGap: ({ missing }) =>
          onWarning?.(
            `${config.name}: ${missing} ${stream} are missing, and the exchange no longer gives them`,
          ),
        onOutage(error) {
          watch?.outage()
          onWarning?.(`${config.name}: ${error.message}`)
        },
      }).catch((error: unknown) => {
        failed.abort()
        throw error
      }),
    )
    const settled = await Promise.allSettled(following)
    let [observations, gaps] = [0, 0]
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason
      observations += result.value.observations
      gaps += result.value.gaps
    }
    const byType = gaps > 0 ? { gap: gaps } : {}
    return { source: config.name, rows: observations, observations, byType, unrecognised: 0 }
  })
}

/**
 * Reads a market again: bars from the exchange; trades and quotes, which no exchange gives again, from the rows as
 * they were received, through the code that read them then.
 */
export async function* rereadExchange(
  { store }: Workspace,
  config: ExchangeConfig,
): AsyncGenerator<StoredObservation> {
  const spec = specOf(config)
  for (const stream of config.streams) {
    const source = exchangeFeed(spec, stream)
    const cursor = await store.observations.cursor(source, EXCHANGE_STREAM)
    if (cursor === null) continue
    if (stream === 'bars') {
      yield* await withExchange(config, async connection => {
        const rows: StoredObservation[] = []
        const untilMs = (cursor.block + 1) * connection.periodMs
        for await (const page of readExchangeBars({ connection, sinceMs: config.sinceMs, untilMs }))
          rows.push(...page)
        return rows
      })
      continue
    }
    let after: { readonly block: number; readonly logIndex: number } | undefined
    for (;;) {
      const page = await store.observations.scan({
        source,
        limit: PAGE_SIZE,
        ...(after === undefined ? {} : { after }),
      })
      for (const { raw } of page) yield toStoredObservation(decodeRawExchangeRow(raw, spec, stream), raw)
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE_SIZE) break
      after = positionOf(last.event)
    }
  }
}
