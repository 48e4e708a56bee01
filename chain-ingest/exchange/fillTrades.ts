import type { Trade } from 'ccxt'
import { unixMs } from '../../core/index.ts'
import type { ExchangeRow } from './exchangeRow.ts'
import type { ExchangeConnection } from './openExchange.ts'
import { type TradeRow, tradeNumber, tradeRow } from './tradeRow.ts'

/** Trades of one question; what exchanges commonly give at most. */
const TRADES_PER_PAGE = 1_000
/** Questions for one hole: a longer one is an outage of hours, whose rest is flagged. */
const MAX_PAGES = 500

/**
 * What lies between the last stored trade and a new one: the trades that the exchange gives when asked
 * again, known now, and a `gap` for each stretch that it does not.
 */
export async function fillTrades(
  connection: ExchangeConnection,
  since: { readonly number: number; readonly validAtMs: number },
  next: Trade,
  earliestMs: number,
): Promise<ExchangeRow[]> {
  const { spec } = connection
  const end = tradeNumber(next, spec)
  const found: TradeRow[] = []
  let reached = since.number
  for (let page = 0; page < MAX_PAGES && reached < end - 1; page++) {
    const sinceMs = found.at(-1)?.validAt ?? since.validAtMs
    const trades = await connection.tradesSince(sinceMs, TRADES_PER_PAGE)
    const fresh = trades
      .map(trade => ({ trade, number: tradeNumber(trade, spec) }))
      .filter(({ number }) => number > reached && number < end)
      .sort((a, b) => a.number - b.number)
    if (fresh.length === 0) break
    for (const { trade, number } of fresh) {
      if (number === reached) continue
      found.push(tradeRow(trade, spec, connection.now(), earliestMs))
      reached = number
    }
  }
  return withGaps(since, found, { number: end, validAtMs: next.timestamp ?? since.validAtMs }, earliestMs)
}

type Edge = { readonly number: number; readonly validAtMs: number }

function withGaps(since: Edge, found: readonly TradeRow[], end: Edge, earliestMs: number): ExchangeRow[] {
  const rows: ExchangeRow[] = []
  let before = since
  let knownAt = earliestMs
  const close = (after: Edge) => {
    const missing = after.number - before.number - 1
    if (missing <= 0) return
    rows.push({
      kind: 'gap',
      of: 'trade',
      // The number of the first missing trade, which no row has.
      sequence: before.number + 1,
      validAt: unixMs(before.validAtMs),
      knownAt: unixMs(Math.max(knownAt, before.validAtMs)),
      fromMs: unixMs(before.validAtMs),
      toMs: unixMs(Math.max(before.validAtMs, after.validAtMs)),
      missing,
    })
  }
  for (const row of found) {
    close({ number: row.sequence, validAtMs: row.validAt })
    knownAt = Math.max(knownAt, row.knownAt)
    rows.push({ ...row, knownAt: unixMs(knownAt) })
    before = { number: row.sequence, validAtMs: row.validAt }
  }
  close(end)
  return rows
}
