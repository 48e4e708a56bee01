import type { BacktestStatistics } from '../../backtest/statistics.ts'
import type { Ppm } from '../../core/index.ts'
import type { SharedFeatures } from '../../feature-store/index.ts'
import type { SmaBars } from './smaMarket.ts'

/**
 * What every contender does: while the fast average of the closes is above the slow one it holds all of its equity,
 * else nothing, or the same short. It decides at each close, and its market order fills at the next open.
 */
export type SmaTask = {
  readonly bars: SmaBars
  /** True to be short where it would be flat. */
  readonly reversing: boolean
  /** Commission on each side, in millionths of the value. */
  readonly feePpm: Ppm
  /** Features that the runs of a sweep share; none outside of one. */
  readonly features?: SharedFeatures
}

/** What a run gave. */
export type SmaRun = {
  /** Closed round trips. */
  readonly trades: number
  /** Double, in 10⁻⁸ of the quote currency. */
  readonly finalEquityE8: number
  readonly bars: number
  /** Null of a contender that has its own. */
  readonly statistics: BacktestStatistics | null
}

/** Runs the task with two lengths of averages. */
export type RunOnce = (fast: number, slow: number) => SmaRun | Promise<SmaRun>

/** Ten million: large enough that rounding to 10⁻⁸ at each of 100,000 fills stays below a billionth of it. */
export const CAPITAL_E8 = 10_000_000n * 100_000_000n
/** Decimals of what is traded. */
export const DECIMALS = 8

/**
 * When an order for all of the equity learns its size, which the bare loop then does alike. `atDecision`: equity and
 * close of the decision, commission on top. `atFill`: what commission leaves at the open, of the equity of the
 * decision or of the fill, whichever is less.
 */
export type Sizing = 'atDecision' | 'atFill'
/** That of this project's kernel. */
export const SIZING: Sizing = 'atFill'
