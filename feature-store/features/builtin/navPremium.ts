import { DAY_MS, type UnixMs } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { priceIn } from '../priceIn.ts'
import { priceAt } from '../rowPrice.ts'
import { lastOfNewest } from '../usedEvents.ts'
import { fromE8 } from '../wholeUnits.ts'

/** Age past which a NAV says nothing about the premium: a long week-end and the days to publish it. */
export const DEFAULT_MAX_NAV_AGE_MS = 7 * DAY_MS

type Premium = { price: number | null; nav: number; navAtMs: UnixMs | null }

/**
 * NAV premium: P / NAV − 1, of the last market price over the net asset value per token last published;
 * negative at a discount. The NAV counts from its publication (`knownAt`) on; null when the time it
 * describes is longer ago than `maxNavAgeMs`, and before the first price and NAV. Unit: 1. Source: Lee,
 * Shleifer and Thaler, "Investor Sentiment and the Closed-End Fund Puzzle", Journal of Finance 46 (1991).
 */
export function navPremium(options: { readonly maxNavAgeMs?: number } = {}): FeatureDefinition {
  const { maxNavAgeMs = DEFAULT_MAX_NAV_AGE_MS } = options
  return defineFeature({
    name: 'nav_premium',
    version: 1,
    unit: '1',
    description: 'Market price relative to the published net asset value, less 1',
    inputs: ['nav', 'swap', 'bar'],
    params: { maxNavAgeMs },
    dependsOn(inputs) {
      const lastPrice = inputs.findLast(({ value }) => value.type !== 'nav')
      const nav = lastOfNewest(inputs.filter(({ value }) => value.type === 'nav'))
      return inputs.filter(event => event === lastPrice || event === nav)
    },
    init: (): Premium => ({ price: null, nav: 0, navAtMs: null }),
    update(state, event) {
      const { validAt, value } = event
      if (value.type !== 'nav') {
        const price = priceIn(event)
        if (price !== null) state.price = price
      } else if (state.navAtMs === null || validAt >= state.navAtMs) {
        // A correction published late of an older day does not replace a newer day's value.
        state.nav = fromE8(value.navE8)
        state.navAtMs = validAt
      }
    },
    updateRow(state, columns, row) {
      state.price = priceAt(columns, row)
    },
    value({ price, nav, navAtMs }, nowMs) {
      if (price === null || navAtMs === null || nav <= 0 || nowMs - navAtMs > maxNavAgeMs) return null
      return price / nav - 1
    },
  })
}
