import {
  type BarValue,
  createMarketColumns,
  eventAt,
  type MarketColumns,
  type MarketEvent,
  type UnixMs,
  unixMs,
} from '../../../core/index.ts'
import { midOf } from '../rowPrice.ts'
import { fromE8 } from '../wholeUnits.ts'

/** A bar as indicators read it, the mid of bid and ask in quote currency: lent for one `add`, and then changed. */
export type BarPrices = {
  readonly openMs: UnixMs
  readonly closeMs: UnixMs
  readonly high: number
  readonly low: number
  readonly close: number
  /** Base traded, in 10⁻⁸, as the nearest double: exact up to 2⁵³. NaN where the source has no volume. */
  readonly volumeE8: number
  /** What was traded less `volumeE8`: 0 up to 2⁵³ and without volume. The two together are exact. */
  readonly volumeRestE8: number
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
      volumeE8: volumeE8 === undefined ? Number.NaN : Number(volumeE8),
      volumeRestE8: restOf(volumeE8),
    }
  }
  return lastPrices
}

const NO_COLUMNS = createMarketColumns([], 0).columns

/** A bar in columns. Beyond the close, which most indicators need alone, it reads what it is asked for as it is asked. */
export class RowBar implements BarPrices {
  /** A field, since a double that a getter returns is allocated. */
  close = Number.NaN
  private columns = NO_COLUMNS
  private row = 0

  /** Moves to another bar. */
  moveTo(columns: MarketColumns, row: number): this {
    // They change seldom, and to store a reference costs more than to compare it.
    if (columns !== this.columns) this.columns = columns
    this.row = row
    this.close = midOf(columns.bidCloseE8[row] ?? Number.NaN, columns.askCloseE8[row] ?? Number.NaN)
    return this
  }

  get openMs(): UnixMs {
    return unixMs(this.columns.openMs[this.row] ?? Number.NaN)
  }

  get closeMs(): UnixMs {
    return unixMs(this.columns.closeMs[this.row] ?? Number.NaN)
  }

  get high(): number {
    const { columns, row } = this
    return midOf(columns.bidHighE8[row] ?? Number.NaN, columns.askHighE8[row] ?? Number.NaN)
  }

  get low(): number {
    const { columns, row } = this
    return midOf(columns.bidLowE8[row] ?? Number.NaN, columns.askLowE8[row] ?? Number.NaN)
  }

  get volumeE8(): number {
    return this.columns.volumeE8[this.row] ?? Number.NaN
  }

  get volumeRestE8(): number {
    if (!(Math.abs(this.volumeE8) > Number.MAX_SAFE_INTEGER)) return 0
    const { value } = eventAt(this.columns, this.row)
    return restOf(value.type === 'bar' ? value.volumeE8 : undefined)
  }
}

/** What a volume exceeds its nearest double by: a double itself for all volumes below 10²³ whole units. */
function restOf(volumeE8: bigint | undefined): number {
  return volumeE8 === undefined ? 0 : Number(volumeE8 - BigInt(Number(volumeE8)))
}

/** Typical price of a bar: the mean of high, low and close. */
export const typicalPrice = ({ high, low, close }: BarPrices): number => (high + low + close) / 3
