import { exactLog } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { priceIn } from '../priceIn.ts'
import { priceAt } from '../rowPrice.ts'
import { atHorizon } from '../usedEvents.ts'
import { AsOfSeries } from '../windows/asOfSeries.ts'

/**
 * Log return over a horizon: ln(P(t) / P(t − h)), each the last price known at its time. Null until a price
 * is a horizon old. Unit: natural-log return. Source: Campbell, Lo and MacKinlay, "The Econometrics of
 * Financial Markets" (1997), section 1.4.
 */
export function logReturn(options: {
  readonly horizonMs: number
  readonly maxAgeMs?: number
}): FeatureDefinition {
  const { horizonMs, maxAgeMs = null } = options
  const horizon = durationName(horizonMs)
  return defineFeature({
    name: `return_${horizon}`,
    version: 1,
    unit: 'log return',
    description: `Log return over the last ${horizon}`,
    inputs: ['swap', 'bar'],
    maxAgeMs,
    params: { horizonMs },
    dependsOn: atHorizon(horizonMs),
    init: () => new AsOfSeries(horizonMs),
    update(prices, event) {
      const price = priceIn(event)
      if (price !== null) prices.add(event.knownAt, price)
    },
    updateRow: (prices, columns, row) =>
      prices.add(columns.knownAt[row] ?? Number.NaN, priceAt(columns, row)),
    value(prices, nowMs) {
      const before = prices.before(nowMs)
      const { last } = prices
      return before === null || last === null ? null : exactLog(last / before)
    },
  })
}
