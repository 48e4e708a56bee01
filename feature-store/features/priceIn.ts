import { type MarketEvent, priceOf } from '../../core/index.ts'
import { fromE8 } from './wholeUnits.ts'

let lastEvent: MarketEvent | null = null
let lastPrice: number | null = null

/**
 * The price that an event establishes, as a double; null for none. Several features ask for the price of one
 * event in turn, and integer arithmetic costs more than they do: so the last answer is kept.
 */
export function priceIn(event: MarketEvent): number | null {
  if (event !== lastEvent) {
    const established = priceOf(event.value)
    lastEvent = event
    lastPrice = established === null ? null : fromE8(established)
  }
  return lastPrice
}
