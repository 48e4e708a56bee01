import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChunkSizer } from './chunkSizer.ts'

const MAX = 2_000

test('grows to the maximum on thin ranges, and shrinks on thick ones', () => {
  const sizer = createChunkSizer(100, MAX)
  for (let range = 0; range < 10; range++) sizer.brought(sizer.size(), 10)
  expect(sizer.size()).toBe(MAX)
  for (let range = 0; range < 4; range++) sizer.brought(sizer.size(), 100_000)
  expect(sizer.size()).toBe(125)
})

test('takes what a refusal suggests, else half, and grows back', () => {
  const sizer = createChunkSizer(100, MAX)
  sizer.refused(100, 30)
  expect(sizer.size()).toBe(30)
  sizer.refused(30)
  expect(sizer.size()).toBe(15)
  for (let range = 0; range < 200; range++) sizer.brought(sizer.size(), 10)
  expect(sizer.size()).toBe(MAX)
})

test('against any node: sizes stay possible, settle at its limit, and rarely go over it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 300 }),
      (initial, limit, suggests, logsPerBlock) => {
        const sizer = createChunkSizer(initial, MAX)
        let refusals = 0
        const ranges = 400
        for (let range = 0; range < ranges; range++) {
          const blocks = sizer.size()
          expect(Number.isInteger(blocks) && blocks >= 1 && blocks <= MAX).toBe(true)
          if (blocks > limit) {
            refusals++
            sizer.refused(blocks, suggests ? limit : null)
            expect(sizer.size()).toBeLessThan(blocks)
          } else sizer.brought(blocks, blocks * logsPerBlock)
        }
        // Down to the limit at first, then one attempt in each sixteen ranges at the limit.
        expect(refusals).toBeLessThanOrEqual(10 + ranges / 16)
      },
    ),
  )
})
