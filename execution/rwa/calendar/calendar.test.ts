import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERY_DAY, NAMED_ZONES, US_BUSINESS_DAYS, type Zone } from '../../../agents/index.ts'
import { isFederalHoliday } from '../../../chain-ingest/feeds/federalHoliday.ts'
import { hasRecordedData, recorded } from '../../../chain-ingest/testing/recordedData.conformance.ts'
import { DAY_MS, formatInstant, HOUR_MS, MINUTE_MS, parseInstant, unixMs } from '../../../core/index.ts'
import { businessCalendar } from './businessCalendar.ts'
import { type CivilDay, civilDay, formatCivilDay, nthWeekday, parseCivilDay, weekdayOf } from './civilDay.ts'
import { easterSunday, holidayCalendar } from './holidays.ts'
import { zoneClock } from './zone.ts'

if (!hasRecordedData) console.log('Skipped: no recorded data (set TOUCHSTONE_DATA to its folder).')

describe('zones', () => {
  test.each(NAMED_ZONES)("%s shows the machine's own wall clock, hour by hour at each change", zone => {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    })
    const clock = zoneClock(zone)
    const from = parseInstant('1997-01-01')
    // An odd step, so that every hour of the day and every day of the week is met.
    for (let at = from; at < parseInstant('2037-01-01'); at = unixMs(at + 37 * HOUR_MS + 17 * MINUTE_MS))
      expect(formatInstant(unixMs(at + clock.offsetMs(at)))).toBe(
        `${format.format(at).replace(', ', 'T')}Z`.replace(' ', 'T'),
      )
  })

  test('an instant and its wall clock are each other’s inverse, but for the hour that is shown twice', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Zone>(...NAMED_ZONES, '+05:45', '-03:30'),
        fc.integer({ min: 15_000, max: 22_000 }),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        (zone, day, minutes) => {
          const clock = zoneClock(zone)
          const at = clock.instantOf(day as CivilDay, minutes * MINUTE_MS)
          const shown = at + clock.offsetMs(at) - day * DAY_MS
          expect([minutes * MINUTE_MS, minutes * MINUTE_MS + HOUR_MS]).toContain(shown)
          // It is the first instant that shows it.
          const earlier = at - HOUR_MS
          expect(earlier + clock.offsetMs(earlier)).toBeLessThan(at + clock.offsetMs(at) + 1)
        },
      ),
    )
  })

  test.each([
    ['2024-07-05', '16:00', '2024-07-05T20:00:00Z'],
    ['2024-01-05', '16:00', '2024-01-05T21:00:00Z'],
    // Clocks go from 02:00 to 03:00: 02:30 is not shown.
    ['2024-03-10', '02:30', '2024-03-10T07:30:00Z'],
    // Clocks go from 02:00 back to 01:00: 01:30 is shown twice, and the first is meant.
    ['2024-11-03', '01:30', '2024-11-03T05:30:00Z'],
  ])('%s %s in New York is %s', (day, time, utc) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    const at = zoneClock('America/New_York').instantOf(
      parseCivilDay(day),
      hour * HOUR_MS + minute * MINUTE_MS,
    )
    expect(formatInstant(at)).toBe(utc)
  })

  test('a zone that is not known is refused with those that are', () => {
    expect(() => zoneClock('Mars/Olympus' as Zone)).toThrow('The zone "Mars/Olympus" is not known.')
  })
})

describe('holidays', () => {
  test('those of the Reserve Banks are those by which yields are published', () => {
    const isHoliday = holidayCalendar('usFederalReserve')
    for (let day = civilDay(2000, 1, 1); day < civilDay(2040, 1, 1); day = (day + 1) as CivilDay)
      if (weekdayOf(day) < 6)
        expect(`${formatCivilDay(day)} ${isHoliday(day)}`).toBe(
          `${formatCivilDay(day)} ${isFederalHoliday(unixMs(day * DAY_MS))}`,
        )
  })

  test.skipIf(!hasRecordedData)('no Treasury yield was published on one of them', () => {
    const isHoliday = holidayCalendar('usFederalReserve')
    const rows = readFileSync(recorded('treasury/DGS10.csv'), 'utf8').trim().split('\n').slice(1)
    const published = rows
      .map(row => row.split(','))
      .filter(([, yieldText]) => yieldText !== '' && yieldText !== '.')
    expect(published.length).toBeGreaterThan(5_000)
    for (const [day = ''] of published) expect([day, isHoliday(parseCivilDay(day))]).toEqual([day, false])
  })

  test.each([
    ['nyse', 2024, '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25'],
    // Christmas 2021 fell on a Saturday, New Year's Day 2022 too: the one was moved, the other not.
    ['nyse', 2021, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    ['nyse', 2022, '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26'],
    ['target', 2024, '01-01 03-29 04-01 05-01 12-25 12-26'],
    ['usFederalReserve', 2023, '01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-23 12-25'],
  ] as const)('%s %i', (rule, year, days) => {
    const isHoliday = holidayCalendar(rule)
    const found: string[] = []
    for (let day = civilDay(year, 1, 1); day < civilDay(year + 1, 1, 1); day = (day + 1) as CivilDay)
      if (isHoliday(day) && weekdayOf(day) < 6) found.push(formatCivilDay(day).slice(5))
    expect(found.join(' ')).toBe(days)
  })

  test.each([
    [1961, '1961-04-02'],
    [2000, '2000-04-23'],
    [2024, '2024-03-31'],
    [2038, '2038-04-25'],
  ])('Easter of %i is %s', (year, day) => {
    expect(formatCivilDay(easterSunday(year))).toBe(day)
  })
})

describe('business days', () => {
  const us = businessCalendar(US_BUSINESS_DAYS)

  test('T+2 over a holiday and a week-end', () => {
    // Wednesday; Thursday 2024-07-04 is a holiday, then come Friday and Monday.
    expect(formatCivilDay(us.plusBusinessDays(parseCivilDay('2024-07-03'), 2))).toBe('2024-07-08')
    expect(formatCivilDay(us.plusBusinessDays(parseCivilDay('2024-07-08'), -2))).toBe('2024-07-03')
  })

  test('the n-th business day of a month, from either end', () => {
    const july = parseCivilDay('2024-07-20')
    expect(formatCivilDay(us.nthOfMonth(july, 4) ?? july)).toBe('2024-07-05')
    expect(formatCivilDay(us.nthOfMonth(july, -1) ?? july)).toBe('2024-07-31')
    expect(us.nthOfMonth(july, 23)).toBeNull()
  })

  test('a number of business days is that many business days away, there and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 15_000, max: 20_000 }),
        fc.integer({ min: 1, max: 30 }),
        (start, count) => {
          const day = us.onOrAfter(start as CivilDay)
          const later = us.plusBusinessDays(day, count)
          expect(us.isBusinessDay(later)).toBe(true)
          expect(us.plusBusinessDays(later, -count)).toBe(day)
        },
      ),
    )
  })

  test('a calendar without a business day is refused', () => {
    expect(() => businessCalendar({ ...EVERY_DAY, weekend: [1, 2, 3, 4, 5, 6, 7] })).toThrow(
      'A calendar has no business day: its week-end is the whole week.',
    )
  })

  test('the fourth Thursday and the last Monday', () => {
    expect(formatCivilDay(nthWeekday(2024, 11, 4, 4))).toBe('2024-11-28')
    expect(formatCivilDay(nthWeekday(2024, 5, 1, -1))).toBe('2024-05-27')
  })
})
