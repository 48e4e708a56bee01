import type { BarValue, MarketEvent, UnixMs } from '../../../core/index.ts'
import { fromE8 } from '../wholeUnits.ts'

/** A bar as indicators read it: the mid of bid and ask, in quote currency. */
export type BarPrices = {
  readonly openMs: UnixMs
  readonly closeMs: UnixMs
  readonly high: number
  readonly low: number
  readonly close: number
  /** Base traded, in 10⁻⁸; null where the source has no volume. */
  readonly volumeE8: bigint | null
}

let lastEvent: MarketEvent | null = null
let lastPrices: BarPrices | null = null

/** Reads a bar. Several indicators read one bar in turn, so the last answer is kept. */
export function barPrices(event: MarketEvent<BarValue>): BarPrices {
  if (event !== lastEvent || lastPrices === null) {
    const { bid, ask, closeMs, volumeE8 } = event.value
    lastEvent = event
    lastPrices = {
      openMs: event.validAt,
      closeMs,
      // As in `priceOf`, the half of an odd sum is rounded down: so the close lies between low and high.
      high: fromE8((bid.high + ask.high) / 2n),
      low: fromE8((bid.low + ask.low) / 2n),
      close: fromE8((bid.close + ask.close) / 2n),
      volumeE8: volumeE8 ?? null,
    }
  }
  return lastPrices
}

/** Typical price of a bar: the mean of high, low and close. */
export const typicalPrice = ({ high, low, close }: BarPrices): number => (high + low + close) / 3
