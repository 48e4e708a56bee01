import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { formatInstant, type StoredObservation, unixMs, type YieldTenor } from '../../core/index.ts'
import { readBars } from '../files/readBars.ts'
import { XAUUSD } from '../testing/instruments.conformance.ts'
import { createMemoryObservationStore } from '../testing/memoryObservationStore.conformance.ts'
import { isFederalHoliday } from './federalHoliday.ts'
import { decodeRawFeedRow } from './feedRow.ts'
import { ingestFeed } from './ingestFeed.ts'
import { readNavHistory } from './readNavHistory.ts'
import { readYieldCurve } from './readYieldCurve.ts'

const folder = mkdtempSync(join(tmpdir(), 'feeds-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function write(lines: readonly string[], zip = false): string {
  const file = join(folder, `${files++}.csv`)
  writeFileSync(file, zip ? gzipSync(lines.join('\r\n')) : lines.join('\n'))
  return file
}

async function drain(rows: AsyncIterable<StoredObservation>): Promise<StoredObservation[]> {
  const all: StoredObservation[] = []
  for await (const row of rows) all.push(row)
  return all
}

const BAR_HEADER = 'time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close'
const bar = (time: string, prices = '1,2,0.5,1.5,1.1,2.1,0.6,1.6') => `${time},${prices}`
describe('share prices', () => {
  const HEADER = 'symbol,address,block_number,timestamp_utc,share_price,total_assets,total_supply'
  const row = (symbol: string, time: string, price: string) => `${symbol},0x1,1,${time},${price},1,1`
  const read = (lines: string[], symbol = 'A') =>
    drain(
      readNavHistory({
        file: write([HEADER, ...lines]),
        symbol,
        instrument: XAUUSD,
        publicationDelayMs: 500,
      }),
    )

  test('of one vault only', async () => {
    const rows = await read([
      row('A', '2024-01-01 00:00:00', '1.000000005'),
      row('B', '1999-01-01 00:00:00', 'x'),
      row('A', '2024-01-02 00:00:00', '1.1'),
    ])
    expect(rows.map(({ event }) => event.value)).toEqual([
      { type: 'nav', navE8: 100_000_001n },
      { type: 'nav', navE8: 110_000_000n },
    ])
    expect(rows[1]?.event).toMatchObject({ lineage: { sequence: 1 }, knownAt: 1_704_153_600_500 })
  })

  test('are refused when malformed, out of order, or absent', async () => {
    await expect(read([row('A', 'x', '1')])).rejects.toThrow('line 2 is malformed: "x" is not a time')
    await expect(read([row('A', '2024-01-01', '-1')])).rejects.toThrow('"-1" is not a positive share price')
    await expect(read(['A,1'])).rejects.toThrow('it has 2 columns, not 7')
    const twice = row('A', '2024-01-01', '1')
    await expect(read([twice, twice])).rejects.toThrow('line 3 is malformed: its time is not after')
    await expect(read([twice], 'C')).rejects.toThrow('has no row of C')
  })
})

describe('yields', () => {
  const column = (...rows: string[]) => write(['observation_date,DGS', ...rows])
  const TENORS: readonly YieldTenor[] = ['1M', '3M', '1Y', '2Y', '10Y']
  const filesOf = (columns: string[]) =>
    Object.fromEntries(TENORS.map((tenor, index) => [tenor, columns[index]])) as Record<YieldTenor, string>

  test('a day without any is left out; a tenor without one is null', async () => {
    const empty = column('2024-01-05,', '2024-01-08,.')
    const files = filesOf([
      column('2024-01-05,4.23', '2024-01-08,'),
      empty,
      column('2024-01-09,-0.05'),
      empty,
      empty,
    ])
    const rows = await drain(readYieldCurve({ files, instrument: XAUUSD }))
    expect(rows.map(({ raw }) => raw)).toEqual(['2024-01-05,4.23,,,,', '2024-01-09,,,-0.05,,'])
    expect(rows[0]?.event).toMatchObject({
      // A Friday's yields are out on Monday.
      knownAt: Date.parse('2024-01-08T21:15:00Z'),
      value: { yieldsPpm: { '1M': 42_300, '3M': null, '1Y': null } },
      lineage: { feed: 'fred:H15', sequence: 0 },
    })
    expect(rows[1]?.event).toMatchObject({ value: { yieldsPpm: { '1Y': -500 } }, lineage: { sequence: 1 } })
    const spec = { kind: 'yieldCurve', feed: 'fred:H15', instrument: XAUUSD } as const
    for (const [sequence, { raw, event }] of rows.entries())
      expect(decodeRawFeedRow(raw, spec, sequence)).toEqual(event)
  })

  test('malformed rows are refused', async () => {
    const good = column('2024-01-05,1')
    const read = (bad: string) =>
      drain(readYieldCurve({ files: filesOf([good, good, bad, good, good]), instrument: XAUUSD }))
    await expect(read(column('2024-01-05,1,2'))).rejects.toThrow(
      'line 2 is malformed: it has not two columns',
    )
    await expect(read(column('2024-01-05,high'))).rejects.toThrow('"high" is not a yield in percent')
    await expect(read(column('2024-02-30,1'))).rejects.toThrow('"2024-02-30" is not a date')
    await expect(read(column('2024-01-05,1', '2024-01-05,1'))).rejects.toThrow(
      'line 3 is malformed: its date',
    )
    await expect(read(write(['date,x']))).rejects.toThrow('line 1 is malformed')
  })

  test('the holidays of 2023, as the Federal Reserve published them', () => {
    const days = Array.from({ length: 365 }, (_, day) => unixMs(Date.UTC(2023, 0, 1) + day * 86_400_000))
    const working = days.filter(day => ![0, 6].includes(new Date(day).getUTCDay()))
    expect(working.filter(isFederalHoliday).map(day => formatInstant(day).slice(5, 10))).toEqual([
      '01-02',
      '01-16',
      '02-20',
      '05-29',
      '06-19',
      '07-04',
      '09-04',
      '10-09',
      '11-23',
      '12-25',
    ])
  })
})

describe('ingesting a feed', () => {
  const lines = Array.from({ length: 2_500 }, (_, hour) => bar(formatInstant(unixMs(hour * 3_600_000))))
  const rows = (count: number) =>
    readBars({ file: write([BAR_HEADER, ...lines.slice(0, count)]), instrument: XAUUSD })
  const feed = XAUUSD.id

  test('goes on after the last stored row, and doubles nothing', async () => {
    const store = createMemoryObservationStore()
    const controller = new AbortController()
    const died = ingestFeed({
      rows: rows(2_500),
      store,
      feed,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(died).rejects.toThrow()
    expect(await store.count([XAUUSD.id])).toBe(1_000)
    expect(await ingestFeed({ rows: rows(1_700), store, feed })).toEqual({ rows: 1_700, observations: 700 })
    expect(await ingestFeed({ rows: rows(2_500), store, feed })).toEqual({ rows: 2_500, observations: 800 })
    expect(await ingestFeed({ rows: rows(2_500), store, feed })).toEqual({ rows: 2_500, observations: 0 })
    const stored = await store.read({ instruments: [XAUUSD.id], limit: 3_000 })
    expect(stored).toEqual(await drain(rows(2_500)))
    await expect(ingestFeed({ rows: rows(100), store, feed })).rejects.toThrow(
      'has 100 rows now; 2500 are stored',
    )
  })

  test('refuses to go on after a row that was stored otherwise', async () => {
    const store = createMemoryObservationStore()
    const read = (count: number, time: 'open' | 'close') =>
      readBars({ file: write([BAR_HEADER, ...lines.slice(1, 1 + count)]), instrument: XAUUSD, time })
    await ingestFeed({ rows: read(100, 'open'), store, feed })
    await expect(ingestFeed({ rows: read(120, 'close'), store, feed })).rejects.toThrow(
      `Row 99 of ${feed} is stored, and says something else now.`,
    )
    expect(await store.count([XAUUSD.id])).toBe(100)
    expect(await ingestFeed({ rows: read(120, 'open'), store, feed })).toEqual({
      rows: 120,
      observations: 20,
    })
  })

  test('refuses rows of another feed or with a gap', async () => {
    const store = createMemoryObservationStore()
    const all = await drain(rows(5))
    await expect(ingestFeed({ rows: all, store, feed: 'a:B' })).rejects.toThrow(
      'claims to be row 0 of oanda:XAUUSD',
    )
    await expect(ingestFeed({ rows: all.slice(1), store, feed })).rejects.toThrow(
      'Row 0 of oanda:XAUUSD claims to be row 1',
    )
    expect(await store.count([XAUUSD.id])).toBe(0)
  })
})
