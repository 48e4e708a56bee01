import { expect, test } from 'vitest'
import type { AgentId, DecisionKind } from './decision.ts'
import type { AgentEpoch, AnchorBatch, UnsequencedDecision } from './decisionStore.ts'
import { IntegrityError, InvalidInputError, TakenOverError } from './errors.ts'
import { freshAgent, freshInstrument, hashOf } from './freshNames.conformance.ts'
import { instrumentId } from './instrument.ts'
import type { Store } from './store.ts'
import { unixMs } from './time.ts'

/** What every `DecisionStore` promises about decisions. */
export function decisionTests(store: () => Store): void {
  test('sequences start at 0 and follow each other; the feed has no gap over all agents', async () => {
    const [one, two] = [freshAgent(), freshAgent()]
    const first = await store().decisions.nextFeedSequence()
    expect(await store().decisions.nextSequence(one)).toBe(0)
    const given = [decision(one, 0), decision(two, 0), decision(one, 1)]
    const recorded = await store().decisions.append(given)
    expect(recorded).toEqual(given.map((each, index) => ({ ...each, feedSequence: first + index })))
    expect(await store().decisions.append([])).toEqual([])
    expect(await store().decisions.nextSequence(one)).toBe(2)
    expect(await store().decisions.nextSequence(two)).toBe(1)
    expect(await store().decisions.nextFeedSequence()).toBe(first + 3)
    expect(await store().decisions.find(one, 1)).toEqual(recorded[2])
    expect(await store().decisions.find(one, 2)).toBeNull()
  })

  test.each([
    ['a gap', [1]],
    ['a gap inside a batch', [0, 2]],
    ['a repetition', [0, 0]],
    ['a step back', [0, 1, 0]],
  ])('%s is refused, and nothing of it is written', async (_case, sequences) => {
    const [agent, other] = [freshAgent(), freshAgent()]
    const before = await store().decisions.nextFeedSequence()
    const given = [decision(other, 0), ...sequences.map(sequence => decision(agent, sequence))]
    await expect(store().decisions.append(given)).rejects.toThrow(IntegrityError)
    expect(await store().decisions.nextFeedSequence()).toBe(before)
    expect(await store().decisions.nextSequence(agent)).toBe(0)
    expect(await store().decisions.nextSequence(other)).toBe(0)
  })

  test('a decision that is already recorded cannot be recorded again', async () => {
    const agent = freshAgent()
    await store().decisions.append([decision(agent, 0)])
    await expect(store().decisions.append([decision(agent, 0, { body: '{"changed":1}' })])).rejects.toThrow(
      `The next sequence of agent ${agent} is 1, not 0.`,
    )
    expect((await store().decisions.find(agent, 0))?.body).toBe(decision(agent, 0).body)
  })

  test('writers at the same moment leave no gap and no double', async () => {
    const writers = Array.from({ length: 6 }, freshAgent)
    const first = await store().decisions.nextFeedSequence()
    await Promise.all(
      writers.map(async agent => {
        for (let sequence = 0; sequence < 5; sequence++)
          await store().decisions.append([decision(agent, sequence)])
      }),
    )
    const listed = await store().decisions.list({ fromFeedSequence: first, limit: 100 })
    expect(listed.map(each => each.feedSequence)).toEqual(
      Array.from({ length: 30 }, (_, index) => first + index),
    )
    for (const agent of writers)
      expect(listed.filter(each => each.agent === agent).map(each => each.sequence)).toEqual([0, 1, 2, 3, 4])
  })

  test('of two writers of one agent, one is told that it is behind', async () => {
    const agent = freshAgent()
    const results = await Promise.allSettled(
      [0, 1].map(() => store().decisions.append([decision(agent, 0), decision(agent, 1)])),
    )
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find(result => result.status === 'rejected')
    expect(refused?.reason).toBeInstanceOf(IntegrityError)
    expect(await store().decisions.nextSequence(agent)).toBe(2)
  })

  test('of writers at the same moment, those that are refused keep none of the others back', async () => {
    const [first, behind, unstorable, ...others] = Array.from({ length: 6 }, freshAgent) as [
      AgentId,
      AgentId,
      AgentId,
    ]
    const before = await store().decisions.nextFeedSequence()
    const append = (agent: AgentId, ...sequences: number[]) =>
      store().decisions.append(sequences.map(sequence => decision(agent, sequence)))
    const results = await Promise.allSettled([
      append(first, 0),
      append(behind, 0, 2),
      store().decisions.append([decision(unstorable, 0), decision(unstorable, 1, { body: 'cut\0off' })]),
      ...others.map(agent => append(agent, 0, 1)),
      append(first, 1, 2),
    ])
    expect(results.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'rejected'],
      ...others.map(() => 'fulfilled'),
      'fulfilled',
    ])
    expect(results[1]).toMatchObject({ reason: expect.any(IntegrityError) })
    expect(results[2]).toMatchObject({ reason: expect.any(InvalidInputError) })
    for (const agent of [behind, unstorable]) expect(await store().decisions.nextSequence(agent)).toBe(0)
    const listed = await store().decisions.list({ fromFeedSequence: before, limit: 100 })
    const count = 3 + 2 * others.length
    expect(listed.map(each => each.feedSequence)).toEqual(
      Array.from({ length: count }, (_, index) => before + index),
    )
    expect(listed).toEqual(
      results
        .flatMap(result => (result.status === 'fulfilled' ? result.value : []))
        .toSorted((a, b) => a.feedSequence - b.feedSequence),
    )
  })

  test.each([Number.NaN, 0.5, 2 ** 53])(
    'a time of %s is refused, and nothing of it is written',
    async time => {
      const agent = freshAgent()
      const timeMs = time as UnsequencedDecision['timeMs']
      const given = [decision(agent, 0), decision(agent, 1, { timeMs })]
      await expect(store().decisions.append(given)).rejects.toThrow(InvalidInputError)
      expect(await store().decisions.nextSequence(agent)).toBe(0)
    },
  )

  test('texts of any characters, numbers up to what a double holds, and sealed bodies come back as they were', async () => {
    const agent = freshAgent()
    const given = [
      decision(agent, 0, {
        body: 'añ€😀\u001e{},"\\\n'.repeat(300),
        timeMs: unixMs(Number.MAX_SAFE_INTEGER),
      }),
      decision(agent, 1, {
        timeMs: unixMs(0),
        sealed: {
          revealAtMs: unixMs(1),
          keyHash: hashOf(1),
          ciphertext: `0x${'c1'.repeat(5_000)}`,
          signature: `0x${'5e'.repeat(65)}`,
        },
      }),
      ...Array.from({ length: 200 }, (_, index) => decision(agent, 2 + index, { body: `${index}` })),
    ]
    const recorded = await store().decisions.append(given)
    expect(await store().decisions.list({ agent, limit: 1_000 })).toEqual(recorded)
    expect(recorded.map(({ feedSequence: _, ...rest }) => rest)).toEqual(given)
  })

  test('a body is kept as text, whatever it says', async () => {
    const agent = freshAgent()
    const body = '{"cut off: "\\'
    await store().decisions.append([decision(agent, 0, { body })])
    expect((await store().decisions.find(agent, 0))?.body).toBe(body)
  })

  test('list filters by agent, kind, instrument and start, from either end', async () => {
    const [one, two] = [freshAgent(), freshAgent()]
    const [gold, bills] = [freshInstrument(), freshInstrument()]
    const kinds: DecisionKind[] = ['signal', 'order', 'fill']
    const given = Array.from({ length: 12 }, (_, index) =>
      decision(index % 2 === 0 ? one : two, Math.floor(index / 2), {
        kind: kinds[index % 3] ?? 'halt',
        instrument: index % 4 < 2 ? gold : bills,
      }),
    )
    const recorded = await store().decisions.append(given)
    const first = recorded[0]?.feedSequence ?? 0
    const list = (query: Omit<Parameters<Store['decisions']['list']>[0], 'limit'>, limit = 100) =>
      store().decisions.list({ ...query, limit })

    expect(await list({ fromFeedSequence: first })).toEqual(recorded)
    expect(await list({ fromFeedSequence: first + 5 })).toEqual(recorded.slice(5))
    expect(await list({ fromFeedSequence: first }, 4)).toEqual(recorded.slice(0, 4))
    expect(await list({ fromFeedSequence: first + 12 })).toEqual([])
    expect(await list({ newestFirst: true }, 3)).toEqual(recorded.slice(-3).reverse())
    expect(await list({ agent: one })).toEqual(recorded.filter(each => each.agent === one))
    expect(await list({ agent: one, newestFirst: true }, 2)).toEqual(
      recorded
        .filter(each => each.agent === one)
        .slice(-2)
        .reverse(),
    )
    expect(await list({ agent: two, fromSequence: 4 })).toEqual(
      recorded.filter(each => each.agent === two && each.sequence >= 4),
    )
    expect(await list({ agent: two, kinds: ['order', 'fill'] })).toEqual(
      recorded.filter(each => each.agent === two && each.kind !== 'signal'),
    )
    expect(await list({ instruments: [gold] })).toEqual(recorded.filter(each => each.instrument === gold))
    expect(await list({ instruments: [gold], kinds: ['signal'], newestFirst: true })).toEqual(
      recorded.filter(each => each.instrument === gold && each.kind === 'signal').reverse(),
    )
    expect(await list({ agent: freshAgent() })).toEqual([])
    expect(await list({ kinds: [] })).toEqual([])
    await expect(list({ fromSequence: 1 })).rejects.toThrow(InvalidInputError)
  })
}

/** What every `DecisionStore` promises about epochs. */
export function epochTests(store: () => Store): void {
  test('an epoch is kept for each agent, and replaced by a later one', async () => {
    const [agent, other] = [freshAgent(), freshAgent()]
    expect(await store().decisions.epochOf(agent)).toBeNull()
    const first: AgentEpoch = { agent, epoch: 0, key: agent, host: hashOf(1), authority: null, since: 0 }
    const second: AgentEpoch = { agent, epoch: 1, key: other, host: hashOf(2), authority: '0xab', since: 7 }
    await store().decisions.saveEpoch(first)
    expect(await store().decisions.epochOf(agent)).toEqual(first)
    expect(await store().decisions.epochOf(other)).toBeNull()
    await store().decisions.saveEpoch(second)
    expect(await store().decisions.epochOf(agent)).toEqual(second)
  })

  test('only the host of an agent’s epoch writes its decisions, where the writer says who it is', async () => {
    const [agent, free] = [freshAgent(), freshAgent()]
    const [held, other] = [hashOf(1), hashOf(2)]
    await store().decisions.append([decision(agent, 0)], other)
    await store().decisions.saveEpoch({ agent, epoch: 1, key: agent, host: held, authority: null, since: 0 })
    await store().decisions.append([decision(agent, 1)], held)
    const refused = store().decisions.append([decision(free, 0), decision(agent, 2)], other)
    await expect(refused).rejects.toThrow(TakenOverError)
    await expect(refused).rejects.toThrow(`Another host records for agent ${agent} since its epoch 1.`)
    expect(await store().decisions.nextSequence(agent)).toBe(2)
    expect(await store().decisions.nextSequence(free)).toBe(0)
    await store().decisions.append([decision(agent, 2)])
  })
}

/** What every `DecisionStore` promises about replaced signatures. */
export function resignTests(store: () => Store): void {
  test('a signature is replaced, and nothing else of the decision', async () => {
    const agent = freshAgent()
    const recorded = await store().decisions.append([decision(agent, 0), decision(agent, 1)])
    await store().decisions.resign(agent, 1, '0xcd')
    expect(await store().decisions.list({ agent, limit: 10 })).toEqual([
      recorded[0],
      { ...recorded[1], signature: '0xcd' },
    ])
  })
}

/** What every `DecisionStore` promises about anchor batches. */
export function batchTests(store: () => Store): void {
  test('are kept exactly, replaced by agent and first sequence, and dropped', async () => {
    const agent = freshAgent()
    const sent = batch(agent, 0, 10, { maxFeePerGas: 2n ** 255n, maxPriorityFeePerGas: 0n })
    await store().decisions.saveBatch(sent)
    expect(await store().decisions.batches(agent)).toEqual([sent])
    const anchored: AnchorBatch = {
      ...sent,
      status: 'anchored',
      transactionHash: hashOf(2),
      maxFeePerGas: 3n,
      blockNumber: 123,
      blockHash: hashOf(3),
      gasUsed: 45_000,
    }
    await store().decisions.saveBatch(anchored)
    expect(await store().decisions.batches(agent)).toEqual([anchored])
    await store().decisions.saveBatch(sent)
    expect(await store().decisions.batches(agent)).toEqual([sent])
    await store().decisions.dropBatch(agent, 0)
    await store().decisions.dropBatch(agent, 0)
    expect(await store().decisions.batches(agent)).toEqual([])
  })

  test('are found by the decisions they hold', async () => {
    const [agent, other] = [freshAgent(), freshAgent()]
    const [first, second, third] = [batch(agent, 0, 3), batch(agent, 3, 1), batch(agent, 4, 10)]
    for (const each of [third, first, second, batch(other, 0, 100)]) await store().decisions.saveBatch(each)
    expect(await store().decisions.batches(agent)).toEqual([first, second, third])
    expect(await store().decisions.batches(agent, 2)).toEqual([first, second, third])
    expect(await store().decisions.batches(agent, 3)).toEqual([second, third])
    expect(await store().decisions.batches(agent, 14)).toEqual([])
    expect(await store().decisions.batchOf(agent, 2)).toEqual(first)
    expect(await store().decisions.batchOf(agent, 3)).toEqual(second)
    expect(await store().decisions.batchOf(agent, 13)).toEqual(third)
    expect(await store().decisions.batchOf(agent, 14)).toBeNull()
    expect(await store().decisions.batchOf(freshAgent(), 0)).toBeNull()
  })
}

function decision(
  agent: AgentId,
  sequence: number,
  changes: Partial<UnsequencedDecision> = {},
): UnsequencedDecision {
  return {
    agent,
    sequence,
    kind: 'signal',
    instrument: instrumentId('test:GOLD'),
    timeMs: unixMs(1_704_412_800_000 + sequence),
    body: `{"agent":"${agent}","sequence":${sequence}}`,
    leaf: hashOf(sequence),
    signature: `0x${'5a'.repeat(65)}`,
    ...changes,
  }
}

function batch(
  agent: AgentId,
  firstSequence: number,
  count: number,
  changes: Partial<AnchorBatch> = {},
): AnchorBatch {
  return {
    agent,
    firstSequence,
    count,
    root: hashOf(firstSequence),
    status: 'sent',
    transactionHash: hashOf(1),
    nonce: 7,
    maxFeePerGas: 30_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    blockNumber: null,
    blockHash: null,
    gasUsed: null,
    ...changes,
  }
}
