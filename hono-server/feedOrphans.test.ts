import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AgentId, instrumentId, seededRandom, unixMs, type Withdrawal } from '../core/index.ts'
import { encodeBody, recordOrphanedBy } from '../decision-log/index.ts'
import { hashOf, sampleRecord } from '../decision-log/test/sampleDecisions.ts'
import { createFeedHub } from './feedHub.ts'
import { type FeedFilter, matchesFilter } from './feedProtocol.ts'
import type { FeedSink } from './feedSubscriber.ts'
import { agentOf, createMemoryLog, type MemoryLog } from './test/memoryLog.ts'

const AGENTS = [agentOf(1), agentOf(2)]
const SOURCE = 'eip155:1'

type Received = { readonly type: string; readonly feedSequence: number } & Record<string, unknown>

function createSink(random: () => number): FeedSink & { readonly messages: Received[]; close(): void } {
  const messages: Received[] = []
  let [room, closed] = [20, false]
  return {
    messages,
    close() {
      closed = true
    },
    get closed() {
      return closed
    },
    send(frame) {
      if (closed) return
      room -= 1
      messages.push(JSON.parse(String(frame)))
    },
    isFull: () => room <= 0,
    async drained() {
      while (room <= 0 && random() < 0.8) await nextTurn()
      room = Math.max(room, 1 + Math.floor(random() * 40))
    },
  }
}

/** Records decisions, each made at a block a second after the one before. */
async function decide(log: MemoryLog, agent: AgentId, count: number, firstBlock: number): Promise<void> {
  const first = await log.store.nextSequence(agent)
  await log.store.append(
    Array.from({ length: count }, (_, index) => {
      const sequence = first + index
      const block = firstBlock + index
      const record = {
        ...sampleRecord(agent, sequence),
        timeMs: unixMs(block * 1_000),
        observed: { source: SOURCE, block, logIndex: 0 },
      }
      const { instrument, timeMs, output } = record
      const body = encodeBody(record)
      const signature = `0x${'00'.repeat(65)}` as const
      return { agent, sequence, kind: output.kind, instrument, timeMs, body, leaf: hashOf('1'), signature }
    }),
  )
}

const withdrawalAt = (forkBlock: number, throughBlock: number): Withdrawal => ({
  source: SOURCE,
  instrument: instrumentId('oanda:XAUUSD'),
  forkBlock,
  throughBlock,
  observations: throughBlock - forkBlock,
  firstWithdrawn: {
    knownAt: unixMs((forkBlock + 1) * 1_000),
    source: SOURCE,
    block: forkBlock + 1,
    logIndex: 0,
  },
  visibleAt: unixMs(throughBlock * 1_000 + 1),
  ordinal: 0,
})

const anyFilter: fc.Arbitrary<FeedFilter> = fc.record(
  {
    agents: fc.subarray(AGENTS, { minLength: 1 }),
    kinds: fc.constant(['signal' as const, 'order' as const]),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const share = fc.double({ min: 0, max: 1, noNaN: true })
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      agent: fc.constantFrom(...AGENTS),
      count: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 30 }) },
        { weight: 1, arbitrary: fc.constant(300) },
      ),
      notify: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('withdraw' as const),
      depth: fc.integer({ min: 1, max: 40 }),
      // Above what agents have decided on: those that come up to it are orphaned when they are recorded.
      ahead: fc.nat(20),
      notify: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      filter: anyFilter,
      from: share,
      proofFrom: share,
      orphanedFrom: share,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leaveAll' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 30 }) }),
  },
)

test('each subscriber is told once of each wanted decision that was orphaned, after it, whatever interleaves', async () => {
  let told = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.integer(), async (steps, seed) => {
      const random = seededRandom(seed)
      const pause = async () => {
        for (let turns = Math.floor(random() * 4); turns > 0; turns--) await nextTurn()
      }
      const log = createMemoryLog(pause)
      const withdrawals: Withdrawal[] = []
      const hub = createFeedHub({
        decisions: log.store,
        proofOf: log.proofOf,
        async withdrawalsOf() {
          await pause()
          return [...withdrawals]
        },
      })
      const subscriptions: {
        readonly from: number
        readonly orphanedFrom: number
        readonly filter: FeedFilter
        readonly sink: ReturnType<typeof createSink>
      }[] = []
      const failures: unknown[] = []
      const background: Promise<void>[] = []
      const blocks = new Map<AgentId, number>()
      for (const action of steps) {
        if (action.do === 'decide') {
          const block = blocks.get(action.agent) ?? 100
          blocks.set(action.agent, block + action.count)
          await decide(log, action.agent, action.count, block)
          if (action.notify) background.push(hub.notifyRecorded())
        } else if (action.do === 'withdraw') {
          const throughBlock = Math.max(
            (withdrawals.at(-1)?.throughBlock ?? 0) + 1,
            Math.max(100, ...blocks.values()) + action.ahead,
          )
          withdrawals.push(withdrawalAt(throughBlock - action.depth, throughBlock))
          if (action.notify) background.push(hub.notifyWithdrawn())
        } else if (action.do === 'subscribe') {
          await hub.notifyRecorded()
          const from = Math.floor(action.from * hub.head)
          const proofFrom = Math.floor(action.proofFrom * from)
          const orphanedFrom = Math.floor(action.orphanedFrom * proofFrom)
          const sink = createSink(random)
          const { filter } = action
          hub.subscribe({ filter, sink, from, proofFrom, orphanedFrom }, error => failures.push(error))
          subscriptions.push({ from, orphanedFrom, filter, sink })
        } else if (action.do === 'leaveAll') {
          for (const subscriber of hub.subscribers) hub.unsubscribe(subscriber)
          for (const { sink } of subscriptions) sink.close()
        } else for (let turn = 0; turn < action.turns; turn++) await nextTurn()
      }
      await Promise.all(background)
      await hub.notifyRecorded()
      while ([...hub.subscribers].some(({ live }) => !live)) await nextTurn()
      // Whoever was not told yet is told at the next heartbeat.
      await hub.notifyWithdrawn()

      expect(failures).toEqual([])
      const orphaned = new Set(
        log.rows
          .filter(row => recordOrphanedBy(row, withdrawals) !== null)
          .map(({ feedSequence }) => feedSequence),
      )
      for (const { from, orphanedFrom, filter, sink } of subscriptions) {
        const got = sink.messages.filter(({ type }) => type === 'orphaned').map(m => m.feedSequence)
        const due = log.rows
          .filter(row => row.feedSequence >= orphanedFrom && matchesFilter(filter, row))
          .map(({ feedSequence }) => feedSequence)
          .filter(feedSequence => orphaned.has(feedSequence))
        expect(new Set(got).size).toBe(got.length)
        if (sink.closed) expect(due).toEqual(expect.arrayContaining(got))
        else expect(got.toSorted((a, b) => a - b)).toEqual(due)
        told += got.length
        for (const [index, { type, feedSequence }] of sink.messages.entries())
          if (type === 'orphaned' && feedSequence >= from)
            expect(
              sink.messages
                .slice(0, index)
                .some(m => m.type === 'decision' && m.feedSequence === feedSequence),
            ).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
  expect(told).toBeGreaterThan(500)
}, 60_000)

test('the message names the reorg; a store that fails while it is looked for is asked again', async () => {
  const log = createMemoryLog()
  const withdrawals: Withdrawal[] = []
  let broken = false
  const find: typeof log.store.find = (...place) =>
    broken ? Promise.reject(new Error('down')) : log.store.find(...place)
  const hub = createFeedHub({
    decisions: { ...log.store, find },
    proofOf: log.proofOf,
    withdrawalsOf: async () => [...withdrawals],
  })
  await decide(log, agentOf(1), 3, 10)
  await hub.notifyRecorded()
  const sink = createSink(Math.random)
  const place = { filter: {}, sink, from: 0, proofFrom: 0, orphanedFrom: 0 }
  const subscriber = hub.subscribe(place, () => undefined)
  while (!subscriber.live) await nextTurn()
  withdrawals.push(withdrawalAt(11, 12))
  broken = true
  await expect(hub.notifyWithdrawn()).rejects.toThrow('down')
  expect(sink.messages).toHaveLength(3)
  broken = false
  await hub.notifyWithdrawn()
  await hub.notifyWithdrawn()
  expect(sink.messages.slice(3)).toEqual([
    {
      type: 'orphaned',
      feedSequence: 2,
      agent: agentOf(1),
      sequence: 2,
      source: SOURCE,
      forkBlock: 11,
      throughBlock: 12,
      withdrawnAtMs: 12_001,
      withdrawnAt: '1970-01-01T00:00:12.001Z',
    },
  ])
})
