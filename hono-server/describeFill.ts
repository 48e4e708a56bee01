import type { EndReason, Fill, FillCause } from '../core/index.ts'
import { readableAmount, readablePrice } from './readableAmount.ts'

/** How the text of a fill begins; nothing for the order itself. */
const CAUSE: Readonly<Record<FillCause, string>> = {
  order: '',
  stopLoss: 'stop-loss ',
  takeProfit: 'take-profit ',
  close: 'close ',
  liquidation: 'liquidation ',
}

const REASON: Readonly<Record<EndReason, string>> = {
  goodTill: 'time is up',
  priceAge: 'no price in time',
  cancelled: 'cancelled',
  exclusive: 'another took its place',
  liquidated: 'account liquidated',
  accountClosed: 'account closed',
  marketClosed: 'market closed',
  size: 'size',
  price: 'price on the wrong side',
  margin: 'margin',
  nothingToReduce: 'nothing to reduce',
  liquidity: 'not enough liquidity',
  notOffered: 'not offered',
  compliance: 'compliance',
  belowMinimum: 'below the minimum',
  aboveCapacity: 'above the capacity',
  insufficientCash: 'not enough cash',
  insufficientShares: 'not enough shares',
  nav: 'no current NAV',
  noMarket: 'no market, only NAVs: subscribe or redeem instead',
}

/** Says what became of an order: `stop-loss sold 1 at 1,950.00 for order 12`, `order 12 ended: margin`. */
export function describeFill(fill: Fill, decimals: number | null): string {
  const { order, cause, side, outcome, reason, quantity, priceE8 } = fill
  if (outcome === 'ended') {
    const what =
      order === null
        ? 'liquidation'
        : cause === 'order'
          ? `order ${order}`
          : `${CAUSE[cause]}of order ${order}`
    return `${what} ended${reason === null ? '' : `: ${REASON[reason]}`}`
  }
  const traded = `${side === 'buy' ? 'bought' : 'sold'} ${readableAmount(quantity, decimals)}`
  return `${CAUSE[cause]}${traded} at ${readablePrice(priceE8)}${order === null ? '' : ` for order ${order}`}`
}
