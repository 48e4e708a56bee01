import { type CashE8, cashE8, floorDivide } from '../core/index.ts'
import { type Decimals, decimalsOf } from './statisticsExposure.ts'
import { finiteOrNull } from './statisticsRatios.ts'
import { isColumns, readTrades, type TradeColumns } from './statisticsTradeColumns.ts'

/** A round trip as the statistics need it; what is left out makes the figures that need it null. */
export type TradeOutcome = {
  /** Profit of the round trip after its fees, in 10⁻⁸ of the quote currency. */
  readonly pnlE8: CashE8
  readonly entryMs?: number
  readonly exitMs?: number
  readonly entryPriceE8?: bigint
  readonly quantity?: bigint
  /** Index of the instrument; may be left out where there is one. */
  readonly market?: number
  /** What the stop put at risk at the entry, in 10⁻⁸ of the quote currency, above zero: one R. */
  readonly riskE8?: bigint
}

/** What the closed round trips tell; a trade wins when its profit after fees is above zero. */
export type TradeStatistics = {
  /** Closed round trips. */
  readonly trades: number
  /** Share of closed trades with a profit after fees. */
  readonly winRate: number | null
  /** Average win / average loss of closed trades; null without either. */
  readonly payoffRatio: number | null
  /** Gross profit / gross loss of closed trades; null without a loss. */
  readonly profitFactor: number | null
  /** Mean profit of a closed trade after fees, rounded down: the expectancy. */
  readonly averageTradeE8: CashE8 | null
  /** Mean profit in multiples of the risk at entry (R); null unless every trade had a stop. */
  readonly expectancyR: number | null
  /** System quality number. */
  readonly sqn: number | null
  /** Share of equity that maximises the growth of such trades; negative for a losing game. */
  readonly kelly: number | null
  readonly bestTradeE8: CashE8 | null
  readonly worstTradeE8: CashE8 | null
  /** Mean profit of the winning trades, rounded down. */
  readonly averageWinE8: CashE8 | null
  /** Mean profit, below zero, of the losing trades, rounded down; a trade of zero is neither won nor lost. */
  readonly averageLossE8: CashE8 | null
  /** Profit after fees / value at entry; null where the decimals of the quantity are not known. */
  readonly bestTradeReturn: number | null
  readonly worstTradeReturn: number | null
  readonly averageTradeReturn: number | null
  readonly averageTradeDurationMs: number | null
  readonly longestTradeDurationMs: number | null
  readonly shortestTradeDurationMs: number | null
}

/**
 * Computes what the round trips tell, in one pass.
 *
 * - Expectancy in R, and SQN = √n · mean(R) / sample deviation(R) (V. Tharp, "Trade Your Way to Financial
 *   Freedom", 2nd ed. 2007): R is the profit in multiples of the risk at entry; where a trade had no stop,
 *   SQN takes profits in cash. n is not capped at 100, as Tharp does to compare systems.
 * - Kelly: f* = p − (1 − p) / b with win rate p and payoff ratio b (J. Kelly, "A New Interpretation of
 *   Information Rate", Bell System Technical Journal 35, 1956), for bets that pay b or lose all.
 *
 * @param decimals of the quantities, of all instruments or of each, for the returns of trades; null when not known.
 */
export function tradeStatistics(
  trades: readonly TradeOutcome[] | TradeColumns,
  decimals: Decimals | null,
): TradeStatistics {
  const { count, pnlE8, entryMs, exitMs, entryPriceE8, quantity, riskE8, exactE8 } = readTrades(trades)
  const all = new ExactSum()
  const won = new ExactSum()
  const lost = new ExactSum()
  let wins = 0
  let losses = 0
  let best = Number.NEGATIVE_INFINITY
  let worst = Number.POSITIVE_INFINITY
  const scale = decimals === null ? Number.NaN : 10 ** decimalsOf(decimals, 0)
  const marketOf = typeof decimals === 'object' && !isColumns(trades) ? trades : null
  let bestReturn = Number.NEGATIVE_INFINITY
  let worstReturn = Number.POSITIVE_INFINITY
  let returns = 0
  let durations = 0
  let longest = Number.NEGATIVE_INFINITY
  let shortest = Number.POSITIVE_INFINITY
  const multiples = riskE8 === null ? null : new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const pnl = pnlE8[i] ?? 0
    const exact = exactE8 === null ? null : (exactE8[i] ?? 0n)
    all.add(pnl, exact)
    if (pnl > 0) {
      wins++
      won.add(pnl, exact)
    } else if (pnl < 0) {
      losses++
      lost.add(pnl, exact)
    }
    if (pnl > best) best = pnl
    if (pnl < worst) worst = pnl
    const unit =
      marketOf === null || decimals === null ? scale : 10 ** decimalsOf(decimals, marketOf[i]?.market ?? 0)
    const value = (Math.abs(quantity[i] ?? 0) / unit) * (entryPriceE8[i] ?? 0)
    const share = pnl / value
    returns += share
    if (share > bestReturn) bestReturn = share
    if (share < worstReturn) worstReturn = share
    const lasted = (exitMs[i] ?? 0) - (entryMs[i] ?? 0)
    durations += lasted
    if (lasted > longest) longest = lasted
    if (lasted < shortest) shortest = lasted
    if (multiples !== null) multiples[i] = pnl / (riskE8?.[i] ?? 0)
  }
  const profits = pnlE8.subarray(0, count)
  const gained = won.total
  const given = lost.total
  const payoff = wins === 0 || losses === 0 ? null : Number(gained) / wins / (-Number(given) / losses)
  const winRate = count === 0 ? null : wins / count
  return {
    trades: count,
    winRate,
    payoffRatio: payoff,
    profitFactor: losses === 0 ? null : Number(gained) / -Number(given),
    averageTradeE8: meanE8(all.total, count),
    expectancyR: multiples === null || count === 0 ? null : finiteOrNull(meanOf(multiples)),
    sqn: systemQuality(multiples ?? profits),
    kelly: winRate === null || payoff === null ? null : winRate - (1 - winRate) / payoff,
    bestTradeE8: extreme(count, best, exactE8, (a, b) => a > b),
    worstTradeE8: extreme(count, worst, exactE8, (a, b) => a < b),
    averageWinE8: meanE8(gained, wins),
    averageLossE8: meanE8(given, losses),
    // A trade without the fields makes the sum no number, and so all three null.
    bestTradeReturn: Number.isFinite(returns) ? finiteOrNull(bestReturn) : null,
    worstTradeReturn: Number.isFinite(returns) ? finiteOrNull(worstReturn) : null,
    averageTradeReturn: count === 0 ? null : finiteOrNull(returns / count),
    averageTradeDurationMs: count === 0 ? null : finiteOrNull(durations / count),
    longestTradeDurationMs: Number.isFinite(durations) ? finiteOrNull(longest) : null,
    shortestTradeDurationMs: Number.isFinite(durations) ? finiteOrNull(shortest) : null,
  }
}

const meanE8 = (sum: bigint, count: number): CashE8 | null =>
  count === 0 ? null : cashE8(floorDivide(sum, BigInt(count)))

function meanOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum / values.length
}

function systemQuality(values: Float64Array): number | null {
  const count = values.length
  if (count < 2) return null
  const mean = meanOf(values)
  let squares = 0
  for (let i = 0; i < count; i++) squares += ((values[i] ?? 0) - mean) * ((values[i] ?? 0) - mean)
  // Equal profits leave a rounding error of their mean, which is no deviation.
  const deviation = Math.sqrt(squares / (count - 1))
  return deviation <= 1e-15 * Math.abs(mean) ? null : finiteOrNull((Math.sqrt(count) * mean) / deviation)
}

/** Sums whole numbers exactly, in doubles for as long as those are exact: no allocation for each addition. */
class ExactSum {
  private whole = 0n
  // A field is written in place; a variable that a closure keeps would be allocated at each addition.
  private part = 0

  /** @param exact the value itself, where the double may not be it. */
  add(value: number, exact: bigint | null): void {
    const next = this.part + value
    if (next <= MOST_EXACT && next >= -MOST_EXACT && value <= MOST_EXACT && value >= -MOST_EXACT)
      this.part = next
    else this.whole += exact ?? BigInt(value)
  }

  get total(): bigint {
    return this.whole + BigInt(this.part)
  }
}

const MOST_EXACT = Number.MAX_SAFE_INTEGER

/** The best or the worst of the profits, itself: as it is among those that a double cannot tell apart. */
function extreme(
  count: number,
  found: number,
  exactE8: readonly bigint[] | null,
  isBetter: (a: bigint, b: bigint) => boolean,
): CashE8 | null {
  if (count === 0) return null
  return cashE8(
    exactE8 === null
      ? BigInt(found)
      : exactE8.reduce((best, value) => (isBetter(value, best) ? value : best)),
  )
}
