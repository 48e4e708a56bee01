import type { ObservationStore } from '../../core/index.ts'
import { exchangeFeed } from './exchangeSpec.ts'
import type { ExchangeConnection } from './openExchange.ts'
import { readExchangeBars } from './readExchangeBars.ts'

/** Names the cursor of an exchange's stream. */
export const EXCHANGE_STREAM = 'exchange'

export type IngestBarsOptions = {
  readonly connection: ExchangeConnection
  readonly store: ObservationStore
  /** Open of the first bar of a stream that has not begun yet. */
  readonly sinceMs: number
  readonly untilMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onStored?: ((stored: { readonly added: number; readonly knownAt: number }) => void) | undefined
}

/** What was ingested in one run. */
export type BarCounts = {
  /** Bars and gaps read. */
  readonly rows: number
  /** Observations that were new to the store. */
  readonly observations: number
  /** Stretches that the exchange left out. */
  readonly gaps: number
}

/** Ingests the closed bars of a market, going on after the last stored one. */
export async function ingestBars(options: IngestBarsOptions): Promise<BarCounts> {
  const { connection, store, untilMs, signal, onStored } = options
  const { spec, periodMs } = connection
  const source = exchangeFeed(spec, 'bars')
  const cursor = await store.cursor(source, EXCHANGE_STREAM)
  // From the last stored bar on: its answer shows whether the one after it follows or something is missing.
  const sinceMs = cursor === null ? options.sinceMs : cursor.block * periodMs
  const counts = { rows: 0, observations: 0, gaps: 0 }
  for await (const page of readExchangeBars({
    connection,
    sinceMs,
    signal,
    ...(untilMs === undefined ? {} : { untilMs }),
  })) {
    const last = page.at(-1)
    if (last === undefined || last.event.lineage.kind !== 'feed') continue
    const fresh = page.filter(
      ({ event }) =>
        cursor === null || (event.lineage.kind === 'feed' && event.lineage.sequence > cursor.block),
    )
    const added = await store.append({
      observations: fresh,
      cursor: { source, stream: EXCHANGE_STREAM, block: last.event.lineage.sequence, blockHash: null },
    })
    counts.rows += fresh.length
    counts.observations += added
    counts.gaps += fresh.filter(({ event }) => event.value.type === 'gap').length
    onStored?.({ added, knownAt: last.event.knownAt })
  }
  return counts
}
