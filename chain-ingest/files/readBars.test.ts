import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BarValue,
  formatDecimal,
  formatInstant,
  HOUR_MS,
  IntegrityError,
  unixMs,
} from '../../core/index.ts'
import { decodeRawFeedRow } from '../feeds/feedRow.ts'
import { XAUUSD } from '../testing/instruments.conformance.ts'
import { hour, OHLC, PRICES, QUOTES, read, START, write } from './barFile.fixture.ts'
import { barFeed } from './readBars.ts'

describe('files of bars as their makers write them', () => {
  const side = { open: 2000_00000000n, high: 2010_00000000n, low: 1990_00000000n, close: 2005_00000000n }
  const expected = { type: 'bar', closeMs: START + HOUR_MS, bid: side, ask: side, volumeE8: 1_50000000n }
  const second = START + HOUR_MS
  test.each([
    ['Freqtrade', OHLC, `2024-01-05 00:00:00+00:00,${PRICES}`, `2024-01-05 01:00:00+00:00,${PRICES}`],
    [
      'yfinance',
      'Datetime,Open,High,Low,Close,Adj Close,Volume',
      '2024-01-04 19:00:00-05:00,2000,2010,1990,2005,3,1.5',
      '2024-01-04 20:00:00-05:00,2000,2010,1990,2005,3,1.5',
    ],
    [
      'Binance',
      'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore',
      `${START},${PRICES},${second - 1},1,2,3,4,0`,
      `${second},${PRICES},${second + HOUR_MS - 1},1,2,3,4,0`,
    ],
    [
      'Binance since 2025',
      'open_time,open,high,low,close,volume',
      `${START}000,${PRICES}`,
      `${second}000,${PRICES}`,
    ],
    [
      'pandas',
      ',timestamp,open,high,low,close,volume',
      `0,${START / 1e3}.0,${PRICES}`,
      `1,${second / 1e3}.0,${PRICES}`,
    ],
    ['nanoseconds', OHLC, `${START}000000,${PRICES}`, `${second}000000,${PRICES}`],
    ['no zone, which is UTC', OHLC, `2024-01-05 00:00:00,${PRICES}`, `2024-01-05T01:00,${PRICES}`],
    [
      'quotation marks',
      '"Date","Open","High","Low","Close","Volume"',
      '"2024-01-05T00:00Z","2000","2010","1990","2005","1.5"',
      '"2024-01-05T01:00Z","2000","2010","1990","2005","1.5"',
    ],
    [
      'semicolons, another order',
      'Close;Low;High;Open;Volume;Time UTC',
      `2005;1990;2010;2000;1.5;${hour(0)}`,
      `2005;1990;2010;2000;1.5;${hour(1)}`,
    ],
    [
      'the last quote beside the bar',
      `${OHLC},24h change,bid_close,ask_close`,
      `${hour(0)},${PRICES},3,1,2`,
      `${hour(1)},${PRICES},3,1,2`,
    ],
    ['a byte-order mark', `\uFEFF${OHLC}`, `${hour(0)},${PRICES}`, `${hour(1)},${PRICES}`],
  ])('%s', async (_, header, first, next) => {
    const rows = await read([header, first, next])
    expect(rows.map(({ event }) => event)).toEqual([
      {
        instrument: XAUUSD.id,
        validAt: START,
        knownAt: START + HOUR_MS,
        lineage: { kind: 'feed', feed: 'oanda:XAUUSD', sequence: 0 },
        value: expected,
      },
      expect.objectContaining({ validAt: second, knownAt: second + HOUR_MS }),
    ])
    expect(rows.map(({ raw }) => raw)).toEqual([first, next])
  })

  test('bid and ask, exact, plain or gzipped; a stored row is read again alike', async () => {
    const lines = [
      QUOTES,
      `${hour(0)},1,2,0.5,1.5,1.1,2.1,0.6,1.6`,
      '',
      `${hour(1)},1.00000001,1.00000001,1,1,2,2,2,2`,
      `${hour(3)},1e-8,1E-8,0.00000001,1e-8,2,2,2,2`,
    ]
    const plain = await read(lines)
    expect(await read([], { file: write(lines, true) })).toEqual(plain)
    expect(plain[1]?.event.value).toEqual({
      type: 'bar',
      closeMs: START + 2 * HOUR_MS,
      bid: { open: 100_000_001n, high: 100_000_001n, low: 100_000_000n, close: 100_000_000n },
      ask: { open: 2_00000000n, high: 2_00000000n, low: 2_00000000n, close: 2_00000000n },
    })
    const spec = await barFeed({ file: write(lines), instrument: XAUUSD })
    for (const [sequence, { raw, event }] of plain.entries())
      expect(decodeRawFeedRow(raw, spec, sequence)).toEqual(event)
    expect(() => decodeRawFeedRow('never', spec, 0)).toThrow(IntegrityError)
  })

  test('a time that is the close, and columns with names of their own', async () => {
    const lines = ['when,o,h,l,c,contracts', `${hour(1)},${PRICES}`, `${hour(2)},2000,2010,1990,2005,`]
    const columns = { time: 'When', open: 'o', high: 'h', low: 'l', close: 'c', volume: 'contracts' }
    const rows = await read(lines, { time: 'close', columns })
    expect(rows.map(({ event }) => [event.validAt, event.knownAt])).toEqual([
      [START, START + HOUR_MS],
      [START + HOUR_MS, START + 2 * HOUR_MS],
    ])
    const volumes = rows.map(({ event }) => (event.value as BarValue).volumeE8)
    expect(volumes).toEqual([1_50000000n, undefined])
  })

  test('what is written as bars is read as them, whatever prices, columns and period', async () => {
    const unit = fc.bigInt({ min: 1n, max: 10n ** 15n })
    const candle = fc
      .tuple(fc.array(unit, { minLength: 4, maxLength: 4 }), fc.boolean())
      .map(([prices, rises]) => {
        const [low = 1n, a = 1n, b = 1n, high = 1n] = prices.sort((x, y) => (x < y ? -1 : 1))
        return { open: rises ? a : b, high, low, close: rises ? b : a }
      })
    const names = fc.shuffledSubarray(['date', 'open', 'high', 'low', 'close', 'note'], { minLength: 6 })
    const bars = fc.array(candle, { minLength: 2, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(names, bars, fc.integer({ min: 1, max: 1e9 }), async (columns, candles, periodMs) => {
        const rows = candles.map((prices, row) =>
          columns
            .map(name =>
              name === 'date'
                ? formatInstant(unixMs(START + row * periodMs))
                : name === 'note'
                  ? 'x'
                  : formatDecimal(prices[name as keyof typeof prices], 8),
            )
            .join(','),
        )
        const events = (await read([columns.join(','), ...rows])).map(({ event }) => event)
        expect(events.map(({ validAt }) => validAt)).toEqual(candles.map((_, row) => START + row * periodMs))
        expect(events.map(({ knownAt, validAt }) => knownAt - validAt)).toEqual(candles.map(() => periodMs))
        expect(events.map(({ value }) => (value as BarValue).ask)).toEqual(candles)
      }),
    )
  })
})
