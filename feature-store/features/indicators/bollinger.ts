import { InvalidInputError } from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import { QueueMoments } from '../windows/queueMoments.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions, inName } from './defineIndicator.ts'
import { isTaZero } from './taZero.ts'

/** Bars of a Bollinger band (20 unless given), and its half width in standard deviations (2). */
export type BollingerOptions = {
  readonly length?: number
  readonly deviations?: number
} & IndicatorOptions

type Part = 'upper' | 'middle' | 'lower' | 'percent_b' | 'bandwidth'

/**
 * Upper Bollinger band: mean + deviations · σ of the last `length` closes, σ² their variance divided by
 * `length`. Null before there are that many closes. Unit: quote currency. Source: Bollinger, "Bollinger on
 * Bollinger Bands" (2001); TA-Lib, `BBANDS` with a simple mean.
 */
export const bollingerUpper = (options: BollingerOptions = {}): FeatureDefinition =>
  bollingerPart('upper', 'quote', 'Upper Bollinger band of the bar closes', options)

/** Middle Bollinger band: the mean of the closes; see `bollingerUpper`. */
export const bollingerMiddle = (options: BollingerOptions = {}): FeatureDefinition =>
  bollingerPart('middle', 'quote', 'Middle Bollinger band of the bar closes', options)

/** Lower Bollinger band: mean − deviations · σ; see `bollingerUpper`. */
export const bollingerLower = (options: BollingerOptions = {}): FeatureDefinition =>
  bollingerPart('lower', 'quote', 'Lower Bollinger band of the bar closes', options)

/**
 * %b: (close − lower band) / (upper − lower), 0 at the lower and 1 at the upper; null where they meet. Unit: 1.
 * Source: Bollinger (2001), chapter 8; see `bollingerUpper`.
 */
export const bollingerPercentB = (options: BollingerOptions = {}): FeatureDefinition =>
  bollingerPart('percent_b', '1', 'Place of the close between the Bollinger bands', options)

/** Bandwidth: (upper − lower) / middle. Unit: 1. Source: Bollinger (2001), chapter 8; see `bollingerUpper`. */
export const bollingerBandwidth = (options: BollingerOptions = {}): FeatureDefinition =>
  bollingerPart('bandwidth', '1', 'Distance of the Bollinger bands relative to the middle one', options)

function bollingerPart(
  part: Part,
  unit: string,
  description: string,
  options: BollingerOptions,
): FeatureDefinition {
  const { length = 20, deviations = 2 } = options
  assertBars('A Bollinger band', length)
  if (!(deviations > 0 && deviations <= 100))
    throw new InvalidInputError(`A Bollinger band of ${deviations} deviations is not possible.`, {
      facts: { deviations },
      hint: 'Pass a number above 0 and at most 100.',
    })
  return defineIndicator(
    {
      name: `bollinger_${part}_${length}_${inName(deviations)}`,
      unit,
      description: `${description}, ${length} bars and ${deviations} deviations`,
      params: { length, deviations: String(deviations) },
      start: () => new Bollinger(part, length, deviations),
      uses: bars => bars.slice(-length),
    },
    options,
  )
}

class Bollinger implements BarRun {
  private readonly part: Part
  private readonly deviations: number
  private readonly moments: QueueMoments

  constructor(part: Part, length: number, deviations: number) {
    this.part = part
    this.deviations = deviations
    this.moments = new QueueMoments(length)
  }

  add({ close }: BarPrices): number {
    if (!this.moments.add(close)) return Number.NaN
    const { mean, variance } = this.moments
    const half = isTaZero(variance) ? 0 : Math.sqrt(variance) * this.deviations
    switch (this.part) {
      case 'upper':
        return mean + half
      case 'middle':
        return mean
      case 'lower':
        return mean - half
      case 'percent_b':
        return half === 0 ? Number.NaN : (close - (mean - half)) / (2 * half)
      case 'bandwidth':
        return (2 * half) / mean
    }
  }
}
