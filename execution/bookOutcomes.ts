import type { OpenOrder } from '../agents/index.ts'
import type { MarketColumns } from '../core/index.ts'
import { firstMarket, halt } from './halt.ts'
import { currentEquity, type Kernel } from './kernel.ts'
import { estimateHoldings } from './moneyEstimate.ts'
import { orderOf, type VenueOutcome } from './venue.ts'

/** Books what happened at the venue as decisions of the agent. */
export function bookOutcomes(kernel: Kernel, columns: MarketColumns, row: number): void {
  const { venue, markets, decisions } = kernel
  const { outcomes } = venue
  for (let place = 0; place < outcomes.length; place++) {
    const outcome = outcomes[place] as VenueOutcome
    kernel.onOutcome?.(outcome)
    kernel.track?.onOutcome(outcome)
    decisions.outcome(outcome, columns, row)
    const market = markets[outcome.market]
    const order = orderOf(outcome)
    if (market !== undefined && outcome.isDone && order !== null)
      market.openOrders = without(market.openOrders, order)
  }
  venue.clearOutcomes()
  estimateHoldings(kernel.estimate, markets, venue.holdings)
  if (venue.isClosed && !kernel.halted) {
    const observed = currentEquity(kernel)
    halt(kernel, firstMarket(kernel), columns, row, { kind: 'halt', reason: 'ruin', limit: 0n, observed })
  }
}

function without(orders: readonly OpenOrder[], sequence: number): readonly OpenOrder[] {
  if (orders.length === 1 && orders[0]?.sequence === sequence) return NO_ORDERS
  return orders.filter(open => open.sequence !== sequence)
}

const NO_ORDERS: readonly OpenOrder[] = Object.freeze([])
