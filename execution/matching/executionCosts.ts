import type { AccountState } from './accountState.ts'
import type { Desk } from './desk.ts'
import type { Execution } from './executionModels.ts'
import type { RestingOrder } from './restingOrder.ts'
import { larger, smaller } from './rounding.ts'
import { absolute, big, minus, plus, quotientUp, times, type Whole, whole } from './whole.ts'

/** At what an order would trade: the price that was touched, and how. */
export type Touch = {
  readonly priceE8: number
  readonly timeMs: number
  readonly maker: boolean
  readonly volumeE8: number
  /** Closed by force: at the price itself where the market takes nothing, since there is no other. */
  readonly forced: boolean
}

/** What a fill of some size would pay. */
export type FillCosts = {
  /** Price after slippage. */
  readonly priceE8: Whole
  readonly feeE8: Whole
  /** What slippage takes, rounded up, and the fee. */
  readonly lostE8: Whole
  /** How much of it opens a position. */
  readonly opens: Whole
}

/** What is asked about an order that would fill. */
export type Filling = Pick<RestingOrder, 'buy' | 'reduceOnly' | 'limitE8'>

/** What a fill would pay; null when the market cannot take the size. */
export function fillCosts(
  account: AccountState,
  desk: Desk,
  order: Filling,
  quantity: Whole,
  touch: Touch,
): FillCosts | null {
  const { slippage } = account.models
  const { priceE8, maker } = touch
  const opens = openedBy(account, desk, order, quantity)
  if (maker || slippage === null) {
    const feeE8 = feeOf(account, desk, order, quantity, priceE8, touch, opens)
    return { priceE8, feeE8, lostE8: feeE8, opens }
  }
  const slipped = slippage(executionOf(desk, order, quantity, priceE8, touch, opens))
  if (slipped === null && !touch.forced) return null
  const worsened = slipped === null ? priceE8 : whole(slipped)
  // An order never trades beyond its own limit.
  const bound = Number.isNaN(order.limitE8) ? worsened : order.limitE8
  const paidE8 = order.buy ? smaller(worsened, bound) : larger(worsened, bound)
  const feeE8 = feeOf(account, desk, order, quantity, paidE8, touch, opens)
  const lostE8 = plus(quotientUp(quantity, absolute(minus(paidE8, priceE8)), desk.unit), feeE8)
  return { priceE8: paidE8, feeE8, lostE8, opens }
}

/** How much of a fill opens a position. */
function openedBy(
  { hedging }: AccountState,
  desk: Desk,
  { buy, reduceOnly }: Filling,
  quantity: Whole,
): Whole {
  if (reduceOnly) return 0
  const opposite = buy ? desk.shortQuantity : desk.longQuantity
  if (hedging || opposite === 0) return quantity
  return quantity <= opposite ? 0 : minus(quantity, opposite)
}

function feeOf(
  { models: { fees, plainFee } }: AccountState,
  desk: Desk,
  order: Filling,
  quantity: Whole,
  priceE8: Whole,
  touch: Touch,
  opens: Whole,
): Whole {
  // Where a size is past doubles nothing is won by not asking.
  if (plainFee === null || typeof quantity !== 'number')
    return whole(fees(executionOf(desk, order, quantity, priceE8, touch, opens)))
  const rate = touch.maker ? plainFee.makerPpm : plainFee.takerPpm
  return rate === 0 ? plainFee.fixedE8 : plus(shareOfValue(desk, quantity, priceE8, rate), plainFee.fixedE8)
}

/** A share in millionths of an amount's value at a price, rounded up. */
function shareOfValue({ unitMillions }: Desk, quantity: number, priceE8: Whole, ppm: number): Whole {
  // The share of the lesser is as a rule still exact as a double, and that of the larger is not.
  return quantity < priceE8
    ? quotientUp(times(quantity, ppm), priceE8, unitMillions)
    : quotientUp(times(priceE8, ppm), quantity, unitMillions)
}

const executionOf = (
  desk: Desk,
  { buy, limitE8 }: Filling,
  quantity: Whole,
  priceE8: Whole,
  { timeMs, maker, volumeE8 }: Touch,
  opens: Whole,
): Execution => ({
  instrument: desk.index,
  timeMs,
  buy,
  quantity: big(quantity),
  priceE8: big(priceE8),
  unit: big(desk.unit),
  maker,
  entry: opens !== 0,
  volumeE8,
  limitE8,
})
