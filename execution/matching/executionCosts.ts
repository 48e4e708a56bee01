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
  const opposite = buy ? desk.shortQuantity : desk.longQuantity
  const closes = order.reduceOnly ? quantity : account.hedging ? 0n : smaller(quantity, opposite)
  const opens = quantity - closes
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
  }
  let priceE8 = touch.priceE8
  if (!touch.maker) {
    const slipped = account.models.slippage(asked) ?? (touch.forced === true ? touch.priceE8 : null)
    if (slipped === null) return null
    // An order never trades beyond its own limit.
    const bound = Number.isNaN(order.limitE8) ? slipped : BigInt(order.limitE8)
    priceE8 = buy ? smaller(slipped, bound) : larger(slipped, bound)
  }
  const feeE8 = account.models.fees(priceE8 === touch.priceE8 ? asked : { ...asked, priceE8 })
  const slippage = ceilDivide(quantity * magnitude(priceE8 - touch.priceE8), desk.unit)
  return { priceE8, feeE8, lostE8: slippage + feeE8, opens }
}
