import { sharePriceE8 } from '../agents/index.ts'
import {
  eventAt,
  IntegrityError,
  type MarketColumns,
  type MarketEvent,
  OTHER_ROW,
  type UnixMs,
} from '../core/index.ts'
import { bookOutcomes } from './bookOutcomes.ts'
import { conclude } from './conclude.ts'
import { firstMarket, halt } from './halt.ts'
import type { Kernel } from './kernel.ts'
import { type Market, priceAtNav, priceMarket, repriceMarket } from './market.ts'
import { estimateEquity } from './moneyEstimate.ts'
import { openDay } from './openDay.ts'

/**
 * Advances an agent and its venue by one row of events: first what the row fills, then what the agent decides.
 * Backtest, live run and audit all go through here. What was decided is in `decisions`; the caller logs it, and
 * gives the venue the `placements`, before the next row. Synchronous, without a clock, network or randomness.
 *
 * @throws IntegrityError when the row is earlier than the one before it.
 */
export function step(kernel: Kernel, columns: MarketColumns, row: number): void {
  const knownAt = columns.knownAt[row] as number
  if (!(knownAt >= kernel.nowMs)) throw outOfOrder(knownAt, kernel.nowMs)
  kernel.nowMs = knownAt
  // The first thing that an event does, so that a fill of the new day counts to the new day.
  if (knownAt >= kernel.dayEndMs) openDay(kernel, knownAt)

  const { venue, runtime } = kernel
  const { contest } = runtime.roster
  // By the last price known when the horizon ended, so before this row's.
  if (contest !== null && knownAt > contest.dueMs) contest.settle(firstMarket(kernel).middleE8)
  const index = marketOf(kernel, columns, row)
  if (kernel.track !== null) kernel.track.onRow(columns, row, index)
  venue.onRow(columns, row, index)
  if (venue.outcomes.length > 0) bookOutcomes(kernel, columns, row)

  const market = index < 0 ? null : (kernel.markets[index] as Market)
  // What happens at few rows is in functions of its own: so those that happen at every row are compiled as one.
  if (columns.kind[row] === OTHER_ROW) {
    takeOther(kernel, market, columns, row)
    return
  }
  kernel.repriced = market !== null
  if (market !== null) {
    priceMarket(market, columns, row)
    estimateEquity(kernel.estimate, kernel.markets)
  }
  if (kernel.halted) return
  if (row >= runtime.takenTo || columns !== kernel.history) runtime.observe(columns, row)
  // The cadence runs through the warm-up too, so that a live decision is a row of the feature matrix.
  const due = kernel.cadence.due(knownAt as UnixMs)
  if (due) runtime.look(knownAt as UnixMs, columns, row)
  if (knownAt > kernel.activeFromMs) decide(kernel, market, columns, row, due, market !== null)
}

/** Takes in a row without a price. */
function takeOther(kernel: Kernel, market: Market | null, columns: MarketColumns, row: number): void {
  const { runtime } = kernel
  const other = market === null ? null : eventAt(columns, row)
  kernel.repriced = market !== null && other !== null && takeNav(kernel, market, other)
  if (kernel.halted) return
  runtime.observe(columns, row)
  if (market !== null && other !== null && takeWithdrawal(kernel, market, other)) kernel.repriced = true
  const due = kernel.cadence.due(kernel.nowMs as UnixMs)
  if (due) runtime.look(kernel.nowMs as UnixMs, columns, row)
  if (kernel.nowMs > kernel.activeFromMs) decide(kernel, market, columns, row, due, false)
}

/** Concludes, where that is due and no limit is breached. */
function decide(
  kernel: Kernel,
  market: Market | null,
  columns: MarketColumns,
  row: number,
  due: boolean,
  isPriced: boolean,
): void {
  if (!kernel.active || kernel.runtime.roster.changes.length > 0) changeModels(kernel, columns, row)
  const { risk } = kernel
  const isHoldingSafe = market === null || !kernel.repriced || risk.isHoldingSafe(market)
  // Of one market alone, the price at hand is the newest.
  const isFresh = (isPriced && kernel.markets.length === 1) || risk.isFresh(kernel)
  if (!(isHoldingSafe && isFresh)) {
    const breach =
      (isHoldingSafe ? null : risk.holdingBreach(market as Market)) ?? risk.stalenessBreach(kernel.nowMs)
    if (breach !== null) {
      halt(kernel, market ?? firstMarket(kernel), columns, row, breach)
      return
    }
  }
  if (due) conclude(kernel, columns, row)
}

/** The traded instrument of a row; -1 for none. */
function marketOf(kernel: Kernel, columns: MarketColumns, row: number): number {
  if (kernel.numbered !== columns.instruments) {
    const traded = kernel.markets.map(({ instrument }) => instrument.id)
    kernel.marketOf = Int16Array.from(columns.instruments, id => traded.indexOf(id))
    kernel.numbered = columns.instruments
  }
  return kernel.marketOf[columns.instrument[row] as number] ?? -1
}

/** Takes in a NAV; true when it changed the price: of what has no market of its own it is the price. */
function takeNav(kernel: Kernel, market: Market, { validAt, value }: MarketEvent): boolean {
  // A late correction of an older NAV says nothing about the present.
  if (value.type !== 'nav' || validAt < market.navMs) return false
  market.navMs = validAt
  market.navE8 = Number(market.issuer === null ? value.navE8 : sharePriceE8(market.issuer, value.navE8))
  if (market.isQuoted) return false
  priceAtNav(market, kernel.nowMs)
  estimateEquity(kernel.estimate, kernel.markets)
  return true
}

/** Takes prices back that were withdrawn; true when there were any. */
function takeWithdrawal(kernel: Kernel, market: Market, { value }: MarketEvent): boolean {
  if (value.type !== 'withdrawal' || !market.isQuoted) return false
  repriceMarket(market, kernel.runtime.lastPriced(market.index))
  estimateEquity(kernel.estimate, kernel.markets)
  return true
}

/** Says which models decide and compete from here on: an agent's first ones, or what came after. */
function changeModels(kernel: Kernel, columns: MarketColumns, row: number): void {
  const { runtime, decisions } = kernel
  const { roster } = runtime
  const changes = kernel.active ? roster.changes : roster.deploy()
  kernel.active = true
  decisions.model = roster.serving
  for (const change of changes) decisions.output(0, columns, row, change, -1)
  roster.changes.length = 0
}

function outOfOrder(knownAt: number, previous: number): IntegrityError {
  return new IntegrityError(`An event known at ${knownAt} came after one known at ${previous}.`, {
    facts: { knownAt, previous },
    hint: 'Give the events in their total order (compareEvents).',
  })
}
