import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFrameCache } from './frameCache.ts'

test('keeps what was used last, and never more bytes than it may', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 40 }))),
      writes => {
        const cache = createFrameCache(100)
        for (const [key, size] of writes) {
          cache.set(`key/${key}`, Buffer.alloc(size))
          expect(cache.bytes).toBeLessThanOrEqual(100)
          expect(cache.get(`key/${key}`)?.length).toBe(size)
        }
      },
    ),
  )
  const cache = createFrameCache(3)
  for (const key of ['a', 'b', 'c']) cache.set(key, Buffer.alloc(1))
  cache.get('a')
  cache.set('d', Buffer.alloc(1))
  expect(['a', 'b', 'c', 'd'].map(key => cache.get(key) !== undefined)).toEqual([true, false, true, true])
  cache.forget('a')
  expect(cache.get('a')).toBeUndefined()
  expect(cache.bytes).toBe(2)
})
