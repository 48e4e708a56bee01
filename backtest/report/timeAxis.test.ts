import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, parseInstant } from '../../core/index.ts'
import { timeAxis } from './timeAxis.ts'

const axisOf = (from: string, to: string) => timeAxis(parseInstant(from), parseInstant(to))
const labels = (from: string, to: string) => axisOf(from, to).ticks.map(({ label }) => label)

test.each([
  ['2024-01-05T10:02', '2024-01-05T10:30', ['10:05', '10:10', '10:15', '10:20', '10:25', '10:30']],
  ['2024-01-05T20:00', '2024-01-06T04:30', ['21:00', '6 Jan', '03:00']],
  ['2024-05-01', '2024-05-31', ['6 May', '13 May', '20 May', '27 May']],
  ['2022-01-03', '2025-01-01', ['Jul 2022', 'Jan 2023', 'Jul 2023', 'Jan 2024', 'Jul 2024', 'Jan 2025']],
  ['2004-01-01', '2023-12-31', ['2005', '2010', '2015', '2020']],
])('%s to %s is marked at round times', (from, to, expected) => {
  expect(labels(from, to)).toEqual(expected)
})

test('positions run from 0 to 1; what lies outside is taken to the nearer end', () => {
  const axis = axisOf('2024-01-01', '2024-01-03')
  expect(axis.at(parseInstant('2024-01-02'))).toBe(0.5)
  expect(axis.at(axis.fromMs - HOUR_MS)).toBe(0)
  expect(axis.at(axis.toMs + HOUR_MS)).toBe(1)
})

test('a period of one instant has one mark', () => {
  const axis = axisOf('2024-01-01T12:30', '2024-01-01T12:30')
  expect(axis.ticks).toEqual([{ at: 0.5, label: '2024-01-01 12:30' }])
  expect(axis.at(axis.fromMs)).toBe(0.5)
})

test('every period has few marks, each different and in order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_500_000_000_000 }),
      fc.integer({ min: 120_000, max: 1_500_000_000_000 }),
      (from, span) => {
        const { ticks } = timeAxis(from, from + span)
        expect(ticks.length).toBeLessThanOrEqual(8)
        for (const [k, { at }] of ticks.entries()) {
          expect(at).toBeGreaterThanOrEqual(0)
          expect(at).toBeLessThanOrEqual(1)
          if (k > 0) expect(at).toBeGreaterThan(ticks[k - 1]!.at)
        }
      },
    ),
  )
})
