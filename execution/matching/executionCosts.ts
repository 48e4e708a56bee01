import type { AccountState } from './accountState.ts'
import type { Desk } from './desk.ts'
import type { Execution } from './executionModels.ts'
import type { RestingOrder } from './restingOrder.ts'
import { ceilDivide, larger, magnitude, smaller } from './rounding.ts'

/** At what an order would trade: the price that was touched, and how. */
export type Touch = {
  readonly priceE8: bigint
  readonly timeMs: number
  readonly maker: boolean
  readonly volumeE8: number
  /** Closed by force: at the price itself where the market takes nothing, since there is no other. */
  readonly forced?: boolean
}

/** What a fill of some size would pay. */
export type FillCosts = {
  /** Price after slippage. */
  readonly priceE8: bigint
  readonly feeE8: bigint
  /** What slippage takes, rounded up, and the fee. */
  readonly lostE8: bigint
  /** How much of it opens a position. */
  readonly opens: bigint
}

/** What a fill would pay; null when the market cannot take the size. */
export function fillCosts(
  account: AccountState,
  desk: Desk,
  order: Pick<RestingOrder, 'buy' | 'reduceOnly' | 'limitE8'>,
  quantity: bigint,
  touch: Touch,
): FillCosts | null {
  const { buy } = order
  const { fees, slippage } = account.models
  const opposite = buy ? desk.shortQuantity : desk.longQuantity
  const opens =
    !order.reduceOnly && (account.hedging || opposite === 0n)
      ? quantity
      : order.reduceOnly || quantity <= opposite
        ? 0n
        : quantity - opposite
  const asked: Execution = {
    instrument: desk.index,
    timeMs: touch.timeMs,
    buy,
    quantity,
    priceE8: touch.priceE8,
    unit: desk.unit,
    maker: touch.maker,
    entry: opens > 0n,
    volumeE8: touch.volumeE8,
    limitE8: order.limitE8,
  }
  const slipped = touch.maker
    ? touch.priceE8
    : (slippage(asked) ?? (touch.forced === true ? touch.priceE8 : null))
  if (slipped === null) return null
  if (slipped === touch.priceE8) {
    const feeE8 = fees(asked)
    return { priceE8: slipped, feeE8, lostE8: feeE8, opens }
  }
  // An order never trades beyond its own limit.
  const bound = Number.isNaN(order.limitE8) ? slipped : BigInt(order.limitE8)
  const priceE8 = buy ? smaller(slipped, bound) : larger(slipped, bound)
  const feeE8 = fees({ ...asked, priceE8 })
  const lost = ceilDivide(quantity * magnitude(priceE8 - touch.priceE8), desk.unit)
  return { priceE8, feeE8, lostE8: lost + feeE8, opens }
}

/** What fills of one order at one touch would pay. The last answer is kept: what is settled on is asked for again. */
export class CostsAtTouch {
  readonly account: AccountState
  readonly desk: Desk
  readonly order: RestingOrder
  readonly touch: Touch
  private lastQuantity = -1n
  private lastCosts: FillCosts | null = null

  constructor(account: AccountState, desk: Desk, order: RestingOrder, touch: Touch) {
    this.account = account
    this.desk = desk
    this.order = order
    this.touch = touch
  }

  /** Of a size; null when the market cannot take it. */
  of(quantity: bigint): FillCosts | null {
    if (quantity === this.lastQuantity) return this.lastCosts
    this.lastQuantity = quantity
    this.lastCosts = fillCosts(this.account, this.desk, this.order, quantity, this.touch)
    return this.lastCosts
  }
}
