import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hash } from './hex.ts'
import { ZERO_ADDRESS, ZERO_HASH } from './hex.ts'
import { instrumentId } from './instrument.ts'
import { compareEvents, type MarketEvent } from './marketEvent.ts'
import { unixMs } from './time.ts'

const arbitraryEvent: fc.Arbitrary<MarketEvent> = fc
  .record({
    knownAt: fc.nat(3),
    chainId: fc.nat(2),
    block: fc.nat(2),
    logIndex: fc.nat(2),
    feed: fc.option(fc.constantFrom('a:X', 'b:Y')),
  })
  .map(({ knownAt, chainId, block, logIndex, feed }) => ({
    instrument: instrumentId('test:X'),
    validAt: unixMs(knownAt),
    knownAt: unixMs(knownAt),
    lineage:
      feed === null
        ? {
            kind: 'chain',
            chainId,
            address: ZERO_ADDRESS,
            blockNumber: block,
            blockHash: ZERO_HASH as Hash,
            transactionHash: ZERO_HASH,
            logIndex,
            estimated: [],
          }
        : { kind: 'feed', feed, sequence: block },
    value: { type: 'clock' },
  }))

test('events have one order, whatever order they came in', () => {
  fc.assert(
    fc.property(fc.array(arbitraryEvent, { maxLength: 30 }), events => {
      const sorted = [...events].sort(compareEvents)
      const again = [...events].reverse().sort(compareEvents)
      expect(sorted.map(event => [event.knownAt, event.lineage])).toEqual(
        again.map(event => [event.knownAt, event.lineage]),
      )
    }),
  )
})

test('comparison is antisymmetric and transitive', () => {
  fc.assert(
    fc.property(arbitraryEvent, arbitraryEvent, arbitraryEvent, (a, b, c) => {
      expect(Math.sign(compareEvents(a, b))).toBe(-Math.sign(compareEvents(b, a)) + 0)
      if (compareEvents(a, b) <= 0 && compareEvents(b, c) <= 0)
        expect(compareEvents(a, c)).toBeLessThanOrEqual(0)
    }),
  )
})
