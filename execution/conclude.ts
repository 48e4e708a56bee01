import { type AgentConclusions, isList, type OpenOrder, type StrategyConclusion } from '../agents/index.ts'
import {
  type Cancel,
  type MarketColumns,
  type Order,
  type OrderTerms,
  priceE8,
  type UnixMs,
} from '../core/index.ts'
import { catchUp } from './catchUp.ts'
import { halt } from './halt.ts'
import { currentEquity, type Kernel } from './kernel.ts'
import type { Market } from './market.ts'
import { orderToTarget, type SizedOrder, sizedOrder } from './sizedOrder.ts'
import { isSurelyMet, sureOrder } from './sureOrder.ts'

/** Asks an agent what it concludes at a row, signals it, and does it; nothing while a market has no price. */
export function conclude(kernel: Kernel, columns: MarketColumns, row: number): void {
  const { markets, runtime } = kernel
  for (let index = 0; index < markets.length; index++) if (!((markets[index] as Market).middleE8 > 0)) return
  takeConclusions(kernel, runtime.conclude(kernel.view), columns, row)
}

/** Signals what an agent concluded at a row, and does it; every market has a price. */
export function takeConclusions(
  kernel: Kernel,
  concluded: AgentConclusions,
  columns: MarketColumns,
  row: number,
): void {
  if (!isList(concluded)) {
    takeConclusion(kernel, concluded, columns, row)
    return
  }
  for (let index = 0; index < concluded.length && !kernel.halted; index++)
    takeConclusion(kernel, concluded[index] as StrategyConclusion, columns, row)
}

function takeConclusion(
  kernel: Kernel,
  concluded: StrategyConclusion | null,
  columns: MarketColumns,
  row: number,
): void {
  const { runtime, decisions } = kernel
  const market = concluded === null || concluded.instrument === undefined ? 0 : runtime.marketOf(concluded)
  const signal = concluded === null ? runtime.nothing : concluded.signal
  const prediction = runtime.prediction(market)
  const output = prediction === null ? null : prediction.output
  const reasons = decisions.signal(market, columns, row, signal, output, runtime)
  if (kernel.track !== null && (signal.direction !== 0 || output !== null))
    kernel.track.onSignal(reasons, kernel.markets[market] as Market, signal.horizonMs)
  if (concluded === null) return
  const { target, orders, cancel } = concluded
  // At most rows an agent keeps what it has.
  if (target === undefined && orders === undefined && cancel === undefined) return
  catchUp(kernel)
  act(kernel, kernel.markets[market] as Market, concluded, columns, row, reasons)
}

/** Does what a conclusion asks for: takes orders back, then gives new ones. */
function act(
  kernel: Kernel,
  market: Market,
  { target, orders, cancel }: StrategyConclusion,
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
      halt(kernel, market, columns, row, breach)
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
