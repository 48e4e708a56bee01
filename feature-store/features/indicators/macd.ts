import { InvalidInputError } from '../../../core/index.ts'
import type { FeatureDefinition } from '../defineFeature.ts'
import type { BarPrices } from './barPrices.ts'
import { assertBars, type BarRun, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'
import { ExponentialMean } from './exponentialMean.ts'

/** Lengths of a MACD in bars; 12, 26 and 9 unless given. */
export type MacdOptions = {
  readonly fast?: number
  readonly slow?: number
  readonly signal?: number
} & IndicatorOptions

type Part = 'line' | 'signal' | 'histogram'

/**
 * MACD line: EMA(fast) − EMA(slow) of the closes. The fast mean is seeded with the closes that end where the
 * slow one begins, and there is no value before the signal's first: both as in TA-Lib's `MACD`. Unit: quote
 * currency. Source: Appel, "Technical Analysis: Power Tools for Active Investors" (2005).
 */
export const macdLine = (options: MacdOptions = {}): FeatureDefinition => macdPart('line', options)

/** MACD signal: the EMA of the MACD line, seeded with the mean of its first values; see `macdLine`. */
export const macdSignal = (options: MacdOptions = {}): FeatureDefinition => macdPart('signal', options)

/** MACD histogram: line less signal; see `macdLine`. */
export const macdHistogram = (options: MacdOptions = {}): FeatureDefinition => macdPart('histogram', options)

const NAMES: Readonly<Record<Part, readonly [name: string, description: string]>> = {
  line: ['macd', 'MACD line of the bar closes'],
  signal: ['macd_signal', 'Signal of the MACD line'],
  histogram: ['macd_histogram', 'MACD line less its signal'],
}

function macdPart(part: Part, options: MacdOptions): FeatureDefinition {
  const { fast = 12, slow = 26, signal = 9 } = options
  assertBars('A MACD', fast)
  assertBars('A MACD', slow)
  assertBars('A MACD signal', signal, 1)
  if (fast >= slow)
    throw new InvalidInputError(`A MACD of ${fast} and ${slow} bars is not possible.`, {
      facts: { fast, slow },
      hint: 'Pass a fast length below the slow one.',
    })
  const [name, description] = NAMES[part]
  return defineIndicator(
    {
      name: `${name}_${fast}_${slow}_${signal}`,
      unit: 'quote',
      description: `${description}, over ${fast}, ${slow} and ${signal} bars`,
      params: { fast, slow, signal },
      start: () => new Macd(part, fast, slow, signal),
    },
    options,
  )
}

class Macd implements BarRun {
  private readonly part: Part
  private readonly fast: ExponentialMean
  private readonly slow: ExponentialMean
  private readonly signal: ExponentialMean
  /** Closes that the slow mean takes in before the fast one takes in its first. */
  private toSkip: number

  constructor(part: Part, fast: number, slow: number, signal: number) {
    this.part = part
    this.fast = new ExponentialMean(fast)
    this.slow = new ExponentialMean(slow)
    this.signal = new ExponentialMean(signal)
    this.toSkip = slow - fast
  }

  add({ close }: BarPrices): number {
    const slow = this.slow.add(close)
    if (this.toSkip > 0) {
      this.toSkip -= 1
      return Number.NaN
    }
    const fast = this.fast.add(close)
    const line = fast - slow
    if (Number.isNaN(line)) return line
    const signal = this.signal.add(line)
    if (Number.isNaN(signal)) return signal
    if (this.part === 'line') return line
    return this.part === 'signal' ? signal : line - signal
  }
}
