import type { Market } from './market.ts'
import type { Holdings } from './venue.ts'

/**
 * An agent's money as doubles, in 10⁻⁸, kept up to date so that an event need not compute with integers. One object,
 * written in place: a double that is handed about may be an object made. Never money: where an estimate is near what
 * it is compared with, the integers decide.
 */
export type MoneyEstimate = {
  cashE8: number
  /** Cash and every position at its newest price. */
  equityE8: number
  /** Sizes of the cash and of every position, added: the error of the estimates is a tiny share of it. */
  grossE8: number
}

/** Computes the positions' values and the sums again, after holdings changed. */
export function estimateHoldings(
  estimate: MoneyEstimate,
  markets: readonly Market[],
  holdings: Holdings,
): void {
  estimate.cashE8 = holdings.cashNumber
  for (const market of markets) {
    market.quantity = holdings.quantity(market.index)
    market.units = holdings.units(market.index)
    // Without a price nothing is held, or its price was withdrawn.
    market.valueE8 = market.units === 0 || Number.isNaN(market.middleE8) ? 0 : market.units * market.middleE8
  }
  estimateEquity(estimate, markets)
}

/** Sums cash and positions, after a price changed. */
export function estimateEquity(estimate: MoneyEstimate, markets: readonly Market[]): void {
  let equity = estimate.cashE8
  let gross = Math.abs(equity)
  for (let index = 0; index < markets.length; index++) {
    const value = (markets[index] as Market).valueE8
    equity += value
    gross += Math.abs(value)
  }
  estimate.equityE8 = equity
  estimate.grossE8 = gross
}
