import { InvalidInputError } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { priceIn } from '../priceIn.ts'
import { priceAt } from '../rowPrice.ts'
import { lastOnes } from '../usedEvents.ts'
import { QueueSum } from '../windows/queueSum.ts'

type Gap = { readonly prices: QueueSum; last: number }

/**
 * Moving-average gap: P / SMA − 1, where SMA is the mean of the last `length` prices (bars, or swaps) with
 * the newest among them. Null before there are that many. Unit: 1. Source: Brock, Lakonishok and LeBaron,
 * "Simple Technical Trading Rules and the Stochastic Properties of Stock Returns", Journal of Finance 47
 * (1992).
 */
export function movingAverageGap(options: { readonly length: number }): FeatureDefinition {
  const { length } = options
  if (!Number.isSafeInteger(length) || length < 2)
    throw new InvalidInputError(`A moving average over ${length} prices is not possible.`, {
      facts: { length },
      hint: 'Pass a whole number of at least 2.',
    })
  function add(state: Gap, knownAt: number, price: number): void {
    state.last = price
    state.prices.push(knownAt, price)
    if (state.prices.size > length) state.prices.shift()
  }
  return defineFeature({
    name: `sma_gap_${length}`,
    version: 1,
    unit: '1',
    description: `Price relative to the mean of the last ${length} prices, less 1`,
    inputs: ['swap', 'bar'],
    params: { length },
    dependsOn: lastOnes(length),
    init: (): Gap => ({ prices: new QueueSum(), last: 0 }),
    update(state, event) {
      const price = priceIn(event)
      if (price !== null) add(state, event.knownAt, price)
    },
    updateRow: (state, columns, row) => add(state, columns.knownAt[row] ?? Number.NaN, priceAt(columns, row)),
    value: ({ prices, last }) => (prices.size < length ? null : (last * length) / prices.sum - 1),
  })
}
