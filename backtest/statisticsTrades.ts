import { type CashE8, cashE8, floorDivide } from '../core/index.ts'
import { finiteOrNull } from './statisticsRatios.ts'

/** A round trip as the statistics need it; what is left out makes the figures that need it null. */
export type TradeOutcome = {
  /** Profit of the round trip after its fees, in 10⁻⁸ of the quote currency. */
  readonly pnlE8: CashE8
  readonly entryMs?: number
  readonly exitMs?: number
  readonly entryPriceE8?: bigint
  readonly quantity?: bigint
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
 * @param decimals of the quantities, for the returns of trades; null when not known.
 */
export function tradeStatistics(trades: readonly TradeOutcome[], decimals: number | null): TradeStatistics {
  const count = trades.length
  const all = exactSum()
  const won = exactSum()
  const lost = exactSum()
  let wins = 0
  let losses = 0
  let best = trades[0]?.pnlE8 ?? null
  let worst = best
  const scale = decimals === null ? Number.NaN : 10 ** decimals
  let bestReturn = Number.NEGATIVE_INFINITY
  let worstReturn = Number.POSITIVE_INFINITY
  let returns = 0
  let durations = 0
  let longest = Number.NEGATIVE_INFINITY
  let shortest = Number.POSITIVE_INFINITY
  const profits = new Float64Array(count)
  let multiples: Float64Array | null = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const trade = trades[i]
    if (trade === undefined) continue
    const { pnlE8, entryMs, exitMs, entryPriceE8, quantity, riskE8 } = trade
    const pnl = Number(pnlE8)
    profits[i] = pnl
    all.add(pnlE8, pnl)
    if (pnl > 0) {
      wins++
      won.add(pnlE8, pnl)
    } else if (pnl < 0) {
      losses++
      lost.add(pnlE8, pnl)
    }
    if (best === null || pnlE8 > best) best = pnlE8
    if (worst === null || pnlE8 < worst) worst = pnlE8
    const value = (Number(quantity ?? Number.NaN) / scale) * Number(entryPriceE8 ?? Number.NaN)
    const share = pnl / value
    returns += share
    if (share > bestReturn) bestReturn = share
    if (share < worstReturn) worstReturn = share
    const lasted = (exitMs ?? Number.NaN) - (entryMs ?? Number.NaN)
    durations += lasted
    if (lasted > longest) longest = lasted
    if (lasted < shortest) shortest = lasted
    if (riskE8 === undefined || riskE8 <= 0n) multiples = null
    else if (multiples !== null) multiples[i] = pnl / Number(riskE8)
  }
  const gained = won.total()
  const given = lost.total()
  const payoff = wins === 0 || losses === 0 ? null : Number(gained) / wins / (-Number(given) / losses)
  const winRate = count === 0 ? null : wins / count
  return {
    trades: count,
    winRate,
    payoffRatio: payoff,
    profitFactor: losses === 0 ? null : Number(gained) / -Number(given),
    averageTradeE8: meanE8(all.total(), count),
    expectancyR: multiples === null || count === 0 ? null : finiteOrNull(meanOf(multiples)),
    sqn: systemQuality(multiples ?? profits),
    kelly: winRate === null || payoff === null ? null : winRate - (1 - winRate) / payoff,
    bestTradeE8: best,
    worstTradeE8: worst,
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

/** Sums big integers exactly, in doubles for as long as those are exact: no allocation for each addition. */
function exactSum() {
  let whole = 0n
  let part = 0
  return {
    add(value: bigint, asNumber: number): void {
      if (Number.isSafeInteger(asNumber)) {
        const next = part + asNumber
        if (Number.isSafeInteger(next)) {
          part = next
          return
        }
      }
      whole += value
    },
    total: (): bigint => whole + BigInt(part),
  }
}
