import type { FeatureDefinition } from '../defineFeature.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'
import { ExponentialMean } from './exponentialMean.ts'

/**
 * Exponential moving average of the closes: `ExponentialMean` says its weights and its seed. Null before there
 * are `length` closes. Unit: quote currency. Source: TA-Lib, `EMA`.
 */
export function ema(options: { readonly length: number } & IndicatorOptions): FeatureDefinition {
  const { length } = options
  assertBars('An exponential moving average', length)
  return defineIndicator(
    {
      name: `ema_${length}`,
      unit: 'quote',
      description: `Exponential moving average of the bar closes over ${length} bars`,
      params: { length },
      start: () => new Ema(length),
    },
    options,
  )
}

class Ema implements BarRun {
  private readonly mean: ExponentialMean

  constructor(length: number) {
    this.mean = new ExponentialMean(length)
  }

  add({ close }: BarPrices): number {
    return this.mean.add(close)
  }
}
