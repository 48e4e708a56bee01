import type { FeatureDefinition } from '../defineFeature.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'
import { MovingMean } from './movingMean.ts'

/**
 * Simple moving average: the mean of the last `length` closes. Null before there are that many. Unit: quote
 * currency. Source: TA-Lib, `SMA`.
 */
export function sma(options: { readonly length: number } & IndicatorOptions): FeatureDefinition {
  const { length } = options
  assertBars('A moving average', length)
  return defineIndicator(
    {
      name: `sma_${length}`,
      unit: 'quote',
      description: `Mean of the last ${length} bar closes`,
      params: { length },
      start: () => new Sma(length),
      uses: bars => bars.slice(-length),
    },
    options,
  )
}

class Sma implements BarRun {
  private readonly mean: MovingMean

  constructor(length: number) {
    this.mean = new MovingMean(length)
  }

  add({ close }: BarPrices): number {
    return this.mean.add(close)
  }

  addCloses(closes: Float64Array, count: number, values: Float64Array): void {
    this.mean.addAll(closes, count, values)
  }
}
