import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ALWAYS_OPEN,
  dailySessions,
  EVERY_DAY,
  GOLD_MARKET_HOURS,
  US_BUSINESS_DAYS,
  type WeeklySession,
} from '../../../agents/index.ts'
import { hasRecordedData, recorded } from '../../../chain-ingest/testing/recordedData.conformance.ts'
import { formatInstant, HOUR_MS, MINUTE_MS, parseInstant, type UnixMs, unixMs } from '../../../core/index.ts'
import { marketHours } from './marketHours.ts'

const FUND_HOURS = dailySessions('America/New_York', '09:30', '16:00', US_BUSINESS_DAYS)

describe.each([
  // Friday's close and Sunday's opening, in winter and in summer.
  ['gold', GOLD_MARKET_HOURS, '2024-01-05T21:59:59Z', true, '2024-01-05T21:59:59Z', '2024-01-05T22:00:00Z'],
  ['gold', GOLD_MARKET_HOURS, '2024-01-05T22:00:00Z', false, '2024-01-07T23:00:00Z', '2024-01-08T22:00:00Z'],
  ['gold', GOLD_MARKET_HOURS, '2024-07-05T21:00:00Z', false, '2024-07-07T22:00:00Z', '2024-07-08T21:00:00Z'],
  // The daily pause.
  ['gold', GOLD_MARKET_HOURS, '2024-01-03T22:30:00Z', false, '2024-01-03T23:00:00Z', '2024-01-04T22:00:00Z'],
  ['gold', GOLD_MARKET_HOURS, '2024-01-03T23:00:00Z', true, '2024-01-03T23:00:00Z', '2024-01-04T22:00:00Z'],
  // A holiday of the fund's office, Thursday 2024-07-04.
  ['a fund', FUND_HOURS, '2024-07-04T15:00:00Z', false, '2024-07-05T13:30:00Z', '2024-07-05T20:00:00Z'],
  ['a fund', FUND_HOURS, '2024-07-03T20:00:00Z', false, '2024-07-05T13:30:00Z', '2024-07-05T20:00:00Z'],
  ['a chain', ALWAYS_OPEN, '2024-07-04T15:00:00Z', true, '2024-07-04T15:00:00Z', null],
] as const)('%s', (_name, terms, at, isOpen, opens, closes) => {
  test(`at ${at} is ${isOpen ? 'open' : 'shut'}, opens ${opens}, closes ${closes}`, () => {
    const hours = marketHours(terms)
    const close = hours.nextClose(parseInstant(at))
    expect([
      hours.isOpen(parseInstant(at)),
      formatInstant(hours.nextOpen(parseInstant(at))),
      close && formatInstant(close),
    ]).toEqual([isOpen, opens, closes])
  })
})

test('what was asked before does not change an answer, and opening and close bound each open stretch', () => {
  const times = fc
    .integer({ min: 0, max: 3 * 365 * 24 * 12 })
    .map(step => unixMs(parseInstant('2023-01-01') + step * 5 * MINUTE_MS))
  for (const terms of [GOLD_MARKET_HOURS, FUND_HOURS])
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 20 }), asked => {
        const used = marketHours(terms)
        for (const at of asked) {
          const fresh = marketHours(terms)
          const isOpen = fresh.isOpen(at)
          expect(used.isOpen(at)).toBe(isOpen)
          const opens = used.nextOpen(at)
          expect(opens === at).toBe(isOpen)
          expect(marketHours(terms).isOpen(opens)).toBe(true)
          if (!isOpen) expect(marketHours(terms).isOpen(opens - 1)).toBe(false)
          const closes = used.nextClose(at)
          expect(closes).not.toBeNull()
          expect(marketHours(terms).isOpen(Number(closes) - 1)).toBe(true)
          expect(marketHours(terms).isOpen(Number(closes))).toBe(false)
        }
      }),
    )
})

test.skipIf(!hasRecordedData)(
  'gold was quoted while its hours say that it was open, but for holidays',
  () => {
    const hours = marketHours(GOLD_MARKET_HOURS)
    const rows = readFileSync(recorded('xauusd/xauusd-hourly-2006-2016.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    const opens = rows.map(row => parseInstant(row.slice(0, row.indexOf(','))))
    const quoted = new Set<number>(opens)
    // The recorded dealer went on quoting for a part of the daily pause, so that hour tells nothing.
    const inPause = (at: UnixMs) => !hours.isOpen(at) && hours.nextOpen(at) - at <= HOUR_MS
    const outside = opens.filter(at => !hours.isOpen(at) && !inPause(at))
    let [open, openAndQuoted] = [0, 0]
    for (let at = opens[0] ?? unixMs(0); at <= (opens.at(-1) ?? 0); at = unixMs(at + HOUR_MS))
      if (hours.isOpen(at)) {
        open++
        if (quoted.has(at)) openAndQuoted++
      }
    console.log(
      `gold: ${outside.length} of ${opens.length} bars while shut, ${openAndQuoted} of ${open} open hours quoted`,
    )
    expect(open).toBeGreaterThan(60_000)
    expect(outside.length / opens.length).toBeLessThan(0.005)
    expect(openAndQuoted / open).toBeGreaterThan(0.95)
  },
)

test.each<[string, readonly WeeklySession[], string]>([
  ['none', [], 'The market hours name no session.'],
  [
    'overlap',
    [
      { openDay: 1, open: '09:00', closeDay: 2, close: '09:00' },
      { openDay: 2, open: '08:00', closeDay: 2, close: '10:00' },
    ],
    'Two sessions of the market hours overlap.',
  ],
  [
    'overlap over the end of the week',
    [
      { openDay: 1, open: '09:00', closeDay: 1, close: '10:00' },
      { openDay: 7, open: '08:00', closeDay: 1, close: '09:30' },
    ],
    'Two sessions of the market hours overlap.',
  ],
])('sessions that %s are refused', (_name, sessions, message) => {
  expect(() => marketHours({ kind: 'weekly', zone: 'UTC', sessions, calendar: EVERY_DAY })).toThrow(message)
})
