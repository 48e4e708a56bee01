import type { Trade } from '../roundTrips.ts'
import type { ReportMarket } from './reportInput.ts'

/** A trade and where it was made. */
export type MarketTrade = { readonly market: ReportMarket; readonly trade: Trade }

/** The trades of all instruments by the time of their exit; of equal ones the order of the instruments stays. */
export const marketTrades = (markets: readonly ReportMarket[]): readonly MarketTrade[] =>
  markets
    .flatMap(market => market.trades.map(trade => ({ market, trade })))
    .sort((a, b) => a.trade.exitMs - b.trade.exitMs)

/** Profit after fees / value at entry of a trade; null where the value is not above zero. */
export function tradeReturn({ market, trade }: MarketTrade): number | null {
  const value = (Number(trade.quantity) / 10 ** market.decimals) * Number(trade.entryPriceE8)
  return value > 0 ? Number(trade.pnlE8) / value : null
}
