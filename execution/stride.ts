import { BAR_ROW, DAY_MS, type MarketColumns, type UnixMs } from '../core/index.ts'
import { catchUp } from './catchUp.ts'
import { takeConclusions } from './conclude.ts'
import type { Kernel } from './kernel.ts'
import type { Market } from './market.ts'
import { dayEnd, openDay } from './openDay.ts'
import type { OpeningEquity } from './riskGate.ts'
import type { QuietRows } from './venue.ts'

/** Rows that are looked at together, at first and at most: an order makes a look void, and one often follows another soon. */
const FIRST_LOOK_ROWS = 16
const MOST_LOOK_ROWS = 256

/**
 * Takes rows of a history as `step` does, to the last bit, as long as they are bars of the one instrument that the agent
 * trades and nothing happens at them but what it concludes. What `step` asks at every row is asked here once, or of many
 * rows together. Returns the row that comes next: one that `step` must take, or the one after an order or a halt.
 *
 * @param marks The equity after each row is written here, from `at` on.
 */
export function stride(
  kernel: Kernel,
  columns: MarketColumns,
  from: number,
  end: number,
  marks: Float64Array,
  at: number,
): number {
  const { quiet } = kernel.venue
  if (quiet === undefined || !canStride(kernel, columns)) return from
  const { knownAt } = columns
  let row = from
  let lookRows = FIRST_LOOK_ROWS
  while (row < end) {
    // At the prices before it, so before the agent asks for its own.
    if ((knownAt[row] as number) >= kernel.dayEndMs) openDay(kernel, knownAt[row] as number)
    const lookedTo = markQuiet(
      kernel,
      quiet,
      columns,
      row,
      Math.min(row + lookRows, end),
      marks,
      at + row - from,
    )
    if (lookedTo === row) break
    // As far as the last look reached, and as much again.
    lookRows = Math.min((lookedTo - row) * 2, MOST_LOOK_ROWS)
    row = decideTo(kernel, columns, row, lookedTo)
    pass(kernel, columns, row - 1)
    if (kernel.placements.length > 0 || kernel.halted) break
  }
  return row
}

function canStride(kernel: Kernel, columns: MarketColumns): boolean {
  return (
    columns === kernel.history &&
    columns.instruments === kernel.numbered &&
    kernel.markets.length === 1 &&
    kernel.active &&
    !kernel.halted &&
    // What is settled and valued is asked for at every row.
    kernel.track === null &&
    kernel.venue.outcomes.length === 0 &&
    kernel.runtime.roster.isSettled
  )
}

/** Has the agent conclude where that is due, up to its first order or halt; returns the row after the last. */
function decideTo(kernel: Kernel, columns: MarketColumns, from: number, to: number): number {
  const { runtime, cadence, placements, view } = kernel
  const { knownAt } = columns
  for (let row = from; row < to; row++) {
    const known = knownAt[row] as UnixMs
    if (row >= runtime.takenTo) runtime.observe(columns, row)
    if (!cadence.due(known)) continue
    kernel.strideRow = row
    takeConclusions(kernel, runtime.concludeAt(view, columns, row), columns, row)
    if (placements.length > 0 || kernel.halted) return row + 1
  }
  return to
}

/**
 * The first row from one on, before `end`, that is no bar of the market, is out of order, is of a price at which a limit
 * must be looked at, or at which something may happen at the venue; else `end`. Writes what the account is worth after
 * each row before it, if nothing happens: neither cash nor position changes.
 */
function markQuiet(
  kernel: Kernel,
  quiet: QuietRows,
  columns: MarketColumns,
  row: number,
  end: number,
  marks: Float64Array,
  at: number,
): number {
  // First the venue, where an order may wait for the very next row.
  const atVenue = quiet.to(columns, row, end, 0)
  if (atVenue === row) return row
  const { runtime, marketOf, risk, markets, estimate } = kernel
  const market = markets[0] as Market
  const { units } = market
  const { cashE8 } = estimate
  const shift = at - row
  const { knownAt, kind, instrument, bidCloseE8, askCloseE8 } = columns
  let { dayEndMs, nowMs: before } = kernel
  let { lowE8, highE8 } = risk.safePrices(market, risk.opening)
  // Of bars that were read ahead the last is known last.
  const isInOrder = atVenue <= runtime.barsTo
  if (isInOrder && (knownAt[atVenue - 1] as number) < dayEndMs) {
    for (let to = row; to < atVenue; to++) {
      const middle = middleAt(bidCloseE8, askCloseE8, to)
      if (!(middle > lowE8 && middle < highE8)) return to
      marks[to + shift] = cashE8 + valueAt(units, middle)
    }
    return atVenue
  }
  opening.equityE8 = estimate.equityE8
  for (let to = row; to < atVenue; to++) {
    const known = knownAt[to] as number
    if (!(known >= before)) return to
    before = known
    if (known >= dayEndMs) {
      dayEndMs = dayEnd(known)
      const bounds = risk.safePrices(market, opening)
      lowE8 = bounds.lowE8
      highE8 = bounds.highE8
    }
    if (!isInOrder && (kind[to] !== BAR_ROW || marketOf[instrument[to] as number] !== 0)) return to
    const middle = middleAt(bidCloseE8, askCloseE8, to)
    if (!(middle > lowE8 && middle < highE8)) return to
    const equityE8 = cashE8 + valueAt(units, middle)
    opening.equityE8 = equityE8
    marks[to + shift] = equityE8
  }
  return atVenue
}

/** What the next day would open at, while rows are looked at. */
const opening: OpeningEquity = { equityE8: -0 }

const middleAt = (bidE8: Float64Array, askE8: Float64Array, row: number): number =>
  (bidE8[row] as number) + Math.floor(((askE8[row] as number) - (bidE8[row] as number)) / 2)

const valueAt = (units: number, middleE8: number): number => (units === 0 ? 0 : units * middleE8)

/** Leaves the day, prices, estimates and venue as `step` leaves them after the last of some rows. */
function pass(kernel: Kernel, { knownAt }: MarketColumns, last: number): void {
  if ((knownAt[last] as number) >= kernel.dayEndMs) {
    // Days that begin and end between are of no use any more.
    const dayMs = dayEnd(knownAt[last] as number) - DAY_MS
    let first = last
    while ((knownAt[first - 1] as number) >= dayMs) first--
    catchUpTo(kernel, first - 1)
    openDay(kernel, knownAt[first] as number)
  }
  catchUpTo(kernel, last)
}

function catchUpTo(kernel: Kernel, row: number): void {
  kernel.strideRow = row
  catchUp(kernel)
}
