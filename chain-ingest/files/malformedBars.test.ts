import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, InvalidInputError } from '../../core/index.ts'
import { hour, OHLC, PRICES, QUOTES, read, START, write } from './barFile.fixture.ts'
import type { BarGaps } from './barTimes.ts'
import type { BarFileOptions } from './readBars.ts'

/** How a file is refused: what it says, with `FILE` for the path, and its advice. */
async function refusal(lines: readonly string[], options: Partial<BarFileOptions> = {}) {
  const file = write(lines)
  const error = await read(lines, { ...options, file }).catch((thrown: unknown) => thrown)
  if (!(error instanceof InvalidInputError)) throw new Error(`not refused: ${String(error)}`)
  expect(error.exitCode).toBe(2)
  return `${error.message.replaceAll(file, 'FILE')} ${error.hint}`
}

describe('a row that is no bar is refused with file and line', () => {
  const prices = 'Correct the line, or remove it: a bar that is missing is only a gap.'
  test.each([
    [`${hour(1)},1,2,3`, 'it has 4 columns, not 6', prices],
    [`${hour(1)},nan,2010,1990,2005,1`, 'its open "nan" is not a number', prices],
    [`${hour(1)},2000,2010,1990,null,1`, 'its close "null" is not a number', prices],
    [`${hour(1)},2000,-Infinity,1990,2005,1`, 'its high "-Infinity" is infinite', prices],
    [`${hour(1)},2000,2010,0.00,2005,1`, 'its low 0.00 is zero', prices],
    [
      `${hour(1)},2000,2010,1e-10,2005,1`,
      'its low 1e-10 is too small: the least price is 0.00000001',
      prices,
    ],
    [`${hour(1)},2000,1e19,1990,2005,1`, 'its high 1e19 is too large', prices],
    [`${hour(1)},2000,2010,1990,2005,1e999`, 'its volume "1e999" is not a volume', prices],
    [`${hour(1)},2000,2010,-1990,2005,1`, 'its low -1990 is negative', prices],
    [`${hour(1)},2000,2010,,2005,1`, 'its low is empty', prices],
    [`${hour(1)},2000,1990,2010,2005,1`, 'its high 1990 is below its low 2010', prices],
    [`${hour(1)},2011,2010,1990,2005,1`, 'its open 2011 lies outside its low 1990 and high 2010', prices],
    [`${hour(1)},2000,2010,1990,1989,1`, 'its close 1989 lies outside its low 1990 and high 2010', prices],
    [`${hour(1)},2000,2010,1990,2005,-1`, 'its volume "-1" is not a volume', prices],
    [`${hour(1)},2000,2010,1990,2005,NaN`, 'its volume "NaN" is not a volume', prices],
    [
      `${hour(0)},${PRICES}`,
      'it has the time of line 2, 2024-01-05T00:00:00Z',
      'Remove one of the two lines.',
    ],
    [
      `2024-01-04,${PRICES}`,
      'its time, 2024-01-04T00:00:00Z, is before that of line 2, 2024-01-05T00:00:00Z',
      'Sort the rows by time, the oldest first.',
    ],
    [
      `20240105,${PRICES}`,
      '"20240105" is not a time',
      'Write times as 2024-01-05T12:30:00Z, or as Unix time in milliseconds.',
    ],
    [
      `2024-13-05,${PRICES}`,
      '"2024-13-05" is not a time',
      'Write times as 2024-01-05T12:30:00Z, or as Unix time in milliseconds.',
    ],
  ])('%s', async (row, problem, hint) => {
    const lines = [OHLC, `${hour(0)},${PRICES}`, '', row, `${hour(2)},${PRICES}`]
    expect(await refusal(lines)).toBe(`FILE line 4 is malformed: ${problem}. ${hint}`)
  })

  test('a bar from before the time that is counted', async () => {
    const lines = [OHLC, `1970-01-01,${PRICES}`, `1970-01-02,${PRICES}`]
    expect(await refusal(lines, { time: 'close' })).toContain(
      'line 2 is malformed: its bar, closed at 1970-01-01, opened before 1970.',
    )
  })

  test('bid and ask that cross', async () => {
    const lines = [QUOTES, `${hour(0)},1,2,0.5,1.7,1.1,2.1,0.6,1.6`, `${hour(1)},1,1,1,1,1,1,1,1`]
    expect(await refusal(lines)).toContain(
      'line 2 is malformed: its bid_close 1.7 is above its ask_close 1.6.',
    )
  })

  test('one bad price among any number of good ones, wherever it is', async () => {
    const bad = fc.constantFrom('NaN', '-1', '0', 'inf', '', 'x', '1e', '0x10', '1,5')
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), fc.nat(), bad, async (count, place, price) => {
        const row = place % count
        const lines = Array.from({ length: count }, (_, each) =>
          each === row ? `${hour(each)},2000,2010,${price},2005,1` : `${hour(each)},${PRICES}`,
        )
        expect(await refusal([OHLC, ...lines])).toContain(`FILE line ${row + 2} is malformed: it`)
      }),
    )
  })
})

describe('a file that is not one series of bars is refused', () => {
  test('empty, or with a header alone', async () => {
    expect(await refusal([])).toMatch(/^FILE is empty\. Begin the file with a line such as time_utc,open,/)
    expect(await refusal([OHLC])).toBe('FILE has a header and no bar. Check that the file is complete.')
    expect(await refusal([OHLC, `${hour(0)},${PRICES}`])).toBe(
      'FILE has too few rows to tell how long its bars are. Say how long a bar is (`periodMs`).',
    )
    expect(await read([OHLC, `${hour(0)},${PRICES}`], { periodMs: HOUR_MS })).toHaveLength(1)
  })

  test.each([
    [`${hour(0)},${PRICES}`, 'it is a row, and not a header that names the columns'],
    ['date,open,high,close', 'it has no column low; its columns are date, open, high, close'],
    [
      'day,price',
      'it has no column time (time_utc, open_time, timestamp, datetime or date), open, high, low, close; its columns are day, price',
    ],
    [
      QUOTES.replace('ask_low,', ''),
      `it has no column ask_low; its columns are ${QUOTES.replace('ask_low,', '').replaceAll(',', ', ')}`,
    ],
    ['date,open,high,low,close,open', 'it names the column open twice'],
    [
      'date,time,open,high,low,close',
      'date and time are two columns; a row needs one, such as 2024-01-05 12:30:00',
    ],
    // Flattened as yfinance writes several tickers.
    [
      'Price,Close,High,Low,Open,Volume',
      'it has no column time (time_utc, open_time, timestamp, datetime or date); its columns are Price, Close, High, Low, Open, Volume',
    ],
  ])('the header %s', async (header, problem) => {
    expect(await refusal([header, `${hour(0)},1,1,1,1`])).toBe(
      `FILE line 1 is malformed: ${problem}. Begin the file with a line such as time_utc,open,high,low,close,volume, or say what its columns are called (\`columns\`).`,
    )
  })

  const row = (ms: number) => `${START + ms},${PRICES}`
  const hours = (count: number, from = 0) =>
    Array.from({ length: count }, (_, each) => row((from + each) * HOUR_MS))

  test('bars of different lengths', async () => {
    const half = [OHLC, ...hours(5), row(4.5 * HOUR_MS), ...hours(2, 5)]
    expect(await refusal(half)).toContain(
      'FILE line 7 is malformed: it begins 30m after line 6, and bars are 1h long. The bars of a file have one length',
    )
    const longer = [OHLC, ...hours(5), row(5.5 * HOUR_MS)]
    expect(await refusal(longer)).toContain('FILE line 7 is malformed: it begins 1h 30m after line 6')
    const daily = Array.from({ length: 30 }, (_, day) => row((40 + 24 * day) * HOUR_MS))
    expect(await refusal([OHLC, ...hours(40), ...daily])).toContain(
      'FILE line 43 is malformed: from here on bars are 1d apart, and elsewhere 1h.',
    )
    // Told how long they are, it believes it: what is between them is missing.
    expect(await read([OHLC, ...hours(40), ...daily], { periodMs: HOUR_MS })).toHaveLength(70)
    expect(await refusal([OHLC, ...hours(3)], { periodMs: 24 * HOUR_MS })).toContain(
      'it begins 1h after line 2, and bars are 1d long',
    )
  })

  test('gaps are counted, or refused beyond what may be missing', async () => {
    const lines = [OHLC, ...hours(3), ...hours(2, 6), ...hours(1, 9)]
    const told: BarGaps[] = []
    expect(await read(lines, { onGaps: gaps => told.push(gaps) })).toHaveLength(6)
    expect(told).toEqual([{ count: 2, missing: 4, longest: { missing: 3, line: 5 } }])
    expect(await read(lines, { maxGapBars: 3 })).toHaveLength(6)
    expect(await refusal(lines, { maxGapBars: 2 })).toBe(
      'FILE line 5: 3 bars are missing before it, from 2024-01-05T03:00:00Z to 2024-01-05T06:00:00Z; at most 2 may be. Add them, or raise `maxGapBars`; without it, gaps are counted and let through.',
    )
    await read([OHLC, ...hours(9)], { onGaps: () => expect.unreachable() })
  })

  test('whatever a file holds, it is read in order or refused', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        hour(0),
        hour(1),
        hour(2),
        '2000',
        '1990',
        '2010',
        '',
        '"',
        'NaN',
        '-0',
        '1e999',
        '1e-999',
      ),
      fc.integer({ min: 0 }).map(String),
      fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String),
      fc.double().map(String),
      fc.string(),
    )
    const row = fc.array(cell, { minLength: 1, maxLength: 7 }).map(cells => cells.join(','))
    const header = fc.oneof(fc.constant('date,open,high,low,close'), row)
    const likely = fc
      .tuple(fc.nat({ max: 5 }), fc.array(cell, { minLength: 4, maxLength: 4 }))
      .map(([place, cells]) => [hour(place), ...cells].join(','))
    await fc.assert(
      fc.asyncProperty(header, fc.array(fc.oneof(likely, row), { maxLength: 5 }), async (first, rows) => {
        const outcome = await read([first, ...rows]).catch((error: unknown) => error)
        if (outcome instanceof InvalidInputError) return
        const times = (outcome as Awaited<ReturnType<typeof read>>).map(({ event }) => event.validAt)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }),
      { numRuns: 300 },
    )
  })

  test('options out of range', async () => {
    expect(await refusal([OHLC], { periodMs: 0 })).toBe('periodMs is 0. Give a whole number, 1 or more.')
    expect(await refusal([OHLC], { maxGapBars: -1 })).toBe(
      'maxGapBars is -1. Give a whole number, 0 or more.',
    )
  })
})
