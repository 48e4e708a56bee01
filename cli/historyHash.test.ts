import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MarketEvent, ZERO_ADDRESS, ZERO_HASH } from '../core/index.ts'
import { streams } from '../execution/test/syntheticMarket.ts'
import { createHistoryHash } from './historyHash.ts'

function hashOf(events: readonly MarketEvent[]): string {
  const hash = createHistoryHash()
  for (const event of events) hash.add(event)
  return hash.digest()
}
/** The same rows in another feed, numbered otherwise. */
const moved = (event: MarketEvent): MarketEvent =>
  event.lineage.kind === 'feed'
    ? { ...event, lineage: { ...event.lineage, feed: 'other:feed', sequence: event.lineage.sequence + 7 } }
    : event

test('is of what was observed, and not of where a feed keeps it', () => {
  fc.assert(
    fc.property(streams(40), events => {
      expect(hashOf(events.map(moved))).toBe(hashOf(events))
    }),
    { seed: 5, numRuns: 20 },
  )
})

test('changes with any observation’s instrument, times and value, and with their number and order', () => {
  fc.assert(
    fc.property(streams(40), fc.nat(39), (events, at) => {
      const place = at % Math.max(1, events.length)
      const event = events[place]
      if (event === undefined) return
      const changes: readonly Partial<MarketEvent>[] = [
        { instrument: `${event.instrument}X` as MarketEvent['instrument'] },
        { validAt: (event.validAt + 1) as MarketEvent['validAt'] },
        { knownAt: (event.knownAt + 1) as MarketEvent['knownAt'] },
        { value: { type: 'nav', navE8: 1n as never } },
      ]
      const whole = hashOf(events)
      for (const change of changes)
        expect(hashOf(events.with(place, { ...event, ...change }))).not.toBe(whole)
      expect(hashOf(events.toSpliced(place, 1))).not.toBe(whole)
      expect(hashOf([...events, event])).not.toBe(whole)
    }),
    { seed: 6, numRuns: 20 },
  )
})

test('of a chain, tells the blocks by which a reorg takes observations back', () => {
  const inBlock = (blockNumber: number, transactionHash = ZERO_HASH): MarketEvent => ({
    instrument: 'test:XAU' as MarketEvent['instrument'],
    validAt: 1 as MarketEvent['validAt'],
    knownAt: 1 as MarketEvent['knownAt'],
    lineage: {
      kind: 'chain',
      chainId: 1,
      address: ZERO_ADDRESS,
      blockNumber,
      blockHash: ZERO_HASH,
      transactionHash,
      logIndex: 0,
      estimated: [],
    },
    value: { type: 'clock' },
  })
  expect(hashOf([inBlock(1)])).not.toBe(hashOf([inBlock(2)]))
  expect(hashOf([inBlock(1)])).toBe(hashOf([inBlock(1, `0x${'1'.repeat(64)}`)]))
})
