import { InvalidInputError } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { inWindow } from '../usedEvents.ts'
import { fromE8 } from '../wholeUnits.ts'
import { SortedWindow } from '../windows/sortedWindow.ts'

/**
 * Trade-size tail over a window: the share of the value traded that the largest trades hold, these being the
 * ⌈percent · n / 100⌉ largest of n. Near percent/100 when all trades are alike, near 1 when few large traders
 * make the market. Null until the swaps cover a window, and in a window without volume. Unit: 1. Source: the
 * heavy tail of trade sizes in Gabaix, Gopikrishnan, Plerou and Stanley, "A theory of power-law distributions
 * in financial market fluctuations", Nature 423 (2003).
 */
export function tradeSizeTail(options: {
  readonly windowMs: number
  readonly percent?: number
}): FeatureDefinition {
  const { windowMs, percent = 5 } = options
  const window = durationName(windowMs)
  if (!Number.isInteger(percent) || percent < 1 || percent > 99)
    throw new InvalidInputError(`A trade-size tail of ${percent} % is not possible.`, {
      facts: { percent },
      hint: 'Pass a whole percentage from 1 to 99.',
    })
  return defineFeature({
    name: `trade_size_tail_${percent}_${window}`,
    version: 1,
    unit: '1',
    description: `Share of the value traded in the last ${window} that the largest ${percent} % of trades hold`,
    inputs: ['swap'],
    params: { windowMs, percent },
    dependsOn: inWindow(windowMs),
    init: () => new SortedWindow(windowMs),
    update: (sizes, event) => sizes.add(event.knownAt, fromE8(event.value.notionalE8)),
    value(sizes, nowMs) {
      const sorted = sizes.at(nowMs)
      if (sorted === null) return null
      const firstLarge = sorted.length - Math.ceil((percent * sorted.length) / 100)
      // Summed afresh and in order of size, so that the result does not depend on the order of arrival.
      let small = 0
      let large = 0
      for (let i = 0; i < firstLarge; i++) small += sorted[i] ?? 0
      for (let i = firstLarge; i < sorted.length; i++) large += sorted[i] ?? 0
      return large > 0 ? large / (small + large) : null
    },
  })
}
