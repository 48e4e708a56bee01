import type { AgentDefinition } from '../agents/index.ts'
import {
  type BarValue,
  cashE8,
  type Decision,
  type Fill,
  type Logged,
  type MarketEvent,
  type MarketValue,
  type Order,
  PPM,
  type PriceE8,
  priceE8,
  type QuoteValue,
  quantity,
  type SwapValue,
  type TradeValue,
  type UnixMs,
} from '../core/index.ts'
import { sourcePosition } from './sourcePosition.ts'
import type { Venue } from './venue.ts'

/**
 * A venue that fills on paper, at the next observation of the instrument and never at the one that caused
 * the order: a bar that opens at or after the order fills at its open and a later quote at its price (buys at
 * the ask, sells at the bid), a later swap or trade at its price, worsened by half the spread. Orders fill whole: size moves no
 * price. When that observation is more than `maxPriceAgeMs` after the order, the order expires instead.
 * Prices and fees round against the trader.
 */
export function createPaperVenue({ instrument, venue }: AgentDefinition): Venue {
  const unit = 10n ** BigInt(instrument.decimals)
  const spread = BigInt(venue.halfSpreadPpm)
  const fee = BigInt(venue.feePpm)
  const whole = BigInt(PPM)
  const placed = new Set<number>()
  let open: Logged<Decision<Order>>[] = []

  function priceFor(side: Order['side'], value: FillingValue): PriceE8 {
    if (value.type === 'bar') return side === 'buy' ? value.ask.open : value.bid.open
    if (value.type === 'quote') return side === 'buy' ? value.askE8 : value.bidE8
    return side === 'buy'
      ? priceE8(ceilDivide(value.priceE8 * (whole + spread), whole))
      : priceE8((value.priceE8 * (whole - spread)) / whole)
  }

  function settle(order: Logged<Decision<Order>>, value: FillingValue, event: MarketEvent): Fill {
    const { side } = order.output
    const expired = event.validAt - order.timeMs > venue.maxPriceAgeMs
    const price = expired ? priceE8(0n) : priceFor(side, value)
    const filled = expired ? quantity(0n) : order.output.quantity
    return {
      kind: 'fill',
      order: order.sequence,
      side,
      outcome: expired ? 'expired' : 'filled',
      quantity: filled,
      priceE8: price,
      feeE8: cashE8(ceilDivide(filled * price * fee, unit * whole)),
      pricedBy: sourcePosition(event),
    }
  }

  return {
    place(order) {
      if (placed.has(order.sequence)) return
      placed.add(order.sequence)
      open.push(order)
    },
    onEvent(event) {
      if (open.length === 0 || event.instrument !== instrument.id) return NO_FILLS
      const { value } = event
      if (!fills(value)) return NO_FILLS
      const usable = open.filter(order => follows(value, event.validAt, order.timeMs))
      if (usable.length === 0) return NO_FILLS
      open = open.filter(order => !usable.includes(order))
      return usable.map(order => settle(order, value, event))
    },
  }
}

const NO_FILLS: readonly Fill[] = Object.freeze([])

/** What an order fills at. */
type FillingValue = BarValue | SwapValue | TradeValue | QuoteValue

function fills(value: MarketValue): value is FillingValue {
  return value.type === 'bar' || value.type === 'swap' || value.type === 'trade' || value.type === 'quote'
}

// A bar that opens when the order is made is the next bar; anything else at that moment may be its cause.
function follows(value: FillingValue, validAt: UnixMs, orderedAt: UnixMs): boolean {
  return value.type === 'bar' ? validAt >= orderedAt : validAt > orderedAt
}

const ceilDivide = (numerator: bigint, denominator: bigint): bigint =>
  (numerator + denominator - 1n) / denominator
