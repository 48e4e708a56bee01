import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unixMs } from '../core/index.ts'
import { revealTimeOf } from './embargo.ts'

test('a reveal time is the first multiple of the period that is no earlier than the delay', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 4_000_000_000_000 }),
      fc.nat({ max: 1_000_000_000 }),
      fc.integer({ min: 1, max: 1_000_000_000 }),
      (timeMs, delayMs, periodMs) => {
        const at = revealTimeOf(unixMs(timeMs), { delayMs, periodMs })
        expect(at % periodMs).toBe(0)
        expect(at - timeMs).toBeGreaterThanOrEqual(delayMs)
        expect(at - timeMs - delayMs).toBeLessThan(periodMs)
      },
    ),
  )
  expect(revealTimeOf(unixMs(3_600_000), { delayMs: 0, periodMs: 3_600_000 })).toBe(3_600_000)
})

test.each([
  [-1, 1_000],
  [0, 0],
  [1.5, 1_000],
  [1_000, Number.NaN],
])('an embargo of %s ms in periods of %s ms is refused', (delayMs, periodMs) => {
  expect(() => revealTimeOf(unixMs(0), { delayMs, periodMs })).toThrow(
    `An embargo of ${delayMs} ms in periods of ${periodMs} ms is none that can be kept.`,
  )
})
