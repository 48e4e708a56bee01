import type { FeatureDefinition } from '../defineFeature.ts'
import { AverageTrueRange } from './averageTrueRange.ts'
import { assertBars, defineIndicator, type IndicatorOptions } from './defineIndicator.ts'

/**
 * Average true range: Wilder's mean of the true ranges. Null before there are `length` of them, which takes one
 * bar more. Unit: quote currency. Source: Wilder, "New Concepts in Technical Trading Systems" (1978); TA-Lib,
 * `ATR`.
 */
export function atr(options: { readonly length?: number } & IndicatorOptions = {}): FeatureDefinition {
  const { length = 14 } = options
  assertBars('An average true range', length)
  return defineIndicator(
    {
      name: `atr_${length}`,
      unit: 'quote',
      description: `Average true range over ${length} bars`,
      params: { length },
      start: () => new AverageTrueRange(length),
    },
    options,
  )
}
