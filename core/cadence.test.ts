import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCadence } from './cadence.ts'
import { unixMs } from './time.ts'

test('fires once per interval, at its first event, and never at the very first event', () => {
  const cadence = createCadence(60_000)
  expect([59_999, 60_000, 60_001, 119_999, 120_000, 400_000].map(time => cadence.due(unixMs(time)))).toEqual([
    false,
    true,
    false,
    false,
    true,
    true,
  ])
})

test('does not depend on where the history starts, after its first interval', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { minLength: 2, maxLength: 40 }), fc.nat(), (times, start) => {
      const sorted = times.sort((a, b) => a - b).map(unixMs)
      const fired = (from: number) => {
        const cadence = createCadence(100)
        return sorted.slice(from).filter(time => cadence.due(time))
      }
      const from = start % sorted.length
      const first = sorted[from] ?? 0
      const late = fired(from)
      expect(late).toEqual(fired(0).filter(time => Math.floor(time / 100) > Math.floor(first / 100)))
    }),
  )
})
