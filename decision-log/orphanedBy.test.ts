import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryObservationStore } from '../chain-ingest/testing/memoryObservationStore.conformance.ts'
import {
  chainSource,
  deliveredEvent,
  type InstrumentId,
  instrumentId,
  type MarketEvent,
  positionOf,
  quantity,
  sha256,
  toStoredObservation,
  unixMs,
  type Withdrawal,
  ZERO_ADDRESS,
} from '../core/index.ts'
import { createSigner } from './createSigner.ts'
import { decisionPosition, orphanedBy, recordOrphanedBy } from './orphanedBy.ts'
import { encodeBody } from './recordBody.ts'
import { KEYS, sampleRecord } from './test/sampleDecisions.ts'

const GOLD = instrumentId('test:GOLD')
const BILLS = instrumentId('test:BILLS')

const withdrawal = (fields: Partial<Withdrawal> = {}): Withdrawal => ({
  source: 'eip155:1',
  instrument: GOLD,
  forkBlock: 10,
  throughBlock: 12,
  observations: 3,
  firstWithdrawn: { knownAt: unixMs(11_000), source: 'eip155:1', block: 11, logIndex: 2 },
  visibleAt: unixMs(13_000),
  ordinal: 1,
  ...fields,
})
const at = (knownAt: number, block: number, logIndex = 0, source = 'eip155:1') => ({
  knownAt: unixMs(knownAt),
  source,
  block,
  logIndex,
})

describe('orphanedBy', () => {
  test.each([
    ['before what is withdrawn', at(11_000, 11, 1), false],
    ['at the first withdrawn observation', at(11_000, 11, 2), true],
    ['between it and the withdrawal, by another source', at(12_000, 5, 0, 'oanda:XAUUSD'), true],
    ['at the time of the withdrawal, by a source that sorts before', at(13_000, 99, 0, 'a:B'), true],
    ['at the withdrawal of another instrument in the same reorg, before its own', at(13_000, 10, 0), true],
    ['at the withdrawal', at(13_000, 10, 1), false],
    ['at what replaces the withdrawn', at(13_000, 11, 0), false],
    ['later', at(14_000, 12, 0), false],
  ])('a decision %s', (_name, decided, isOrphaned) => {
    expect(orphanedBy(decided, [withdrawal()])).toEqual(isOrphaned ? withdrawal() : null)
  })

  test('of several withdrawals names the one that was seen first', () => {
    const [later, sooner] = [withdrawal({ visibleAt: unixMs(20_000), forkBlock: 8 }), withdrawal()]
    expect(orphanedBy(at(12_000, 12), [later, sooner])).toBe(sooner)
    expect(orphanedBy(at(13_500, 12), [later, sooner])).toBe(later)
    expect(orphanedBy(at(12_000, 12), [])).toBeNull()
  })

  test('agrees with an agent that walks through random reorgs of two chains and two instruments', async () => {
    const step = fc.record({
      chain: fc.constantFrom(1, 2),
      reorg: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3 }),
      logs: fc.array(fc.constantFrom(GOLD, BILLS), { maxLength: 3 }),
    })
    let orphaned = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.nat(2),
        fc.constantFrom([GOLD], [GOLD, BILLS]),
        async (steps, confirmations, instruments: readonly InstrumentId[]) => {
          const store = createMemoryObservationStore()
          const heads = new Map([
            [1, 0],
            [2, 0],
          ])
          let value = 0n
          for (const { chain, reorg, logs } of steps) {
            const source = chainSource(chain)
            let head = heads.get(chain) ?? 0
            if (reorg !== null && head > 0) {
              const toBlock = Math.max(0, head - reorg)
              const noticedAtMs = unixMs((head + 1) * 1_000)
              await store.rollback({ source, toBlock, toBlockHash: null, noticedAtMs, confirmations })
              head = toBlock
            }
            head += 1
            value += 1n
            await store.append({
              observations: logs.map((instrument, index) => log(chain, head, index, instrument, value)),
              cursor: { source, stream: 'all', block: head, blockHash: null },
            })
            heads.set(chain, head)
          }

          const withdrawals = await store.withdrawals(instruments)
          const stream = (await store.read({ instruments, limit: 10_000 })).map(deliveredEvent)
          for (const [index, event] of stream.entries()) {
            const found = orphanedBy(positionOf(event), withdrawals)
            const expected = stream
              .slice(index + 1)
              .find(later => takesBackSome(later, standingAfter(stream.slice(0, index + 1))))
            expect(found === null ? null : [found.instrument, found.visibleAt, found.forkBlock]).toEqual(
              expected === undefined
                ? null
                : [expected.instrument, expected.knownAt, positionOf(expected).block],
            )
            if (found !== null) orphaned += 1
          }
        },
      ),
      { numRuns: 150 },
    )
    // Such decisions were among them.
    expect(orphaned).toBeGreaterThan(50)
  }, 60_000)
})

describe('recordOrphanedBy', () => {
  const { agent } = createSigner(KEYS[0])
  const record = sampleRecord(agent, 3)
  const recorded = { body: encodeBody(record), timeMs: record.timeMs }
  const covering = withdrawal({
    firstWithdrawn: { ...at(record.timeMs, 1_000), source: 'eip155:1' },
    visibleAt: unixMs(record.timeMs + 1),
  })

  test('reads the place of a decision from its record', () => {
    expect(decisionPosition(record)).toEqual({ knownAt: record.timeMs, ...record.observed })
    expect(recordOrphanedBy(recorded, [covering])).toBe(covering)
    expect(recordOrphanedBy(recorded, [withdrawal()])).toBeNull()
  })

  test('says nothing of a record that cannot be read', () => {
    expect(recordOrphanedBy({ ...recorded, body: '{' }, [covering])).toBeNull()
  })
})

function log(chainId: number, block: number, logIndex: number, instrument: InstrumentId, value: bigint) {
  const hash = sha256(`${chainId}/${block}/${value}`)
  const event: MarketEvent = {
    instrument,
    validAt: unixMs(block * 1_000),
    knownAt: unixMs(block * 1_000),
    lineage: {
      kind: 'chain',
      chainId,
      address: ZERO_ADDRESS,
      blockNumber: block,
      blockHash: hash,
      transactionHash: hash,
      logIndex,
      estimated: [],
    },
    value: { type: 'transfer', from: ZERO_ADDRESS, to: ZERO_ADDRESS, amount: quantity(value) },
  }
  return toStoredObservation(event, `${chainId}/${block}/${logIndex}/${value}`)
}

/** What an agent that has read so far counts on: what came, less what was withdrawn. */
function standingAfter(events: readonly MarketEvent[]): MarketEvent[] {
  let standing: MarketEvent[] = []
  for (const event of events)
    if (event.value.type === 'withdrawal') standing = standing.filter(earlier => !takesBack(event, earlier))
    else standing.push(event)
  return standing
}

const takesBackSome = (event: MarketEvent, standing: readonly MarketEvent[]) =>
  standing.some(earlier => takesBack(event, earlier))

function takesBack({ value, instrument }: MarketEvent, earlier: MarketEvent): boolean {
  const { source, block } = positionOf(earlier)
  return (
    value.type === 'withdrawal' &&
    instrument === earlier.instrument &&
    value.source === source &&
    block > value.forkBlock
  )
}
