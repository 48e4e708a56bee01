import { type Ohlc, type PriceE8, parseDecimal, priceE8, unixMs } from '../../core/index.ts'
import type { RowReading } from '../feeds/feedRow.ts'
import { type Column, type PriceColumns, splitRow } from './barColumns.ts'
import type { BarFeed } from './barFeed.ts'
import { parseBarTime } from './barTime.ts'

/** 10¹⁸ whole units: what is more is a mistake, and no number that figures could be made of. */
const MOST_E8 = 10n ** 26n

/** Reads one row of a file of bars; a text says what is wrong with it. Prices are exact to 10⁻⁸. */
export function parseBarRow(row: string, { columns, periodMs, time }: BarFeed): RowReading {
  const cells = splitRow(row, columns.separator)
  if (cells.length !== columns.count) return `it has ${cells.length} columns, not ${columns.count}`
  const stamp = cells[columns.time.index] ?? ''
  const at = parseBarTime(stamp)
  if (at === null) return `"${stamp}" is not a time`
  if (time === 'close' && at < periodMs) return `its bar, closed at ${stamp}, opened before 1970`
  const bid = parseSide(cells, columns.bid)
  if (typeof bid === 'string') return bid
  const ask = columns.ask === columns.bid ? bid : parseSide(cells, columns.ask)
  if (typeof ask === 'string') return ask
  for (const moment of ['open', 'high', 'low', 'close'] as const)
    if (bid[moment] > ask[moment])
      return `its ${textOf(cells, columns.bid[moment])} is above its ${textOf(cells, columns.ask[moment])}`
  const openMs = unixMs(time === 'open' ? at : at - periodMs)
  const closeMs = unixMs(openMs + periodMs)
  const bar = { type: 'bar' as const, closeMs, bid, ask }
  const volume = columns.volume === null ? '' : (cells[columns.volume.index] ?? '').trim()
  if (columns.volume === null || volume === '') return { validAt: openMs, knownAt: closeMs, value: bar }
  const volumeE8 = parseDecimal(volume, 8)
  if (volumeE8 === null || volumeE8 < 0n || volumeE8 > MOST_E8)
    return `its ${columns.volume.name} "${volume}" is not a volume`
  return { validAt: openMs, knownAt: closeMs, value: { ...bar, volumeE8 } }
}

function parseSide(cells: readonly string[], columns: PriceColumns): Ohlc | string {
  const open = parsePrice(cells, columns.open)
  if (typeof open === 'string') return open
  const high = parsePrice(cells, columns.high)
  if (typeof high === 'string') return high
  const low = parsePrice(cells, columns.low)
  if (typeof low === 'string') return low
  const close = parsePrice(cells, columns.close)
  if (typeof close === 'string') return close
  const text = (column: Column) => textOf(cells, column)
  if (high < low) return `its ${text(columns.high)} is below its ${text(columns.low)}`
  for (const [price, column] of [
    [open, columns.open],
    [close, columns.close],
  ] as const)
    if (price < low || price > high)
      return `its ${text(column)} lies outside its ${text(columns.low)} and ${text(columns.high)}`
  return { open, high, low, close }
}

function parsePrice(cells: readonly string[], column: Column): PriceE8 | string {
  const text = (cells[column.index] ?? '').trim()
  const value = parseDecimal(text, 8)
  if (value !== null && value > MOST_E8) return `its ${column.name} ${text} is too large`
  if (value !== null && value > 0n) return priceE8(value)
  if (text === '') return `its ${column.name} is empty`
  if (value === null)
    return `its ${column.name} "${text}" is ${/^[+-]?inf(inity)?$/i.test(text) ? 'infinite' : 'not a number'}`
  if (value < 0n) return `its ${column.name} ${text} is negative`
  // A price of less than half of the smallest unit rounds to nothing.
  return `its ${column.name} ${text} is ${/[1-9]/.test(text.replace(/e.*/i, '')) ? 'too small: the least price is 0.00000001' : 'zero'}`
}

const textOf = (cells: readonly string[], { index, name }: Column): string =>
  `${name} ${(cells[index] ?? '').trim()}`
