import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DealingDays, DealingTerms } from '../../../agents/index.ts'
import { formatInstant, unixMs } from '../../../core/index.ts'
import { at, DAILY_DEALING, DAILY_FUND } from '../testing/rwaMarket.conformance.ts'
import { dealingWindows } from './dealingWindows.ts'

const windowOf = (change: Partial<DealingTerms>, submitted: string) => {
  const window = dealingWindows(DAILY_FUND, { ...DAILY_DEALING, ...change })(at(submitted))
  return window && [window.dealingDay, formatInstant(window.cutOffMs), formatInstant(window.settlesMs)]
}

describe('windows', () => {
  test.each<[string, Partial<DealingTerms>, string, string[] | null]>([
    [
      'daily, over a week-end',
      {},
      '2024-07-05T20:00:01Z',
      ['2024-07-08', '2024-07-08T20:00:00Z', '2024-07-10T16:00:00Z'],
    ],
    [
      'weekly on Thursday, a holiday: on Friday',
      { days: { kind: 'weekly', weekday: 4 } },
      '2024-07-04T12:00:00Z',
      ['2024-07-05', '2024-07-05T20:00:00Z', '2024-07-09T16:00:00Z'],
    ],
    [
      'weekly on Thursday, asked for on the Friday that it was moved to',
      { days: { kind: 'weekly', weekday: 4 } },
      '2024-07-05T19:00:00Z',
      ['2024-07-05', '2024-07-05T20:00:00Z', '2024-07-09T16:00:00Z'],
    ],
    [
      'the last business day of a quarter, with five days of notice',
      { days: { kind: 'monthly', businessDay: -1, months: [3, 6, 9, 12] }, noticeBusinessDays: 5 },
      '2024-02-10T00:00:00Z',
      // Good Friday is no holiday of the Reserve Banks.
      ['2024-03-29', '2024-03-22T20:00:00Z', '2024-04-02T16:00:00Z'],
    ],
    [
      'the same, once the notice is too late',
      { days: { kind: 'monthly', businessDay: -1, months: [3, 6, 9, 12] }, noticeBusinessDays: 5 },
      '2024-03-22T20:00:00.001Z',
      ['2024-06-28', '2024-06-21T20:00:00Z', '2024-07-02T16:00:00Z'],
    ],
    [
      'listed days, T+7 by the calendar',
      {
        days: { kind: 'list', days: ['2024-01-15', '2024-02-15'] },
        settlement: { days: 7, basis: 'calendar', time: '09:00' },
      },
      '2024-01-20T00:00:00Z',
      ['2024-02-15', '2024-02-15T21:00:00Z', '2024-02-22T14:00:00Z'],
    ],
    ['no listed day left', { days: { kind: 'list', days: ['2024-01-15'] } }, '2024-01-20T00:00:00Z', null],
  ])('%s', (_name, change, submitted, expected) => {
    expect(windowOf(change, submitted)).toEqual(expected)
  })

  test('the cut-off is never passed, settlement never before the dealing day, and a later request never earlier', () => {
    const days = fc.constantFrom<DealingDays>(
      { kind: 'daily' },
      { kind: 'weekly', weekday: 1 },
      { kind: 'weekly', weekday: 7 },
      { kind: 'monthly', businessDay: 3, months: [] },
      { kind: 'monthly', businessDay: -2, months: [1, 7] },
    )
    const instant = fc.integer({ min: at('2010-01-01'), max: at('2030-01-01') })
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 0, max: 10 }),
        instant,
        fc.nat(400 * 86_400_000),
        (kind, notice, time, later) => {
          const windows = dealingWindows(DAILY_FUND, {
            ...DAILY_DEALING,
            days: kind,
            noticeBusinessDays: notice,
          })
          const first = windows(unixMs(time))
          const second = windows(unixMs(time + later))
          if (first === null || second === null) throw new Error('These windows never end.')
          expect(first.cutOffMs).toBeGreaterThanOrEqual(time)
          expect(first.settlesMs).toBeGreaterThan(first.cutOffMs)
          expect(second.cutOffMs).toBeGreaterThanOrEqual(first.cutOffMs)
          // It is the first such window: one who asks at its cut-off gets it too, one who asks after does not.
          expect(windows(first.cutOffMs)).toEqual(first)
          expect(windows(unixMs(first.cutOffMs + 1))?.cutOffMs).toBeGreaterThan(first.cutOffMs)
        },
      ),
    )
  })
})
