import { type InstrumentId, type MarketEvent, priceOf } from '../core/index.ts'

/** Prices of one instrument over time, in 10⁻⁸ of the quote currency, as doubles; mids of quotes and bars. */
export type PricePath = {
  /** When each price was known. */
  readonly timeMs: Float64Array
  readonly priceE8: Float64Array
  readonly highE8: Float64Array
  readonly lowE8: Float64Array
}

/** The prices among what an agent observed: those of its market; before the first of these, and without any, its NAVs. */
export function pricePath(events: readonly MarketEvent[], instrument: InstrumentId): PricePath {
  const pricing: { readonly event: MarketEvent; readonly price: number }[] = []
  let isQuoted = false
  for (const event of events) {
    if (event.instrument !== instrument) continue
    const market = priceOf(event.value)
    if (market !== null) isQuoted = true
    const price = market ?? (isQuoted || event.value.type !== 'nav' ? null : event.value.navE8)
    if (price !== null) pricing.push({ event, price: Number(price) })
  }
  const middle = (side: 'high' | 'low') =>
    Float64Array.from(pricing, ({ event: { value }, price }) =>
      value.type === 'bar' ? Number(value.bid[side] + value.ask[side]) / 2 : price,
    )
  return {
    timeMs: Float64Array.from(pricing, ({ event }) => event.knownAt),
    priceE8: Float64Array.from(pricing, ({ price }) => price),
    highE8: middle('high'),
    lowE8: middle('low'),
  }
}
