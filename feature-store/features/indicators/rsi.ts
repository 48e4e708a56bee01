import type { FeatureDefinition } from '../defineFeature.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'
import { isTaZero } from './taZero.ts'
import { WilderMean } from './wilderMean.ts'

/**
 * Relative strength index: 100 · gain / (gain + loss), of Wilder's means of the rises and falls from close to
 * close; 0 where nothing moved. Null before there are `length` changes. Unit: percent. Source: Wilder, "New
 * Concepts in Technical Trading Systems" (1978); TA-Lib, `RSI`.
 */
export function rsi(options: { readonly length?: number } & IndicatorOptions = {}): FeatureDefinition {
  const { length = 14 } = options
  assertBars('A relative strength index', length)
  return defineIndicator(
    {
      name: `rsi_${length}`,
      unit: 'percent',
      description: `Relative strength index of the bar closes over ${length} bars`,
      params: { length },
      start: () => new Rsi(length),
    },
    options,
  )
}

class Rsi implements BarRun {
  private readonly gain: WilderMean
  private readonly loss: WilderMean
  private last = Number.NaN

  constructor(length: number) {
    this.gain = new WilderMean(length)
    this.loss = new WilderMean(length)
  }

  add({ close }: BarPrices): number {
    const { last } = this
    this.last = close
    if (Number.isNaN(last)) return Number.NaN
    const gain = this.gain.add(close > last ? close - last : 0)
    const loss = this.loss.add(close < last ? last - close : 0)
    return isTaZero(gain + loss) ? 0 : (100 * gain) / (gain + loss)
  }
}
