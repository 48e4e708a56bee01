import { type InstrumentId, type MarketEvent, priceOf } from '../core/index.ts'

/** Prices of one instrument over time, in 10⁻⁸ of the quote currency, as doubles; mids of quotes and bars. */
export type PricePath = {
  /** When each price was known. */
  readonly timeMs: Float64Array
  readonly priceE8: Float64Array
  readonly highE8: Float64Array
  readonly lowE8: Float64Array
}

/** The prices among what an agent observed. */
export function pricePath(events: readonly MarketEvent[], instrument: InstrumentId): PricePath {
  const pricing = events.filter(event => event.instrument === instrument && priceOf(event.value) !== null)
  const column = (read: (event: MarketEvent) => number) => Float64Array.from(pricing, read)
  const priceE8 = column(({ value }) => Number(priceOf(value)))
  const middle = (side: 'high' | 'low') =>
    Float64Array.from(pricing, ({ value }, index) =>
      value.type === 'bar' ? Number(value.bid[side] + value.ask[side]) / 2 : (priceE8[index] ?? 0),
    )
  return { timeMs: column(({ knownAt }) => knownAt), priceE8, highE8: middle('high'), lowE8: middle('low') }
}
