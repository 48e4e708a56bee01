import type { BarPrices } from './barPrices.ts'
import type { BarRun } from './defineIndicator.ts'
import { trueRange } from './trueRange.ts'
import { WilderMean } from './wilderMean.ts'

/** Wilder's mean of the true ranges; the first bar has none, since it follows no close. */
export class AverageTrueRange implements BarRun {
  private readonly mean: WilderMean
  private lastClose = Number.NaN

  constructor(length: number) {
    this.mean = new WilderMean(length)
  }

  add(bar: BarPrices): number {
    const { lastClose } = this
    this.lastClose = bar.close
    return Number.isNaN(lastClose) ? Number.NaN : this.mean.add(trueRange(bar, lastClose))
  }
}
