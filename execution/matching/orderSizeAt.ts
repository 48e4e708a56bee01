import { equityE8 } from './accountState.ts'
import type { Desk } from './desk.ts'
import type { CostsAtTouch } from './executionCosts.ts'
import type { RestingOrder } from './restingOrder.ts'
import { magnitude, smaller } from './rounding.ts'
import { sizeFor } from './sizeOrder.ts'

/** The size that an order has at a price, in smallest units; zero when it can trade nothing. */
export function sizeAt(costs: CostsAtTouch): bigint {
  const { desk, order } = costs
  if (!order.reduceOnly) return wantedAt(costs) ?? 0n
  const held = reducible(desk, order)
  if (held === 0n) return 0n
  const wanted = wantedAt(costs)
  return wanted === null ? held : smaller(wanted, held)
}

/** How much an order that only reduces can trade. */
export function reducible(desk: Desk, { lot: id, buy }: Pick<RestingOrder, 'lot' | 'buy'>): bigint {
  if (id === null) return buy ? desk.shortQuantity : desk.longQuantity
  const lot = desk.lots.find(open => open.id === id)
  return lot === undefined || lot.quantity > 0n === buy ? 0n : magnitude(lot.quantity)
}

/** The size asked for, before what reducing allows; null for all that there is. */
function wantedAt(costs: CostsAtTouch): bigint | null {
  const { account, desk, order, touch } = costs
  const { size } = order
  if (size === null) return null
  if ('units' in size) return size.units
  if ('cashE8' in size) return sizeWithin(costs, size.cashE8, MILLION)
  // What was known at the decision; but what was lost since then cannot be invested.
  const atFill =
    account.held === 0
      ? account.cashE8
      : equityE8(account, { desk, bidE8: touch.priceE8, askE8: touch.priceE8 })
  const fundsE8 = smaller(order.decisionEquityE8, atFill)
  const sharePpm = size.equityPpm === 1_000_000 ? MILLION : BigInt(size.equityPpm)
  return sizeWithin(costs, fundsE8, sharePpm)
}

/** The largest size whose value and costs are within a share of some funds. */
function sizeWithin(costs: CostsAtTouch, fundsE8: bigint, sharePpm: bigint): bigint {
  const { account, desk, touch } = costs
  const { least } = account.models.fees
  return sizeFor({
    fundsE8,
    sharePpm,
    priceE8: touch.priceE8,
    unit: desk.unit,
    step: desk.terms.sizeStep,
    leastCostPpm: least === undefined ? 0n : touch.maker ? least.makerPpm : least.takerPpm,
    lostE8: quantity => costs.of(quantity)?.lostE8 ?? null,
  })
}

const MILLION = 1_000_000n
