import type { FeatureDefinition } from '../defineFeature.ts'
import { OrderedSums } from '../windows/orderedSums.ts'
import { type BarPrices, typicalPrice } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'

/**
 * Commodity channel index: (P − m) / (0.015 · d), of the typical price P, its mean m over the last `length` bars
 * and their mean absolute deviation d from it; 0 where they do not deviate. Null before there are that many.
 * Unit: 1. Source: Lambert, "Commodity Channel Index", Commodities (1980); TA-Lib, `CCI`.
 */
export function cci(options: { readonly length?: number } & IndicatorOptions = {}): FeatureDefinition {
  const { length = 14 } = options
  assertBars('A commodity channel index', length)
  return defineIndicator(
    {
      name: `cci_${length}`,
      unit: '1',
      description: `Commodity channel index over ${length} bars`,
      params: { length },
      start: () => new Cci(length),
      uses: bars => bars.slice(-length),
    },
    options,
  )
}

class Cci implements BarRun {
  private readonly length: number
  private readonly prices: OrderedSums

  constructor(length: number) {
    this.length = length
    this.prices = new OrderedSums(length)
  }

  add(bar: BarPrices): number {
    const price = typicalPrice(bar)
    if (!this.prices.add(price)) return Number.NaN
    const mean = this.prices.sum / this.length
    const below = this.prices.below(mean)
    // What lies below the mean falls short of it by as much as the rest exceeds it.
    const deviation = (2 * (below.count * mean - below.sum)) / this.length
    return deviation > 0 ? (price - mean) / (0.015 * deviation) : 0
  }
}
