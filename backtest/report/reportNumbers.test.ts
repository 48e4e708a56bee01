import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, parseInstant } from '../../core/index.ts'
import {
  cashText,
  countText,
  dayText,
  formatValue,
  minuteText,
  priceText,
  quantityText,
  shortHash,
  signed,
  signedShare,
  spanText,
} from './reportNumbers.ts'

test('what has no value, or none that is finite, is not available', () => {
  for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY])
    for (const unit of ['share', 'ratio', 'cashE8', 'durationMs', 'instantMs', 'count', 'perYear'] as const)
      expect(formatValue(value, unit)).toBe('n/a')
})

test.each([
  [signedShare(0.0123), '+1.23 %'],
  [signedShare(-0.0123), '-1.23 %'],
  [signedShare(0), '0.00 %'],
  [signedShare(0.000001), '0.00 %'],
  [signed('1,000.00'), '+1,000.00'],
  [signed('n/a'), 'n/a'],
  [cashText(123_456_789_012_345n), '1,234,567.89'],
  [cashText(-50_000_000.4), '-0.50'],
  [priceText(193_548_000_000), '1,935.48'],
  [priceText(104_321_987n), '1.04321'],
  [priceText(123_456n), '0.00123456'],
  [priceText(0n), '0.00000000'],
  [priceText(-12_345_678_900_000n), '-123,456.79'],
  [quantityText(29_722_700n, 6), '29.7227'],
  [quantityText(1_234_000_000n, 6), '1,234'],
  [quantityText(5n, 0), '5'],
  [quantityText(10n ** 18n + 1n, 18), '1'],
  [countText(1_234_567), '1,234,567'],
  [minuteText(parseInstant('2024-01-05T12:30:59Z')), '2024-01-05 12:30'],
  [dayText(parseInstant('2024-01-05T12:30:59Z')), '2024-01-05'],
  [spanText(3 * 365.25 * DAY_MS), '3.0 years'],
  [spanText(30 * DAY_MS), '30 days'],
  [spanText(3 * HOUR_MS), '3.0 hours'],
  [shortHash(`0x${'ab'.repeat(32)}`), '0xababab…ababab'],
  [shortHash('short'), 'short'],
])('%s', (text, expected) => {
  expect(text).toBe(expected)
})
