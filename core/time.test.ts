import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidInputError } from './errors.ts'
import { formatInstant, parseInstant, unixMs } from './time.ts'

test.each([
  ['2024-01-05', 1_704_412_800_000],
  ['1833-01', -1],
  ['2024-02-29T23:59:59.999Z', 1_709_251_199_999],
  ['2024-01-05 00:00:23', 1_704_412_823_000],
  ['2026-01-01T12:00:00+02:00', 1_767_261_600_000],
  ['2026-01-01T05:30:00-0500', 1_767_263_400_000],
])('%s is %d ms', (text, expected) => {
  if (expected < 0) expect(() => parseInstant(text)).toThrow(InvalidInputError)
  else expect(parseInstant(text)).toBe(expected)
})

test.each([
  '',
  'yesterday',
  '2023-02-29',
  '2024-13-01',
  '2024-01-05T25:00',
  '2024-01-05T10:00:60Z',
  '5.1.2024',
])('"%s" is no time', text => {
  expect(() => parseInstant(text)).toThrow(`"${text}" is not a date or time.`)
})

test('agrees with Date on every instant, both ways', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7_258_118_400_000 }), instant => {
      const iso = new Date(instant).toISOString()
      expect(parseInstant(iso)).toBe(instant)
      expect(formatInstant(unixMs(instant))).toBe(iso.replace('.000Z', 'Z'))
    }),
  )
})

test.each([1.5, -1, Number.NaN, 2 ** 53])('%d is not a whole millisecond', value => {
  expect(() => unixMs(value)).toThrow(InvalidInputError)
})
