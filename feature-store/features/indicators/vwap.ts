import { DAY_MS, type MarketEvent } from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { QueueSum } from '../windows/queueSum.ts'
import { type BarPrices, typicalPrice } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'

/**
 * Rolling volume-weighted average price: Σ P·volume / Σ volume over the last `length` bars, P the typical price.
 * Null before there are that many, when one of them has no volume, and when nothing was traded. Unit: quote
 * currency. Source: Berkowitz, Logue and Noser, "The Total Cost of Transactions on the NYSE", Journal of Finance
 * 43 (1988), with a bar's typical price for its trades'.
 */
export function rollingVwap(
  options: { readonly length?: number } & IndicatorOptions = {},
): FeatureDefinition {
  const { length = 20 } = options
  assertBars('A volume-weighted average price', length, 1)
  return defineIndicator(
    {
      name: `vwap_${length}`,
      unit: 'quote',
      description: `Volume-weighted average price of the last ${length} bars`,
      params: { length },
      start: () => new RollingVwap(length),
      uses: bars => bars.slice(-length),
    },
    options,
  )
}

/**
 * Session volume-weighted average price: as `rollingVwap`, over the bars that opened on the newest bar's UTC day.
 * Null when one of them has no volume, and when nothing was traded. Unit: quote currency.
 */
export function sessionVwap(options: IndicatorOptions = {}): FeatureDefinition {
  return defineIndicator(
    {
      name: 'vwap_session',
      unit: 'quote',
      description: 'Volume-weighted average price of the bars of the newest bar’s UTC day',
      params: {},
      start: () => new SessionVwap(),
      uses: bars => {
        const last = bars.at(-1)
        return last === undefined ? [] : bars.filter(bar => dayOf(bar) === dayOf(last))
      },
    },
    options,
  )
}

const dayOf = ({ validAt }: Pick<MarketEvent, 'validAt'>): number => Math.floor(validAt / DAY_MS)

class RollingVwap implements BarRun {
  private readonly length: number
  private readonly paid = new QueueSum()
  private readonly volume = new QueueSum()
  private count = 0
  /** Number of the last bar that had no volume. */
  private lastWithout = Number.NEGATIVE_INFINITY

  constructor(length: number) {
    this.length = length
  }

  add(bar: BarPrices): number {
    const at = this.count++
    const { volumeE8 } = bar
    const volume = Number.isNaN(volumeE8) ? 0 : volumeE8 / 1e8
    if (Number.isNaN(volumeE8)) this.lastWithout = at
    this.paid.push(at, typicalPrice(bar) * volume)
    this.volume.push(at, volume)
    if (this.count > this.length) {
      this.paid.shift()
      this.volume.shift()
    }
    if (this.count < this.length || at - this.lastWithout < this.length) return Number.NaN
    return this.volume.sum > 0 ? this.paid.sum / this.volume.sum : Number.NaN
  }
}

class SessionVwap implements BarRun {
  private day = Number.NaN
  private paid = 0
  private volume = 0

  add(bar: BarPrices): number {
    const day = Math.floor(bar.openMs / DAY_MS)
    if (day !== this.day) {
      this.day = day
      this.paid = 0
      this.volume = 0
    }
    // A bar without volume leaves the day without a sum: NaN stays NaN.
    const volume = bar.volumeE8 / 1e8
    this.paid += typicalPrice(bar) * volume
    this.volume += volume
    return this.volume > 0 ? this.paid / this.volume : Number.NaN
  }
}
