import type { FeatureDefinition } from '../defineFeature.ts'
import { ExactSum } from '../windows/exactSum.ts'
import type { BarPrices } from './barPrices.ts'
import { type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'

/**
 * On-balance volume: the first bar's volume, then plus the volume of each bar that closes above the one before
 * and minus that of each that closes below. Null after a bar without volume; it begins anew with the next that
 * has one, since what was missed is not known. Summed exactly. Unit: whole units of the base. Source: Granville,
 * "Granville's New Key to Stock Market Profits" (1963); TA-Lib, `OBV`.
 */
export function obv(options: IndicatorOptions = {}): FeatureDefinition {
  return defineIndicator(
    {
      name: 'obv',
      unit: 'base',
      description: 'On-balance volume of the bars',
      params: {},
      start: () => new Obv(),
    },
    options,
  )
}

class Obv implements BarRun {
  /** NaN before the first bar, and after one without volume. */
  private lastClose = Number.NaN
  private readonly totalE8 = new ExactSum()

  add({ close, volumeE8, volumeRestE8 }: BarPrices): number {
    const { lastClose, totalE8 } = this
    if (Number.isNaN(volumeE8)) {
      this.lastClose = Number.NaN
      return Number.NaN
    }
    this.lastClose = close
    if (Number.isNaN(lastClose)) totalE8.clear()
    const sign = close < lastClose ? -1 : 1
    if (close !== lastClose) {
      totalE8.add(sign * volumeE8)
      if (volumeRestE8 !== 0) totalE8.add(sign * volumeRestE8)
    }
    return totalE8.value / 1e8
  }
}
