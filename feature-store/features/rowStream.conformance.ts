import {
  type BarValue,
  compareEvents,
  type InstrumentId,
  type MarketColumns,
  type MarketEvent,
  type MarketValue,
  MINUTE_MS,
  marketColumns,
  type Ohlc,
  priceE8,
  type Random,
  unixMs,
} from '../../core/index.ts'
import { randomStream } from './randomStream.conformance.ts'
import { GOLD, TREASURY } from './sampleEvents.conformance.ts'

/** The instruments of `rowStream`. */
export const ROW_INSTRUMENTS: readonly InstrumentId[] = [TREASURY, GOLD.id]

/**
 * A stream of events of every type and of two instruments, in the total order: with quotes and trades, bars that come
 * late or twice, several events at one time from several feeds, and volumes that no double holds.
 */
export function rowStream(random: Random, length: number): MarketEvent[] {
  return randomStream(Math.floor(random() * 2 ** 31), length)
    .flatMap((event, index) => {
      const instrument = random() < 0.2 ? TREASURY : event.instrument
      const feed = random() < 0.3 ? 'other' : 'sample'
      const given = {
        ...event,
        instrument,
        lineage: { kind: 'feed' as const, feed, sequence: index },
        value: varied(event.value, random),
      }
      if (given.value.type !== 'bar' || random() > 0.2) return [given]
      return [given, { ...given, lineage: { ...given.lineage, feed: 'twice' } }]
    })
    .sort(compareEvents)
}

function varied(value: MarketValue, random: Random): MarketValue {
  if (value.type === 'bar') return variedBar(value, random)
  if (value.type !== 'swap') return value
  const sizeE8 = BigInt(Math.floor(random() * 1e9))
  const kind = random()
  if (kind < 0.2) return { type: 'trade', side: kind < 0.1 ? 'buy' : 'sell', priceE8: value.priceE8, sizeE8 }
  if (kind > 0.4) return value
  const askE8 = priceE8(value.priceE8 + BigInt(Math.floor(random() * 1e6)))
  return { type: 'quote', bidE8: value.priceE8, bidSizeE8: sizeE8, askE8, askSizeE8: sizeE8 }
}

function variedBar(value: BarValue, random: Random): BarValue {
  const closeMs =
    random() < 0.1
      ? unixMs(Math.max(0, value.closeMs - Math.floor(random() * 600) * MINUTE_MS))
      : value.closeMs
  // An odd step makes half of the sums of bid and ask odd.
  const step = BigInt(Math.floor(random() * 1_000))
  const up = (price: bigint) => priceE8(price + step)
  const { open, high, low, close }: Ohlc = value.ask
  const ask = { open: up(open), high: up(high), low: up(low), close: up(close) }
  if (value.volumeE8 === undefined || random() > 0.1) return { ...value, closeMs, ask }
  return { ...value, closeMs, ask, volumeE8: 10n ** 25n + step }
}

/** The events as columns in which bars have no event object, and their volumes are the nearest doubles. */
export function columnsWithoutBars(events: readonly MarketEvent[]): MarketColumns {
  const columns = marketColumns(events, ROW_INSTRUMENTS)
  return { ...columns, events: columns.events.map(event => (event?.value.type === 'bar' ? null : event)) }
}
