import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnchorBatch } from '../core/index.ts'
import { countAnchored } from './countAnchored.ts'
import { agentOf } from './test/memoryLog.ts'

test('counts the anchored decisions of any log in few reads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }),
      fc.nat({ max: 30 }),
      fc.nat({ max: 20 }),
      async (counts, anchoredBatches, unsent) => {
        let next = 0
        const batches = counts.map((count, index) => {
          const firstSequence = next
          next += count
          return { firstSequence, count, status: index < anchoredBatches ? 'anchored' : 'sent' }
        })
        const anchored = batches
          .filter(({ status }) => status === 'anchored')
          .reduce((sum, { count }) => sum + count, 0)
        let reads = 0
        const found = await countAnchored(
          {
            nextSequence: async () => next + unsent,
            batchOf: async (_agent, sequence) => {
              reads++
              const batch = batches.find(
                b => b.firstSequence <= sequence && sequence < b.firstSequence + b.count,
              )
              return (batch ?? null) as AnchorBatch | null
            },
          },
          agentOf(1),
        )
        expect(found).toBe(anchored)
        expect(reads).toBeLessThanOrEqual(2 + Math.log2(next + unsent + 2))
      },
    ),
  )
})
