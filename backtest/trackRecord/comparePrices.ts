import {
  type DecisionRecord,
  deliveredEvent,
  positionOf,
  priceOf,
  type StoredObservation,
} from '../../core/index.ts'
import type { RecordFault } from './recordFault.ts'
import { type NamedPrice, namedPrices, observationName } from './settledSignals.ts'

/** What came of comparing recorded prices with observations. */
export type ComparedPrices = {
  readonly equal: number
  /** Prices whose observation is not among those at hand, or gives no price of its own, as a NAV less fees. */
  readonly unseen: number
  readonly faults: readonly RecordFault[]
}

/** Compares the prices of outcomes and valuations with the observations that they name. */
export async function comparePrices(
  records: readonly DecisionRecord[],
  observations: AsyncIterable<StoredObservation> | Iterable<StoredObservation>,
): Promise<ComparedPrices> {
  const waiting = new Map<string, NamedPrice[]>()
  for (const named of namedPrices(records)) {
    const name = observationName(named.instrument, named.pricedBy)
    const same = waiting.get(name)
    if (same === undefined) waiting.set(name, [named])
    else same.push(named)
  }
  const faults: RecordFault[] = []
  let equal = 0
  for await (const observation of observations) {
    const event = deliveredEvent(observation)
    const name = observationName(event.instrument, positionOf(event))
    const price = priceOf(event.value)
    if (price === null) continue
    for (const { sequence, priceE8 } of waiting.get(name) ?? []) {
      if (priceE8 === price) equal++
      else
        faults.push({
          kind: 'price',
          first: sequence,
          last: sequence,
          detail: `It takes a price of ${priceE8} from ${name}, which was ${price}.`,
        })
    }
    waiting.delete(name)
  }
  const unseen = [...waiting.values()].reduce((sum, prices) => sum + prices.length, 0)
  return { equal, unseen, faults }
}
