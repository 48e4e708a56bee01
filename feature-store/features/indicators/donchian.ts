import type { FeatureDefinition } from '../defineFeature.ts'
import { QueueExtreme } from '../windows/queueExtreme.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'

/** Bars of a Donchian channel; 20 unless given. */
export type DonchianOptions = { readonly length?: number } & IndicatorOptions

type Part = 'upper' | 'middle' | 'lower'

/**
 * Upper Donchian channel: the highest high of the last `length` bars, the newest among them. Null before there
 * are that many. Unit: quote currency. Source: Donchian, "High Finance in Copper", Financial Analysts Journal
 * 16 (1960).
 */
export const donchianUpper = (options: DonchianOptions = {}): FeatureDefinition =>
  donchianPart('upper', 'Highest high', options)

/** Middle of the Donchian channel: halfway from the lower to the upper one; see `donchianUpper`. */
export const donchianMiddle = (options: DonchianOptions = {}): FeatureDefinition =>
  donchianPart('middle', 'Middle of highest high and lowest low', options)

/** Lower Donchian channel: the lowest low; see `donchianUpper`. */
export const donchianLower = (options: DonchianOptions = {}): FeatureDefinition =>
  donchianPart('lower', 'Lowest low', options)

function donchianPart(part: Part, description: string, options: DonchianOptions): FeatureDefinition {
  const { length = 20 } = options
  assertBars('A Donchian channel', length)
  return defineIndicator(
    {
      name: `donchian_${part}_${length}`,
      unit: 'quote',
      description: `${description} of the last ${length} bars`,
      params: { length },
      start: () => new Donchian(part, length),
      uses: bars => bars.slice(-length),
    },
    options,
  )
}

class Donchian implements BarRun {
  private readonly part: Part
  private readonly highs: QueueExtreme
  private readonly lows: QueueExtreme

  constructor(part: Part, length: number) {
    this.part = part
    this.highs = new QueueExtreme(length, 'greatest')
    this.lows = new QueueExtreme(length, 'least')
  }

  add(bar: BarPrices): number {
    const high = this.highs.add(bar.high)
    const low = this.lows.add(bar.low)
    if (this.part === 'upper') return high
    return this.part === 'lower' ? low : (high + low) / 2
  }
}
