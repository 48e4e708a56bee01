import { type AgentConclusion, type OpenOrder, sharePriceE8 } from '../agents/index.ts'
import {
  type Cancel,
  DAY_MS,
  eventAt,
  type Halt,
  IntegrityError,
  type MarketColumns,
  type MarketEvent,
  type Order,
  type OrderTerms,
  OTHER_ROW,
  priceE8,
  type UnixMs,
} from '../core/index.ts'
import type { Kernel } from './kernel.ts'
import { currentEquity } from './kernel.ts'
import { type Market, priceAtNav, priceMarket, repriceMarket } from './market.ts'
import { estimateEquity, estimateHoldings } from './moneyEstimate.ts'
import { orderToTarget, type SizedOrder, sizedOrder } from './sizedOrder.ts'
import { isSurelyMet, sureOrder } from './sureOrder.ts'
import type { VenueOutcome } from './venue.ts'

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
      halt(kernel, market ?? firstMarket(kernel), columns, row, breach, -1)
      return
    }
  }
  if (due) conclude(kernel, columns, row)
}

function openDay(kernel: Kernel, knownAt: number): void {
  kernel.dayEndMs = (Math.floor(knownAt / DAY_MS) + 1) * DAY_MS
  kernel.risk.openDay()
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

/** Books what happened at the venue as decisions of the agent. */
export function bookOutcomes(kernel: Kernel, columns: MarketColumns, row: number): void {
  const { venue, markets, decisions } = kernel
  const { outcomes } = venue
  for (let place = 0; place < outcomes.length; place++) {
    const outcome = outcomes[place] as VenueOutcome
    const { market: index, output, isDone } = outcome
    kernel.onOutcome?.(outcome)
    decisions.output(index, columns, row, output, -1)
    const market = markets[index]
    if (market !== undefined && isDone && 'order' in output && output.order !== null)
      market.openOrders = without(market.openOrders, output.order)
  }
  venue.clearOutcomes()
  estimateHoldings(kernel.estimate, markets, venue.holdings)
  if (venue.isClosed && !kernel.halted) {
    const observed = currentEquity(kernel)
    halt(kernel, firstMarket(kernel), columns, row, { kind: 'halt', reason: 'ruin', limit: 0n, observed }, -1)
  }
}

function without(orders: readonly OpenOrder[], sequence: number): readonly OpenOrder[] {
  if (orders.length === 1 && orders[0]?.sequence === sequence) return NO_ORDERS
  return orders.filter(open => open.sequence !== sequence)
}

const NO_ORDERS: readonly OpenOrder[] = Object.freeze([])

function halt(
  kernel: Kernel,
  market: Market,
  columns: MarketColumns,
  row: number,
  breach: Halt,
  reasons: number,
): void {
  kernel.halted = true
  kernel.decisions.output(market.index, columns, row, breach, reasons)
}

function conclude(kernel: Kernel, columns: MarketColumns, row: number): void {
  const { runtime, decisions, markets } = kernel
  for (let index = 0; index < markets.length; index++) if (!((markets[index] as Market).middleE8 > 0)) return
  const concluded = runtime.conclude(kernel.view)
  for (let index = 0; index < concluded.length && !kernel.halted; index++) {
    const conclusion = concluded[index] as AgentConclusion
    const { market, signal, prediction } = conclusion
    const output = prediction === null ? null : prediction.output
    const reasons = decisions.signal(market, columns, row, signal, output, runtime.vector(market))
    act(kernel, kernel.markets[market] as Market, conclusion, columns, row, reasons)
  }
}

/** Does what a conclusion asks for: takes orders back, then gives new ones. */
function act(
  kernel: Kernel,
  market: Market,
  { target, orders, cancel }: AgentConclusion,
  columns: MarketColumns,
  row: number,
  reasons: number,
): void {
  if (cancel !== undefined)
    for (const sequence of cancel)
      if (market.openOrders.some(open => open.sequence === sequence))
        placeOutput(kernel, market, columns, row, { kind: 'cancel', order: sequence }, reasons)
  if (target !== undefined) {
    // One order at a time: what is pending may take the position to another target.
    if (market.openOrders.length > 0 || isSurelyMet(kernel, market, target.exposure)) return
    const sized =
      sureOrder(kernel, market, target.exposure) ??
      orderToTarget(kernel.definition, target.exposure, basisOf(kernel, market))
    if (sized !== null) placeOrder(kernel, market, columns, row, sized, reasons)
  } else if (orders !== undefined)
    for (const terms of orders) {
      if (kernel.halted) return
      placeOrder(
        kernel,
        market,
        columns,
        row,
        sizedOrder(kernel.definition, terms, basisOf(kernel, market)),
        reasons,
      )
    }
}

const basisOf = (kernel: Kernel, market: Market) => ({
  held: kernel.venue.holdings.quantity(market.index),
  equityE8: currentEquity(kernel),
  priceE8: BigInt(market.middleE8),
  unit: market.unit,
})

function placeOrder(
  kernel: Kernel,
  market: Market,
  columns: MarketColumns,
  row: number,
  sized: SizedOrder | OrderTerms,
  reasons: number,
): void {
  let terms: OrderTerms
  if ('terms' in sized) {
    const breach = kernel.risk.orderBreach(sized.tradedE8, sized.positionE8)
    if (breach !== null) {
      halt(kernel, market, columns, row, breach, -1)
      return
    }
    terms = sized.terms
  } else terms = sized
  const reference = priceE8(BigInt(market.middleE8))
  const sequence = placeOutput(
    kernel,
    market,
    columns,
    row,
    { kind: 'order', terms, referencePriceE8: reference },
    reasons,
  )
  const open: OpenOrder = { sequence, decidedMs: kernel.nowMs as UnixMs, terms }
  // A new list each time: a strategy may keep the one it was shown. A spread costs, and most of the time it is empty.
  market.openOrders = market.openOrders.length === 0 ? [open] : [...market.openOrders, open]
}

function placeOutput(
  kernel: Kernel,
  market: Market,
  columns: MarketColumns,
  row: number,
  output: Order | Cancel,
  reasons: number,
): number {
  const { agent, decisions, placements } = kernel
  const sequence = decisions.output(market.index, columns, row, output, reasons)
  placements.push({
    agent,
    sequence,
    instrument: market.instrument.id,
    timeMs: kernel.nowMs as UnixMs,
    output,
  })
  return sequence
}

function firstMarket({ markets }: Kernel): Market {
  const [market] = markets
  if (market === undefined) throw new RangeError('An agent trades at least one instrument.')
  return market
}

function outOfOrder(knownAt: number, previous: number): IntegrityError {
  return new IntegrityError(`An event known at ${knownAt} came after one known at ${previous}.`, {
    facts: { knownAt, previous },
    hint: 'Give the events in their total order (compareEvents).',
  })
}
