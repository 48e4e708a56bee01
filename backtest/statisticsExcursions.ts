import { InvalidInputError } from '../core/index.ts'
import type { PriceSeries } from './statisticsBenchmark.ts'
import { timedColumn } from './statisticsColumn.ts'

/** The way that a price took; with bars, their lows and highs, and times at which bars end. */
export type PricePath = PriceSeries & {
  readonly lowE8?: ArrayLike<number>
  readonly highE8?: ArrayLike<number>
}

/** A round trip as its excursions need it; a `Trade` is one. */
export type TradeSpan = {
  readonly direction: 'long' | 'short'
  readonly entryMs: number
  readonly exitMs: number
  readonly entryPriceE8: bigint
  readonly exitPriceE8: bigint
}

/** How far each trade went against its holder and for him, as shares of the entry price, at least 0. */
export type Excursions = {
  /** Maximum adverse excursion (MAE) of each trade. */
  readonly adverse: Float64Array
  /** Maximum favourable excursion (MFE) of each trade. */
  readonly favourable: Float64Array
}

/**
 * Excursions of trades (J. Sweeney, "Maximum Adverse Excursion", 1997): the extreme of the price after the
 * entry and up to the exit, the exit price included, as a share of the entry price.
 *
 * @throws InvalidInputError naming the price that is not finite or goes back in time, or the trade whose
 * entry price is not above zero.
 */
export function tradeExcursions(trades: readonly TradeSpan[], path: PricePath): Excursions {
  const { timeMs, values } = timedColumn('prices', path.timeMs, path.priceE8)
  const lows = path.lowE8 === undefined ? values : timedColumn('lows', timeMs, path.lowE8).values
  const highs = path.highE8 === undefined ? values : timedColumn('highs', timeMs, path.highE8).values
  const adverse = new Float64Array(trades.length)
  const favourable = new Float64Array(trades.length)
  for (let t = 0; t < trades.length; t++) {
    const trade = trades[t]
    if (trade === undefined) continue
    const entry = Number(trade.entryPriceE8)
    const exit = Number(trade.exitPriceE8)
    if (!(entry > 0))
      throw new InvalidInputError(`Trade ${t} has an entry price that is not above zero.`, {
        facts: { index: t, entryPriceE8: trade.entryPriceE8 },
        hint: 'Pass trades as a backtest returns them.',
      })
    let low = Math.min(entry, exit)
    let high = Math.max(entry, exit)
    for (let i = firstAfter(timeMs, trade.entryMs); i < timeMs.length; i++) {
      if ((timeMs[i] ?? 0) > trade.exitMs) break
      const down = lows[i] ?? 0
      const up = highs[i] ?? 0
      if (down < low) low = down
      if (up > high) high = up
    }
    const fall = (entry - low) / entry
    const rise = (high - entry) / entry
    adverse[t] = trade.direction === 'long' ? fall : rise
    favourable[t] = trade.direction === 'long' ? rise : fall
  }
  return { adverse, favourable }
}

/** Index of the first time later than an instant. */
function firstAfter(timeMs: Float64Array, instant: number): number {
  let low = 0
  let high = timeMs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((timeMs[middle] ?? 0) > instant) high = middle
    else low = middle + 1
  }
  return low
}
