import type { FeatureDefinition } from '../defineFeature.ts'
import { fromE8 } from '../wholeUnits.ts'
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
  private lastClose: number | null = null
  private totalE8 = 0n

  add({ close, volumeE8 }: BarPrices): number | null {
    const { lastClose } = this
    if (volumeE8 === null) {
      this.lastClose = null
      return null
    }
    this.lastClose = close
    if (lastClose === null) this.totalE8 = volumeE8
    else if (close > lastClose) this.totalE8 += volumeE8
    else if (close < lastClose) this.totalE8 -= volumeE8
    return fromE8(this.totalE8)
  }
}
