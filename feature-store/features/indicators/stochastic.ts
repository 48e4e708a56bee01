import type { FeatureDefinition } from '../defineFeature.ts'
import { QueueExtreme } from '../windows/queueExtreme.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'
import { MovingMean } from './movingMean.ts'

/** Bars of the fast stochastic's range (5 unless given) and of its mean (3). */
export type FastStochasticOptions = { readonly fastK?: number; readonly fastD?: number } & IndicatorOptions

/** Bars of the slow stochastic's range (5 unless given) and of its two means (3 each). */
export type SlowStochasticOptions = {
  readonly fastK?: number
  readonly slowK?: number
  readonly slowD?: number
} & IndicatorOptions

/**
 * Fast stochastic %K: 100 · (close − lowest low) / (highest high − lowest low) of the last `fastK` bars; 0
 * where they are equal. No value before that of %D, as in TA-Lib's `STOCHF`. Unit: percent. Source: Lane,
 * "Lane's Stochastics", Technical Analysis of Stocks & Commodities 2 (1984).
 */
export const fastStochasticK = (options: FastStochasticOptions = {}): FeatureDefinition =>
  fast('k', 'Fast stochastic %K', options)

/** Fast stochastic %D: the mean of the last `fastD` values of %K; see `fastStochasticK`. */
export const fastStochasticD = (options: FastStochasticOptions = {}): FeatureDefinition =>
  fast('d', 'Fast stochastic %D', options)

/**
 * Slow stochastic %K: the mean of the last `slowK` values of the fast one. No value before that of %D, as in
 * TA-Lib's `STOCH`. Unit: percent; see `fastStochasticK`.
 */
export const slowStochasticK = (options: SlowStochasticOptions = {}): FeatureDefinition =>
  slow('k', 'Slow stochastic %K', options)

/** Slow stochastic %D: the mean of the last `slowD` values of %K; see `slowStochasticK`. */
export const slowStochasticD = (options: SlowStochasticOptions = {}): FeatureDefinition =>
  slow('d', 'Slow stochastic %D', options)

type Part = 'k' | 'd'

function fast(part: Part, description: string, options: FastStochasticOptions): FeatureDefinition {
  const { fastK = 5, fastD = 3 } = options
  assertBars('A stochastic', fastK, 1)
  assertBars('The mean of a stochastic', fastD, 1)
  return defineIndicator(
    {
      name: `stochastic_fast_${part}_${fastK}_${fastD}`,
      unit: 'percent',
      description: `${description} over ${fastK} and ${fastD} bars`,
      params: { fastK, fastD },
      start: () => new Stochastic(part, fastK, 1, fastD),
      uses: bars => bars.slice(-(fastK + fastD - 1)),
    },
    options,
  )
}

function slow(part: Part, description: string, options: SlowStochasticOptions): FeatureDefinition {
  const { fastK = 5, slowK = 3, slowD = 3 } = options
  assertBars('A stochastic', fastK, 1)
  assertBars('The mean of a stochastic', slowK, 1)
  assertBars('The mean of a stochastic', slowD, 1)
  return defineIndicator(
    {
      name: `stochastic_slow_${part}_${fastK}_${slowK}_${slowD}`,
      unit: 'percent',
      description: `${description} over ${fastK}, ${slowK} and ${slowD} bars`,
      params: { fastK, slowK, slowD },
      start: () => new Stochastic(part, fastK, slowK, slowD),
      uses: bars => bars.slice(-(fastK + slowK + slowD - 2)),
    },
    options,
  )
}

class Stochastic implements BarRun {
  private readonly part: Part
  private readonly highs: QueueExtreme
  private readonly lows: QueueExtreme
  private readonly k: MovingMean
  private readonly d: MovingMean

  constructor(part: Part, range: number, k: number, d: number) {
    this.part = part
    this.highs = new QueueExtreme(range, 'greatest')
    this.lows = new QueueExtreme(range, 'least')
    this.k = new MovingMean(k)
    this.d = new MovingMean(d)
  }

  add({ high, low, close }: BarPrices): number {
    const highest = this.highs.add(high)
    const lowest = this.lows.add(low)
    if (Number.isNaN(highest) || Number.isNaN(lowest)) return Number.NaN
    const k = this.k.add(highest === lowest ? 0 : (100 * (close - lowest)) / (highest - lowest))
    if (Number.isNaN(k)) return k
    const d = this.d.add(k)
    return Number.isNaN(d) || this.part === 'd' ? d : k
  }
}
