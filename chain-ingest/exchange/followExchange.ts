import { setTimeout as delay } from 'node:timers/promises'
import {
  type ObservationStore,
  type StoredObservation,
  UnavailableError,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { type ExchangeRow, exchangeObservation } from './exchangeRow.ts'
import { type ExchangeStream, exchangeFeed } from './exchangeSpec.ts'
import { fillTrades } from './fillTrades.ts'
import { EXCHANGE_STREAM, ingestBars } from './ingestBars.ts'
import type { ExchangeConnection, PushedMessage } from './openExchange.ts'
import { quoteRow, tradeNumber, tradeRow } from './tradeRow.ts'

/** How long pushed rows gather before they are stored in one write: below what a person notices. */
export const DEFAULT_FLUSH_MS = 20
/** How long an exchange may be gone before following it ends. */
export const DEFAULT_EXCHANGE_OUTAGE_MS = 5 * 60_000
/** A closed bar is asked for so long after its close: exchanges publish it within a second. */
const BAR_DELAY_MS = 1_000
const FIRST_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 15_000

export type FollowExchangeOptions = {
  readonly connection: ExchangeConnection
  readonly store: ObservationStore
  readonly stream: ExchangeStream
  /** First bar of a stream of bars that has not begun yet. */
  readonly sinceMs: number
  readonly signal: AbortSignal
  readonly flushMs?: number
  readonly maxOutageMs?: number
  /** Told after each write, and now and then without one: everything known up to the time is stored. */
  readonly onStored?: (stored: { readonly added: number; readonly completeUntil: UnixMs }) => void
  /** A stretch that the exchange would not give again was flagged. */
  readonly onGap?: (gap: { readonly missing: number; readonly fromMs: number; readonly toMs: number }) => void
  readonly onOutage?: (error: UnavailableError, failures: number) => void
}

/** What was read while following. */
export type ExchangeCounts = {
  /** Rows stored that were new, gaps included. */
  readonly observations: number
  readonly gaps: number
  /** Messages that repeated what was there. */
  readonly duplicates: number
}

/**
 * Follows one stream of a market into a store until the signal ends it: trades and quotes as they are pushed,
 * bars as they close. After a broken connection, missing trades are asked for; what the exchange no longer
 * gives is flagged by a `gap`. Quotes replace each other, so a missed one is not missing.
 *
 * A row is known when it arrived, by this machine's clock corrected to the exchange's, and never before a row
 * that was stored before it: so rows may be read up to what `onStored` says, and none comes before it later.
 *
 * @throws UnavailableError when the exchange is gone for longer than `maxOutageMs`.
 */
export async function followExchange(options: FollowExchangeOptions): Promise<ExchangeCounts> {
  const { signal, maxOutageMs = DEFAULT_EXCHANGE_OUTAGE_MS, onOutage } = options
  const counts = { observations: 0, gaps: 0, duplicates: 0 }
  const attempt = options.stream === 'bars' ? followBars : await pushedFollower(options, counts)
  let failures = 0
  let failingSince = 0
  while (!signal.aborted) {
    try {
      await attempt(options, counts, () => {
        failures = 0
      })
    } catch (error) {
      if (signal.aborted) break
      if (!(error instanceof UnavailableError)) throw error
      if (failures === 0) failingSince = performance.now()
      failures++
      if (performance.now() - failingSince > maxOutageMs) throw error
      onOutage?.(error, failures)
      const wait = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 10))
      await delay(wait, undefined, { signal }).catch(() => undefined)
    }
  }
  return counts
}

type Counts = { -readonly [K in keyof ExchangeCounts]: ExchangeCounts[K] }
type Attempt = (options: FollowExchangeOptions, counts: Counts, onSuccess: () => void) => Promise<void>

const followBars: Attempt = async (options, counts, onSuccess) => {
  const { connection, store, sinceMs, signal, onStored } = options
  while (!signal.aborted) {
    const before = connection.now()
    const read = await ingestBars({ connection, store, sinceMs, signal })
    counts.observations += read.observations
    counts.gaps += read.gaps
    onSuccess()
    // The bar that closes next is known at its close: nothing earlier can still come.
    const nextClose = (Math.floor(before / connection.periodMs) + 1) * connection.periodMs
    onStored?.({ added: read.observations, completeUntil: unixMs(nextClose - 1) })
    await delay(Math.max(0, nextClose + BAR_DELAY_MS - connection.now()), undefined, { signal })
  }
}

/** Follows what is pushed; keeps across attempts which row was the last. */
async function pushedFollower(options: FollowExchangeOptions, counts: Counts): Promise<Attempt> {
  const { connection, store, flushMs = DEFAULT_FLUSH_MS, onStored, onGap } = options
  const stream = options.stream as 'trades' | 'quotes'
  const { spec, skew } = connection
  const source = exchangeFeed(spec, stream)
  let last = (await store.cursor(source, EXCHANGE_STREAM))?.block ?? null
  let knownAt: number = await lastKnownAt(store, source, last)
  let lastValidAt = knownAt

  async function storeRows(rows: readonly ExchangeRow[]): Promise<void> {
    const newest = rows.at(-1)
    let added = 0
    if (newest !== undefined) {
      const observations: StoredObservation[] = rows.map(row => exchangeObservation(row, spec, stream))
      const cursor = { source, stream: EXCHANGE_STREAM, block: newest.sequence, blockHash: null }
      added = await store.append({ observations, cursor })
      last = newest.sequence
      lastValidAt = newest.validAt
      counts.observations += added
      for (const row of rows) {
        if (row.kind !== 'gap') continue
        counts.gaps++
        onGap?.({ missing: row.missing ?? 0, fromMs: row.fromMs, toMs: row.toMs })
      }
    }
    onStored?.({ added, completeUntil: unixMs(knownAt) })
  }

  async function tradesOf(messages: readonly PushedMessage[]): Promise<ExchangeRow[]> {
    const rows: ExchangeRow[] = []
    let reached = last
    for (const { receivedMs, trades } of messages)
      for (const trade of trades) {
        const number = tradeNumber(trade, spec)
        if (reached !== null && number <= reached) {
          counts.duplicates++
          continue
        }
        if (trade.timestamp !== undefined) skew.pushed(trade.timestamp, receivedMs)
        if (reached !== null && number > reached + 1) {
          const since = { number: reached, validAtMs: rows.at(-1)?.validAt ?? lastValidAt }
          for (const row of await fillTrades(connection, since, trade, knownAt)) {
            knownAt = Math.max(knownAt, row.knownAt)
            rows.push(row)
          }
        }
        const row = tradeRow(trade, spec, receivedMs + skew.offsetMs(), knownAt)
        knownAt = row.knownAt
        reached = number
        rows.push(row)
      }
    return rows
  }

  function quotesOf(messages: readonly PushedMessage[]): ExchangeRow[] {
    const rows: ExchangeRow[] = []
    for (const { receivedMs, quote } of messages) {
      if (quote === null) continue
      if (quote.timestamp !== undefined) skew.pushed(quote.timestamp, receivedMs)
      const row = quoteRow(quote, (last ?? -1) + 1 + rows.length, receivedMs + skew.offsetMs(), knownAt)
      if (row === null) continue
      knownAt = row.knownAt
      rows.push(row)
    }
    return rows
  }

  return async ({ signal }, _counts, onSuccess) => {
    let waiting: PushedMessage[] = []
    const over = new AbortController()
    const ended = AbortSignal.any([signal, over.signal])
    let failure: unknown = null
    const onMessage = (message: PushedMessage) => {
      waiting.push(message)
      onSuccess()
    }
    // Its failure is thrown below, once what arrived before it is stored.
    const watching = connection.watch(stream, onMessage, ended).catch((error: unknown) => {
      failure = error
      over.abort()
    })
    const flush = async () => {
      const messages = waiting
      waiting = []
      const rows = stream === 'trades' ? await tradesOf(messages) : quotesOf(messages)
      // What arrives after this moment is known later: a silent stream does not hold others back.
      if (rows.length === 0) knownAt = Math.max(knownAt, connection.now())
      await storeRows(rows)
    }
    try {
      while (!ended.aborted) {
        await delay(flushMs, undefined, { signal: ended }).catch(() => undefined)
        await flush()
      }
      if (failure !== null) throw failure
    } finally {
      over.abort()
      await watching
    }
  }
}

async function lastKnownAt(store: ObservationStore, source: string, last: number | null): Promise<number> {
  if (last === null) return 0
  const [row] = await store.scan({ source, after: { block: last - 1, logIndex: 0 }, limit: 1 })
  return row?.event.knownAt ?? 0
}
