import type { FeatureDefinition } from '../defineFeature.ts'
import { QueueWeights } from '../windows/queueWeights.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'

/**
 * Weighted moving average: Σ i·close / Σ i over the last `length` closes, i from 1 at the oldest. Null before
 * there are that many. Unit: quote currency. Source: TA-Lib, `WMA`.
 */
export function wma(options: { readonly length: number } & IndicatorOptions): FeatureDefinition {
  const { length } = options
  assertBars('A weighted moving average', length)
  return defineIndicator(
    {
      name: `wma_${length}`,
      unit: 'quote',
      description: `Mean of the last ${length} bar closes, the newest weighing most`,
      params: { length },
      start: () => new Wma(length),
      uses: bars => bars.slice(-length),
    },
    options,
  )
}

class Wma implements BarRun {
  private readonly sum: QueueWeights
  private readonly weight: number

  constructor(length: number) {
    this.sum = new QueueWeights(length)
    this.weight = (length * (length + 1)) / 2
  }

  add({ close }: BarPrices): number {
    return this.sum.add(close) / this.weight
  }
}
