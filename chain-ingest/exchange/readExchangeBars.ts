import { type StoredObservation, UnavailableError, unixMs } from '../../core/index.ts'
import { type ExchangeRow, exchangeObservation } from './exchangeRow.ts'
import type { ExchangeConnection } from './openExchange.ts'

/** Bars of one question; what exchanges commonly give at most. */
export const BARS_PER_PAGE = 1_000
/** How often a stretch that lacks bars is asked for again before it counts as a gap. */
const GAP_QUESTIONS = 2

export type ReadExchangeBarsOptions = {
  readonly connection: Pick<ExchangeConnection, 'spec' | 'periodMs' | 'bars' | 'now'>
  /** Open of the first bar wanted, or any time after the one before it opened. */
  readonly sinceMs: number
  /** No bar that closes later is read; the bar that is still open never is. */
  readonly untilMs?: number
  readonly signal?: AbortSignal | undefined
}

type Bar = Extract<ExchangeRow, { kind: 'bar' }>

/**
 * Reads closed bars page by page, each once and in order, however the pages overlap. Bars that the exchange
 * leaves out between two others are asked for again; those it still leaves out become one `gap`.
 *
 * @throws UnavailableError when the exchange does not answer, or answers other bars than it was asked for.
 */
export async function* readExchangeBars(
  options: ReadExchangeBarsOptions,
): AsyncGenerator<StoredObservation[]> {
  const { connection, signal, untilMs = Number.POSITIVE_INFINITY } = options
  const { spec, periodMs } = connection
  let sinceMs = Math.ceil(options.sinceMs / periodMs) * periodMs
  let last: Bar | null = null
  for (;;) {
    signal?.throwIfAborted()
    const closedBy = Math.min(untilMs, connection.now())
    if (sinceMs + periodMs > closedBy) return
    const page = await readPage(connection, sinceMs, closedBy)
    const rows: ExchangeRow[] = []
    for (const bar of page) {
      for (const missing of await between(connection, last, bar)) rows.push(missing)
      rows.push(bar)
      last = bar
    }
    if (rows.length === 0) return
    yield rows.map(row => exchangeObservation(row, spec, 'bars'))
    const next = (rows.at(-1)?.validAt ?? sinceMs) + periodMs
    if (next <= sinceMs) throw unordered(spec.exchange, sinceMs)
    sinceMs = next
  }
}

/** Bars of one answer that begin at or after a time and are closed, ascending, each once. */
async function readPage(
  connection: ReadExchangeBarsOptions['connection'],
  sinceMs: number,
  closedBy: number,
): Promise<Bar[]> {
  const { periodMs } = connection
  const byOpen = new Map<number, Bar>()
  for (const [openMs, open, high, low, close, volume] of await connection.bars(sinceMs, BARS_PER_PAGE)) {
    if (openMs === undefined || openMs < sinceMs || openMs + periodMs > closedBy) continue
    byOpen.set(openMs, {
      kind: 'bar',
      sequence: Math.floor(openMs / periodMs),
      validAt: unixMs(openMs),
      knownAt: unixMs(openMs + periodMs),
      periodMs,
      prices: [String(open), String(high), String(low), String(close)],
      volume: volume === undefined ? null : String(volume),
    })
  }
  return [...byOpen.values()].sort((a, b) => a.validAt - b.validAt)
}

/** What lies between two bars: those that a further question brings, and gaps for the rest. */
async function between(
  connection: ReadExchangeBarsOptions['connection'],
  before: Bar | null,
  after: Bar,
): Promise<ExchangeRow[]> {
  if (before === null || after.sequence === before.sequence + 1) return []
  let found: Bar[] = []
  for (let question = 0; question < GAP_QUESTIONS && !isWhole(before, found, after); question++)
    found = await readPage(connection, before.validAt + before.periodMs, after.validAt)
  const rows: ExchangeRow[] = []
  let previous = before
  for (const bar of [...found, after]) {
    if (bar.sequence > previous.sequence + 1) rows.push(gapBetween(previous, bar))
    if (bar !== after) rows.push(bar)
    previous = bar
  }
  return rows
}

const isWhole = (before: Bar, found: readonly Bar[], after: Bar): boolean =>
  found.length === after.sequence - before.sequence - 1

// A gap takes the number of the first bar that is missing, and is known once the bar after it is.
function gapBetween(before: Bar, after: Bar): ExchangeRow {
  return {
    kind: 'gap',
    of: 'bar',
    sequence: before.sequence + 1,
    validAt: unixMs(before.validAt + before.periodMs),
    knownAt: after.knownAt,
    fromMs: unixMs(before.validAt + before.periodMs),
    toMs: after.validAt,
    missing: after.sequence - before.sequence - 1,
  }
}

function unordered(exchange: string, sinceMs: number): UnavailableError {
  return new UnavailableError(`${exchange} answered bars from ${sinceMs} on with none that follows.`, {
    facts: { exchange, sinceMs },
    hint: 'Ask again later; if it stays so, the exchange does not page its bars by time.',
  })
}
