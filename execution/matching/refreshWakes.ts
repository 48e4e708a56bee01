import type { AccountState } from './accountState.ts'
import type { Desk } from './desk.ts'
import type { RestingOrder } from './restingOrder.ts'

/**
 * Drops what is done, and solves orders and margin for the prices between which an event changes nothing, so that
 * a quiet bar costs comparisons only.
 */
export function refreshWakes(account: AccountState, desk: Desk): void {
  const { wakes } = desk
  dropDone(desk.orders)
  desk.idle = desk.orders.length === 0 && desk.lots.length === 0
  wakes.askLow = Number.NEGATIVE_INFINITY
  wakes.askHigh = Number.POSITIVE_INFINITY
  wakes.bidHigh = Number.POSITIVE_INFINITY
  wakes.bidLow = Number.NEGATIVE_INFINITY
  wakes.ms = Number.POSITIVE_INFINITY
  for (const order of desk.orders) {
    const { buy, kind, limitE8, stopE8, bestE8 } = order
    wakes.ms = Math.min(wakes.ms, order.goodTillMs)
    if (kind === 'market' || (kind === 'trailingStop' && Number.isNaN(bestE8)))
      wakes.askLow = Number.POSITIVE_INFINITY
    else if (kind === 'limit' || order.triggered) {
      if (buy) wakes.askLow = Math.max(wakes.askLow, limitE8)
      else wakes.bidHigh = Math.min(wakes.bidHigh, limitE8)
    } else if (buy) wakes.askHigh = Math.min(wakes.askHigh, stopE8)
    else wakes.bidLow = Math.max(wakes.bidLow, stopE8)
    if (kind !== 'trailingStop') continue
    if (buy) wakes.askLow = Math.max(wakes.askLow, bestE8 - 1)
    else wakes.bidHigh = Math.min(wakes.bidHigh, bestE8 + 1)
  }
  if (desk.lots.length > 0) wakeByMargin(account, desk)
}

/**
 * Where the maintenance margin may be reached, by an estimate that errs towards an exact look. With positions in
 * several instruments the price moves with each of them; `surelyWithinMargin` looks instead.
 */
function wakeByMargin(account: AccountState, { wakes, terms, longUnits, shortUnits }: Desk): void {
  const share = terms.maintenanceMarginPpm / 1_000_000
  const cash = account.cashNumber
  if (longUnits > 0 && shortUnits > 0) wakes.askLow = Number.POSITIVE_INFINITY
  else if (account.held > 1) return
  else if (longUnits > 0) {
    const breach = -cash / (longUnits * (1 - share))
    wakes.bidLow = Math.max(wakes.bidLow, breach + Math.abs(breach) * 1e-9 + 2)
  } else {
    const breach = cash / (shortUnits * (1 + share))
    wakes.askHigh = Math.min(wakes.askHigh, breach - Math.abs(breach) * 1e-9 - 2)
  }
}

function dropDone(orders: RestingOrder[]): void {
  let kept = 0
  for (let index = 0; index < orders.length; index++) {
    const order = orders[index] as RestingOrder
    if (!order.done) orders[kept++] = order
  }
  // To set a length costs more than to take off the few that are done.
  while (orders.length > kept) orders.pop()
}
