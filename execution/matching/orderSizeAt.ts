import { type AccountState, equityE8 } from './accountState.ts'
import type { Desk } from './desk.ts'
import { fillCosts, type Touch } from './executionCosts.ts'
import type { RestingOrder } from './restingOrder.ts'
import { smaller } from './rounding.ts'
import { sizeNearEstimate } from './sizeNearEstimate.ts'
import { sizeFor } from './sizeOrder.ts'
import { absolute, big, type Whole, whole } from './whole.ts'

/** The size that an order has at a price, in smallest units; zero when it can trade nothing. */
export function sizeAt(account: AccountState, desk: Desk, order: RestingOrder, touch: Touch): Whole {
  if (!order.reduceOnly) return wantedAt(account, desk, order, touch) ?? 0
  const held = reducible(desk, order)
  if (held === 0) return 0
  const wanted = wantedAt(account, desk, order, touch)
  return wanted === null ? held : smaller(wanted, held)
}

/** How much an order that only reduces can trade. */
export function reducible(desk: Desk, { lot: id, buy }: Pick<RestingOrder, 'lot' | 'buy'>): Whole {
  if (id === null) return buy ? desk.shortQuantity : desk.longQuantity
  const lot = desk.lots.find(open => open.id === id)
  return lot === undefined || lot.quantity > 0 === buy ? 0 : absolute(lot.quantity)
}

/** The size asked for, before what reducing allows; null for all that there is. */
function wantedAt(account: AccountState, desk: Desk, order: RestingOrder, touch: Touch): Whole | null {
  const { size } = order
  if (size === null) return null
  if ('units' in size) return whole(size.units)
  if ('cashE8' in size) return sizeWithin(account, desk, order, touch, whole(size.cashE8), MILLION)
  // What was known at the decision; but what was lost since then cannot be invested.
  const fundsE8 = smaller(order.decisionEquityE8, equityE8(account, desk, touch.priceE8))
  return sizeWithin(account, desk, order, touch, fundsE8, size.equityPpm)
}

/** The largest size whose value and costs are within a share of some funds. */
function sizeWithin(
  account: AccountState,
  desk: Desk,
  order: RestingOrder,
  touch: Touch,
  fundsE8: Whole,
  sharePpm: number,
): Whole {
  if (fundsE8 <= 0) return 0
  const near = sizeNearEstimate(account, desk, order, touch, fundsE8, sharePpm)
  if (near !== null) return near
  const { least } = account.models.fees
  return whole(
    sizeFor({
      fundsE8: big(fundsE8),
      sharePpm: BigInt(sharePpm),
      priceE8: BigInt(touch.priceE8),
      unit: big(desk.unit),
      step: desk.terms.sizeStep,
      leastCostPpm: least === undefined ? 0n : touch.maker ? least.makerPpm : least.takerPpm,
      lostE8(quantity) {
        const costs = fillCosts(account, desk, order, whole(quantity), touch)
        return costs === null ? null : big(costs.lostE8)
      },
    }),
  )
}

const MILLION = 1_000_000
