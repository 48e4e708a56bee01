import { InvalidInputError } from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { AverageTrueRange } from './averageTrueRange.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions, inName } from './defineIndicator.ts'
import { ExponentialMean } from './exponentialMean.ts'

/** Bars of the mean of a Keltner channel (20 unless given) and of its range (10), and its width in ranges (2). */
export type KeltnerOptions = {
  readonly length?: number
  readonly rangeLength?: number
  readonly ranges?: number
} & IndicatorOptions

type Part = 'upper' | 'middle' | 'lower'

/**
 * Upper Keltner channel: EMA + ranges · ATR of the bars. Null before both exist. Unit: quote currency. Source:
 * Keltner, "How to Make Money in Commodities" (1960), in Raschke and Connors' form with an exponential mean
 * and the average true range, "Street Smarts" (1995); both as in TA-Lib.
 */
export const keltnerUpper = (options: KeltnerOptions = {}): FeatureDefinition => keltnerPart('upper', options)

/** Middle of the Keltner channel: the EMA, where the channel exists; see `keltnerUpper`. */
export const keltnerMiddle = (options: KeltnerOptions = {}): FeatureDefinition =>
  keltnerPart('middle', options)

/** Lower Keltner channel: EMA − ranges · ATR; see `keltnerUpper`. */
export const keltnerLower = (options: KeltnerOptions = {}): FeatureDefinition => keltnerPart('lower', options)

const DESCRIPTIONS: Readonly<Record<Part, string>> = {
  upper: 'Upper Keltner channel',
  middle: 'Middle of the Keltner channel',
  lower: 'Lower Keltner channel',
}

function keltnerPart(part: Part, options: KeltnerOptions): FeatureDefinition {
  const { length = 20, rangeLength = 10, ranges = 2 } = options
  assertBars('A Keltner channel', length)
  assertBars('The range of a Keltner channel', rangeLength)
  if (!(ranges > 0 && ranges <= 100))
    throw new InvalidInputError(`A Keltner channel of ${ranges} ranges is not possible.`, {
      facts: { ranges },
      hint: 'Pass a number above 0 and at most 100.',
    })
  return defineIndicator(
    {
      name: `keltner_${part}_${length}_${rangeLength}_${inName(ranges)}`,
      unit: 'quote',
      description: `${DESCRIPTIONS[part]}, ${length} bars and ${ranges} average true ranges of ${rangeLength}`,
      params: { length, rangeLength, ranges: String(ranges) },
      start: () => new Keltner(part, length, rangeLength, ranges),
    },
    options,
  )
}

class Keltner implements BarRun {
  private readonly part: Part
  private readonly ranges: number
  private readonly mean: ExponentialMean
  private readonly range: AverageTrueRange

  constructor(part: Part, length: number, rangeLength: number, ranges: number) {
    this.part = part
    this.ranges = ranges
    this.mean = new ExponentialMean(length)
    this.range = new AverageTrueRange(rangeLength)
  }

  add(bar: BarPrices): number {
    const mean = this.mean.add(bar.close)
    const range = this.range.add(bar)
    if (Number.isNaN(mean) || Number.isNaN(range)) return Number.NaN
    if (this.part === 'middle') return mean
    return this.part === 'upper' ? mean + this.ranges * range : mean - this.ranges * range
  }
}
