import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DECISION_KINDS, instrumentId, seededRandom } from '../core/index.ts'
import { verifyProof } from '../decision-log/index.ts'
import { createFeedHub } from './feedHub.ts'
import { type FeedFilter, matchesFilter } from './feedProtocol.ts'
import type { FeedSink } from './feedSubscriber.ts'
import { agentOf, createMemoryLog } from './test/memoryLog.ts'

type Received = { readonly type: string; readonly feedSequence: number } & Record<string, unknown>

/** A sink that is full at random, as a slow client is. */
function createSink(random: () => number): FeedSink & { readonly messages: Received[]; close(): void } {
  const messages: Received[] = []
  let room = 20
  let closed = false
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

/** A promise that the test resolves when it wants. */
function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}

const AGENTS = [agentOf(1), agentOf(2), agentOf(3)]
const anyFilter: fc.Arbitrary<FeedFilter> = fc.record(
  {
    agents: fc.subarray(AGENTS, { minLength: 1 }),
    kinds: fc.subarray([...DECISION_KINDS], { minLength: 1 }),
    instruments: fc.subarray([instrumentId('test:11'), instrumentId('test:22')], { minLength: 1 }),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      agent: fc.constantFrom(...AGENTS),
      // Some larger than a page of the hub.
      count: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) },
        { weight: 1, arbitrary: fc.constant(300) },
      ),
      kind: fc.constantFrom(...DECISION_KINDS),
      notify: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('anchor' as const),
      agent: fc.constantFrom(...AGENTS),
      notify: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      filter: anyFilter,
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      proofFrom: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leaveAll' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 30 }) }),
  },
)

test('each subscriber gets each wanted decision once, in order, then its proof once, whatever interleaves', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.integer(), async (steps, seed) => {
      const random = seededRandom(seed)
      const log = createMemoryLog(async () => {
        for (let turns = Math.floor(random() * 4); turns > 0; turns--) await nextTurn()
      })
      const hub = createFeedHub({ decisions: log.store, proofOf: log.proofOf })
      const subscriptions: {
        readonly from: number
        readonly proofFrom: number
        readonly filter: FeedFilter
        readonly sink: ReturnType<typeof createSink>
      }[] = []
      const failures: unknown[] = []
      const background: Promise<void>[] = []

      for (const action of steps) {
        if (action.do === 'record') {
          await log.record(action.agent, action.count, action.kind)
          if (action.notify) background.push(hub.notifyRecorded())
        } else if (action.do === 'anchor') {
          await log.anchor(action.agent)
          if (action.notify) background.push(hub.notifyAnchored(action.agent))
        } else if (action.do === 'subscribe') {
          await hub.notifyRecorded()
          const from = Math.floor(action.from * hub.head)
          const proofFrom = Math.floor(action.proofFrom * from)
          const sink = createSink(random)
          const place = { filter: action.filter, sink, from, proofFrom, orphanedFrom: proofFrom }
          hub.subscribe(place, error => failures.push(error))
          subscriptions.push({ from, proofFrom, filter: action.filter, sink })
        } else if (action.do === 'leaveAll') {
          for (const subscriber of hub.subscribers) hub.unsubscribe(subscriber)
          for (const { sink } of subscriptions) sink.close()
        } else for (let turn = 0; turn < action.turns; turn++) await nextTurn()
      }
      // Whoever was not told yet is told at the next heartbeat.
      for (const agent of AGENTS) await log.anchor(agent)
      await Promise.all(background)
      await hub.notifyRecorded()
      await hub.notifyAllAnchored()
      while ([...hub.subscribers].some(({ live }) => !live)) await nextTurn()
      await hub.notifyAllAnchored()

      expect(failures).toEqual([])
      expect(hub.head).toBe(log.rows.length)
      for (const { from, proofFrom, filter, sink } of subscriptions) {
        const wanted = log.rows.filter(row => matchesFilter(filter, row)).map(row => row.feedSequence)
        const decisions = sink.messages.filter(({ type }) => type === 'decision')
        const got = decisions.map(d => d.feedSequence)
        const due = wanted.filter(sequence => sequence >= from)
        const proofs = sink.messages.filter(({ type }) => type === 'proof').map(p => p.feedSequence)
        const provable = wanted.filter(sequence => sequence >= proofFrom)
        // Whoever left has the first of what it wanted; whoever stayed has all.
        expect(got).toEqual(sink.closed ? due.slice(0, got.length) : due)
        expect(new Set(proofs).size).toBe(proofs.length)
        if (sink.closed) expect(provable).toEqual(expect.arrayContaining(proofs))
        else expect(proofs.toSorted((a, b) => a - b)).toEqual(provable)
        const place = new Map(
          decisions.map(message => [message.feedSequence, sink.messages.indexOf(message)]),
        )
        for (const [index, { type, feedSequence }] of sink.messages.entries())
          if (type === 'proof' && feedSequence >= from)
            expect(index).toBeGreaterThan(place.get(feedSequence) ?? Infinity)
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('a proof leads from the leaf to the root', async () => {
  const log = createMemoryLog()
  const hub = createFeedHub({ decisions: log.store, proofOf: log.proofOf })
  const recorded = await log.record(agentOf(1), 5)
  await log.anchor(agentOf(1))
  await hub.notifyRecorded()
  const sink = createSink(Math.random)
  hub.subscribe({ filter: {}, sink, from: 0, proofFrom: 0, orphanedFrom: 0 }, error => {
    throw error
  })
  while (sink.messages.length < 10) await nextTurn()
  for (const { type, feedSequence, leaf, root, ...place } of sink.messages)
    if (type === 'proof') {
      expect(leaf).toBe(recorded[feedSequence]?.leaf)
      expect(verifyProof(root as never, leaf as never, place as never)).toBe(true)
    }
})

test('after a reorg the proofs come again', async () => {
  const log = createMemoryLog()
  const hub = createFeedHub({ decisions: log.store, proofOf: log.proofOf })
  await log.record(agentOf(1), 3)
  await log.anchor(agentOf(1))
  await hub.notifyRecorded()
  const sink = createSink(Math.random)
  const subscriber = hub.subscribe(
    { filter: {}, sink, from: 0, proofFrom: 0, orphanedFrom: 0 },
    () => undefined,
  )
  while (!subscriber.live) await nextTurn()
  await log.reorg(agentOf(1))
  await hub.notifyAnchored(agentOf(1))
  expect(sink.messages).toHaveLength(6)
  await log.record(agentOf(1), 1)
  await hub.notifyRecorded()
  await log.anchor(agentOf(1))
  await hub.notifyAnchored(agentOf(1))
  expect(sink.messages.slice(6).map(({ type, feedSequence }) => [type, feedSequence])).toEqual([
    ['decision', 3],
    ['proof', 0],
    ['proof', 1],
    ['proof', 2],
    ['proof', 3],
  ])
})

test('a store that fails ends the subscription and leaves the hub working', async () => {
  const log = createMemoryLog()
  let broken = false
  const store = {
    ...log.store,
    list: (...query: Parameters<typeof log.store.list>) => {
      if (broken) return Promise.reject(new Error('down'))
      return log.store.list(...query)
    },
  }
  const hub = createFeedHub({ decisions: store, proofOf: log.proofOf })
  await hub.notifyRecorded()
  const live = createSink(Math.random)
  hub.subscribe({ filter: {}, sink: live, from: 0, proofFrom: 0, orphanedFrom: 0 }, () => undefined)
  await log.record(agentOf(1), 1)
  broken = true
  await expect(hub.notifyRecorded()).rejects.toThrow('down')
  broken = false
  await hub.notifyRecorded()
  expect(live.messages).toHaveLength(1)

  broken = true
  const failure = await new Promise(resolve =>
    hub.subscribe(
      { filter: {}, sink: createSink(Math.random), from: 0, proofFrom: 0, orphanedFrom: 0 },
      resolve,
    ),
  )
  expect(failure).toEqual(new Error('down'))
})

test('a decision that becomes visible before an earlier one waits for it', async () => {
  const log = createMemoryLog()
  let hidden: number | null = null
  const store = {
    ...log.store,
    list: async (query: Parameters<typeof log.store.list>[0]) =>
      (await log.store.list(query)).filter(({ feedSequence }) => feedSequence !== hidden),
  }
  const hub = createFeedHub({ decisions: store, proofOf: log.proofOf })
  await hub.notifyRecorded()
  const sink = createSink(Math.random)
  const subscriber = hub.subscribe(
    { filter: {}, sink, from: 0, proofFrom: 0, orphanedFrom: 0 },
    () => undefined,
  )
  while (!subscriber.live) await nextTurn()
  await log.record(agentOf(1), 3)
  hidden = 1
  await hub.notifyRecorded()
  expect(sink.messages.map(m => m.feedSequence)).toEqual([0])
  hidden = null
  await hub.notifyRecorded()
  expect(sink.messages.map(m => m.feedSequence)).toEqual([0, 1, 2])
})

test('a decision anchored while its page is prepared still gets its proof', async () => {
  const log = createMemoryLog()
  const gate = createGate()
  const asked = createGate()
  const hub = createFeedHub({
    decisions: log.store,
    proofOf: async (agent, sequence) => {
      if (sequence === 0) {
        asked.open()
        await gate.opened
      }
      return log.proofOf(agent, sequence)
    },
  })
  await log.record(agentOf(1), 1)
  await log.anchor(agentOf(1))
  await log.record(agentOf(1), 1)
  await hub.notifyRecorded()
  const sink = createSink(Math.random)
  const subscriber = hub.subscribe(
    { filter: {}, sink, from: 0, proofFrom: 0, orphanedFrom: 0 },
    () => undefined,
  )
  await asked.opened
  await log.anchor(agentOf(1))
  await hub.notifyAnchored(agentOf(1))
  gate.open()
  while (!subscriber.live) await nextTurn()
  expect(sink.messages.map(({ type, feedSequence }) => [type, feedSequence])).toEqual([
    ['decision', 0],
    ['proof', 0],
    ['decision', 1],
    ['proof', 1],
  ])
})

test('who subscribes while the hub skips ahead for lack of subscribers misses nothing', async () => {
  const log = createMemoryLog()
  let gate: Promise<void> = Promise.resolve()
  const store = {
    ...log.store,
    nextFeedSequence: async () => {
      const next = await log.store.nextFeedSequence()
      await gate
      return next
    },
  }
  const hub = createFeedHub({ decisions: store, proofOf: log.proofOf })
  await hub.notifyRecorded()
  await log.record(agentOf(1), 3)
  const { opened, open } = createGate()
  gate = opened
  const skipping = hub.notifyRecorded()
  await nextTurn()
  await nextTurn()
  const sink = createSink(Math.random)
  hub.subscribe({ filter: {}, sink, from: 0, proofFrom: 0, orphanedFrom: 0 }, () => undefined)
  open()
  await skipping
  expect(sink.messages.map(({ feedSequence }) => feedSequence)).toEqual([0, 1, 2])
})
