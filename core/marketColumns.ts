import { InvalidInputError } from './errors.ts'
import type { InstrumentId } from './instrument.ts'
import type { BarValue, MarketEvent, MarketEventType } from './marketEvent.ts'
import { type PriceE8, priceE8 } from './money.ts'
import { type EventPosition, positionOf } from './observation.ts'
import { unixMs } from './time.ts'

/** Kinds of rows, by their number in `MarketColumns.kind`; `other` is every event without a price. */
export const ROW_KINDS = ['other', 'bar', 'quote', 'trade', 'swap'] as const satisfies readonly (
  | MarketEventType
  | 'other'
)[]
export const OTHER_ROW = 0
export const BAR_ROW = 1
export const QUOTE_ROW = 2
export const TRADE_ROW = 3
export const SWAP_ROW = 4

/**
 * Market events as columns, a row each, in their total order. Prices and sizes are whole numbers of 10⁻⁸, exact in a
 * double, in a row that has a price: a quote, trade or swap fills open, high, low and close alike. Columns of bid
 * and ask may be the same arrays where the source has one price.
 */
export type MarketColumns = {
  /** Rows that are filled. */
  readonly length: number
  /** What `instrument` counts in. */
  readonly instruments: readonly InstrumentId[]
  /** What `source` counts in. */
  readonly sources: readonly string[]
  readonly kind: Uint8Array
  readonly instrument: Uint16Array
  /** `validAt` of an event: of a bar, its open. */
  readonly openMs: Float64Array
  /** The latest time that a row tells about: of a bar its close, else `openMs`. */
  readonly closeMs: Float64Array
  readonly knownAt: Float64Array
  readonly source: Uint16Array
  readonly block: Float64Array
  readonly logIndex: Float64Array
  readonly bidOpenE8: Float64Array
  readonly bidHighE8: Float64Array
  readonly bidLowE8: Float64Array
  readonly bidCloseE8: Float64Array
  readonly askOpenE8: Float64Array
  readonly askHighE8: Float64Array
  readonly askLowE8: Float64Array
  readonly askCloseE8: Float64Array
  /** Base traded; NaN where the source has no volume. */
  readonly volumeE8: Float64Array
  /** The events themselves; null, or no entry, for a bar that the columns hold whole. */
  readonly events: readonly (MarketEvent | null)[]
}

/** Columns under construction. */
export type MarketColumnsBuilder = {
  readonly columns: MarketColumns
  /** True when another row fits. */
  readonly hasRoom: boolean
  /**
   * Adds an event, and returns its row.
   *
   * @throws InvalidInputError for an instrument that the columns do not list, for a price beyond ±2⁵³ · 10⁻⁸, and
   * when no row is left.
   */
  append(event: MarketEvent): number
}

/** Makes empty columns of a fixed capacity for the events of some instruments. */
export function createMarketColumns(
  instruments: readonly InstrumentId[],
  capacity: number,
): MarketColumnsBuilder {
  const numbers = new Map(instruments.map((id, index) => [id, index]))
  const sources: string[] = []
  const events: (MarketEvent | null)[] = []
  const column = () => new Float64Array(capacity)
  const columns = {
    length: 0,
    instruments,
    sources,
    kind: new Uint8Array(capacity),
    instrument: new Uint16Array(capacity),
    openMs: column(),
    closeMs: column(),
    knownAt: column(),
    source: new Uint16Array(capacity),
    block: column(),
    logIndex: column(),
    bidOpenE8: column(),
    bidHighE8: column(),
    bidLowE8: column(),
    bidCloseE8: column(),
    askOpenE8: column(),
    askHighE8: column(),
    askLowE8: column(),
    askCloseE8: column(),
    volumeE8: column(),
    events,
  }

  function setPrice(row: number, bid: number, ask: number, volume: number): void {
    columns.bidOpenE8[row] = columns.bidHighE8[row] = columns.bidLowE8[row] = columns.bidCloseE8[row] = bid
    columns.askOpenE8[row] = columns.askHighE8[row] = columns.askLowE8[row] = columns.askCloseE8[row] = ask
    columns.volumeE8[row] = volume
  }

  function setBar(row: number, { bid, ask, closeMs, volumeE8 }: BarValue): void {
    columns.closeMs[row] = closeMs
    columns.bidOpenE8[row] = exact(bid.open)
    columns.bidHighE8[row] = exact(bid.high)
    columns.bidLowE8[row] = exact(bid.low)
    columns.bidCloseE8[row] = exact(bid.close)
    columns.askOpenE8[row] = exact(ask.open)
    columns.askHighE8[row] = exact(ask.high)
    columns.askLowE8[row] = exact(ask.low)
    columns.askCloseE8[row] = exact(ask.close)
    columns.volumeE8[row] = volumeE8 === undefined ? Number.NaN : Number(volumeE8)
  }

  return {
    columns,
    get hasRoom() {
      return columns.length < capacity
    },
    append(event) {
      const row = columns.length
      if (row === capacity) throw noRoom(capacity)
      const number = numbers.get(event.instrument)
      if (number === undefined) throw unlisted(event.instrument)
      const { source, block, logIndex, knownAt } = positionOf(event)
      let place = sources.lastIndexOf(source)
      if (place === -1) place = sources.push(source) - 1
      columns.instrument[row] = number
      columns.source[row] = place
      columns.block[row] = block
      columns.logIndex[row] = logIndex
      columns.openMs[row] = columns.closeMs[row] = event.validAt
      columns.knownAt[row] = knownAt
      const { value } = event
      switch (value.type) {
        case 'bar':
          columns.kind[row] = BAR_ROW
          setBar(row, value)
          break
        case 'quote':
          columns.kind[row] = QUOTE_ROW
          setPrice(row, exact(value.bidE8), exact(value.askE8), Number.NaN)
          break
        case 'trade': {
          const price = exact(value.priceE8)
          columns.kind[row] = TRADE_ROW
          setPrice(row, price, price, Number(value.sizeE8))
          break
        }
        case 'swap': {
          const price = exact(value.priceE8)
          columns.kind[row] = SWAP_ROW
          setPrice(row, price, price, Number.NaN)
          break
        }
        default:
          columns.kind[row] = OTHER_ROW
      }
      events[row] = event
      columns.length = row + 1
      return row
    },
  }
}

/** Puts events into columns of their length. */
export function marketColumns(
  events: readonly MarketEvent[],
  instruments: readonly InstrumentId[],
): MarketColumns {
  const { columns, append } = createMarketColumns(instruments, events.length)
  for (const event of events) append(event)
  return columns
}

/**
 * The event of a row; made where the columns hold it whole.
 *
 * @throws InvalidInputError for a row that is neither kept as an event nor a bar.
 */
export function eventAt(columns: MarketColumns, row: number): MarketEvent {
  const kept = columns.events[row]
  if (kept !== null && kept !== undefined) return kept
  if (columns.kind[row] !== BAR_ROW) throw noEvent(row)
  const { sources, source, block, instruments, instrument, openMs, knownAt, closeMs, volumeE8 } = columns
  const price = (column: Float64Array): PriceE8 => priceE8(BigInt(column[row] ?? 0))
  const volume = volumeE8[row] ?? Number.NaN
  const value: BarValue = {
    type: 'bar',
    closeMs: unixMs(closeMs[row] ?? 0),
    bid: {
      open: price(columns.bidOpenE8),
      high: price(columns.bidHighE8),
      low: price(columns.bidLowE8),
      close: price(columns.bidCloseE8),
    },
    ask: {
      open: price(columns.askOpenE8),
      high: price(columns.askHighE8),
      low: price(columns.askLowE8),
      close: price(columns.askCloseE8),
    },
    ...(Number.isNaN(volume) ? {} : { volumeE8: BigInt(volume) }),
  }
  const named = instruments[instrument[row] ?? 0]
  if (named === undefined) throw unlisted(`number ${instrument[row]}`)
  return {
    instrument: named,
    validAt: unixMs(openMs[row] ?? 0),
    knownAt: unixMs(knownAt[row] ?? 0),
    lineage: { kind: 'feed', feed: sources[source[row] ?? 0] ?? '', sequence: block[row] ?? 0 },
    value,
  }
}

/** The position of a row in the total order. */
export function positionAt(columns: MarketColumns, row: number): EventPosition {
  return {
    knownAt: unixMs(columns.knownAt[row] ?? 0),
    source: columns.sources[columns.source[row] ?? 0] ?? '',
    block: columns.block[row] ?? 0,
    logIndex: columns.logIndex[row] ?? 0,
  }
}

function exact(price: bigint): number {
  const value = Number(price)
  if (Number.isSafeInteger(value)) return value
  throw new InvalidInputError(`A price of ${price} · 10⁻⁸ is beyond what columns hold.`, {
    facts: { price },
    hint: 'Quote the instrument in a larger unit: prices reach to 90 million whole units.',
  })
}

function unlisted(instrument: string): InvalidInputError {
  return new InvalidInputError(`The columns do not list instrument ${instrument}.`, {
    facts: { instrument },
    hint: 'Name every instrument of the events when the columns are made.',
  })
}

function noRoom(capacity: number): InvalidInputError {
  return new InvalidInputError(`The columns are full: they have ${capacity} rows.`, {
    facts: { capacity },
    hint: 'Ask `hasRoom` before `append`, and start other columns where there is none.',
  })
}

function noEvent(row: number): InvalidInputError {
  return new InvalidInputError(`Row ${row} of the columns has no event, and is no bar to make one from.`, {
    facts: { row },
    hint: 'Keep the event of every row that is not a bar.',
  })
}
