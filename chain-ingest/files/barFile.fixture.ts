import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll } from 'vitest'
import { formatInstant, HOUR_MS, type StoredObservation, unixMs } from '../../core/index.ts'
import { XAUUSD } from '../testing/instruments.conformance.ts'
import { type BarFileOptions, readBars } from './readBars.ts'

const folder = mkdtempSync(join(tmpdir(), 'bars-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
/** Writes a file of lines that goes with the tests. */
export function write(lines: readonly string[], zip = false): string {
  const file = join(folder, `${files++}.csv`)
  writeFileSync(file, zip ? gzipSync(lines.join('\r\n')) : lines.join('\n'))
  return file
}

/** Reads lines as a file of bars. */
export async function read(
  lines: readonly string[],
  options: Partial<BarFileOptions> = {},
): Promise<StoredObservation[]> {
  const all: StoredObservation[] = []
  for await (const row of readBars({ file: write(lines), instrument: XAUUSD, ...options })) all.push(row)
  return all
}

/** Open of the first bar. */
export const START = Date.UTC(2024, 0, 5)
export const hour = (number: number) => formatInstant(unixMs(START + number * HOUR_MS))
export const OHLC = 'date,open,high,low,close,volume'
export const PRICES = '2000,2010,1990,2005,1.5'
export const QUOTES = 'time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close'
