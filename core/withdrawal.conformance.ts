import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freshChain, freshInstrument, hashOf } from './freshNames.conformance.ts'
import type { InstrumentId } from './instrument.ts'
import type { MarketEvent } from './marketEvent.ts'
import { quantity } from './money.ts'
import { chainSource, comparePositions, positionOf } from './observation.ts'
import type { ObservationStore } from './observationStore.ts'
import { deliveredEvent, type StoredObservation, toStoredObservation } from './storedObservation.ts'
import { type UnixMs, unixMs } from './time.ts'

const BLOCK_MS = 1_000

/** What every `ObservationStore` promises of what a reorg withdraws. */
export function withdrawalTests(store: () => ObservationStore): void {
  test('what agents may have seen stays readable, then its withdrawal, then what replaces it', async () => {
    const { gold, append, rollback, read, log } = chain()
    const [a, b, c] = [log(1, 0), log(2, 0), log(3, 0)]
    await append(3, [a, b, c])
    expect(await rollback(1)).toEqual({ withdrawn: 2, visibleAt: 3_001 })
    const replacing = log(2, 0, 99n)
    await append(2, [replacing])
    const seen = await read()
    expect(seen.map(kindAndTime)).toEqual([
      ['transfer', 1_000],
      ['transfer', 2_000],
      ['transfer', 3_000],
      ['withdrawal', 3_001],
      ['transfer', 3_001],
    ])
    expect(seen[4]).toEqual({ ...replacing, visibleAt: 3_001 })
    expect(seen[3]?.event).toMatchObject({
      instrument: gold,
      lineage: { kind: 'reorg', forkBlock: 1, forkHash: hashOf(1), ordinal: 0 },
      value: { type: 'withdrawal', forkBlock: 1, throughBlock: 3, observations: 2 },
    })
  })

  test('only what stands is scanned, in the order of the source', async () => {
    const { source, append, rollback, log } = chain()
    await append(3, [log(1, 0), log(2, 0), log(3, 0)])
    await rollback(1)
    const fresh = [log(2, 1, 98n), log(2, 0, 99n), log(4, 0)]
    await append(4, fresh)
    const scan = (query: object = {}) => store().scan({ source, limit: 100, ...query })
    const places = (rows: readonly StoredObservation[]) =>
      rows.map(({ event }) => [positionOf(event).block, positionOf(event).logIndex])
    expect(places(await scan())).toEqual([
      [1, 0],
      [2, 0],
      [2, 1],
      [4, 0],
    ])
    expect(places(await scan({ after: { block: 2, logIndex: 0 }, limit: 1 }))).toEqual([[2, 1]])
    expect(places(await scan({ throughBlock: 2 }))).toEqual([
      [1, 0],
      [2, 0],
      [2, 1],
    ])
  })

  test('rows that confirmations keep from agents leave no trace', async () => {
    const { append, rollback, read, log, gold } = chain()
    await append(5, [log(3, 0), log(4, 0), log(5, 0)])
    expect(await rollback(3, { confirmations: 2 })).toEqual({ withdrawn: 2, visibleAt: null })
    expect((await read()).map(kindAndTime)).toEqual([['transfer', 3_000]])
    await append(5, [log(4, 0, 7n)])
    expect((await read())[1]).not.toHaveProperty('visibleAt')
    expect(await store().withdrawals([gold])).toEqual([])
  })

  test('a withdrawal is seen no earlier than the reorg was noticed', async () => {
    const { append, rollback, log, read } = chain()
    await append(2, [log(2, 0)])
    expect(await rollback(1, { noticedAtMs: unixMs(9_000) })).toEqual({ withdrawn: 1, visibleAt: 9_000 })
    await append(9, [log(2, 0, 5n), log(9, 0), log(10, 0)])
    expect((await read()).map(kindAndTime)).toEqual([
      ['transfer', 2_000],
      ['withdrawal', 9_000],
      ['transfer', 9_000],
      ['transfer', 9_000],
      ['transfer', 10_000],
    ])
  })

  test('withdrawals are listed by instrument with what they cover', async () => {
    const { source, gold, append, rollback, log } = chain()
    const bills = freshInstrument()
    await append(3, [log(1, 0), log(2, 0, 1n, bills), log(2, 1), log(3, 0)])
    await rollback(1)
    const [ofGold] = await store().withdrawals([gold])
    expect(ofGold).toEqual({
      source,
      instrument: gold,
      forkBlock: 1,
      throughBlock: 3,
      observations: 2,
      firstWithdrawn: { knownAt: 2_000, source, block: 2, logIndex: 1 },
      visibleAt: 3_001,
      ordinal: expect.any(Number),
    })
    expect(await store().withdrawals([bills])).toMatchObject([{ instrument: bills, observations: 1 }])
    expect(await store().withdrawals([freshInstrument()])).toEqual([])
    // Both instruments see it, one after the other.
    const both = await store().read({ instruments: [gold, bills], limit: 100 })
    const ordinals = both.flatMap(({ event }) =>
      event.lineage.kind === 'reorg' ? [event.lineage.ordinal] : [],
    )
    expect(ordinals).toEqual([0, 1])
    const listed = await store().withdrawals([gold, bills])
    const events = both.filter(({ event }) => event.value.type === 'withdrawal').map(({ event }) => event)
    expect(listed.map(({ instrument, ordinal }) => [instrument, ordinal])).toEqual(
      events.map(({ instrument }, index) => [instrument, index]),
    )
    expect(await store().count([gold, bills])).toBe(both.length)
  })

  test('discarding takes exactly the rows named, and only while they are what is named', async () => {
    const { source, append, log, read } = chain()
    const rows = [log(1, 0), log(2, 0), log(3, 0)]
    await append(3, rows)
    const [a, b] = rows.map(({ digest, event }) => ({ ...positionOf(event), digest }))
    const changed = { block: 3, logIndex: 0, digest: hashOf(3) }
    const given = [a, b, changed].flatMap(row => (row === undefined ? [] : [row]))
    expect(await store().discard(source, given)).toBe(2)
    expect(await store().discard(source, given)).toBe(0)
    expect(await read()).toEqual([rows[2]])
    expect(await store().sources()).toContain(source)
    expect(await store().cursors(source)).toMatchObject([{ stream: 'all', block: 3 }])
  })

  test('what replaces blocks below an earlier fork is seen after that withdrawal, though nothing more is withdrawn', async () => {
    const { append, rollback, read, log } = chain()
    await append(1, [log(1, 0)])
    await append(5, [log(5, 0)])
    const noticedAtMs = unixMs(6 * BLOCK_MS)
    await rollback(4, { noticedAtMs })
    const paged = await read()
    expect(paged.map(kindAndTime).at(-1)).toEqual(['withdrawal', noticedAtMs])
    expect(await rollback(2, { noticedAtMs })).toEqual({ withdrawn: 0, visibleAt: null })
    await append(3, [log(3, 0, 7n)])
    const all = await read()
    expect(all.slice(0, paged.length)).toEqual(paged)
    expect(all.slice(paged.length).map(({ event }) => positionOf(event).block)).toEqual([3])
  })

  test('what a reader pages through while chains are reorganised is what a later reader gets', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('grow' as const),
          blocks: fc.integer({ min: 1, max: 4 }),
          logs: fc.nat(3),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('reorg' as const), depth: fc.integer({ min: 1, max: 5 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 7 }) }),
      },
    )
    const scripts = fc.array(step, { maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(scripts, fc.nat(3), async (script, confirmations) => {
        const { append, rollback, read, log, source } = chain()
        const paged: StoredObservation[] = []
        const standing: StoredObservation[] = []
        let head = 0
        let complete: UnixMs = unixMs(0)
        let value = 0n
        for (const each of script) {
          if (each.kind === 'grow') {
            for (let block = 0; block < each.blocks; block++) {
              head++
              const rows = Array.from({ length: each.logs }, (_, index) => log(head, index, ++value))
              standing.push(...rows)
              await append(head, rows)
            }
            // Read as a tail does: up to the last block that is deep enough.
            complete = unixMs(Math.max(complete, (head - confirmations) * BLOCK_MS))
          } else if (each.kind === 'reorg') {
            const fork = Math.max(0, head - each.depth)
            const gone = standing.filter(({ event }) => positionOf(event).block > fork)
            standing.splice(standing.length - gone.length)
            const noticedAtMs = unixMs((head + 1) * BLOCK_MS)
            expect(await rollback(fork, { confirmations, noticedAtMs })).toMatchObject({
              withdrawn: gone.length,
            })
            head = fork
          } else {
            const last = paged.at(-1)
            const after = last === undefined ? {} : { after: positionOf(deliveredEvent(last)) }
            paged.push(...(await read({ ...after, untilMs: complete, limit: each.limit })))
          }
        }
        const all = await read()
        expect(all.slice(0, paged.length)).toEqual(paged)
        const positions = all.map(observation => positionOf(deliveredEvent(observation)))
        expect(positions).toEqual([...positions].sort(comparePositions))
        const scanned = await store().scan({ source, limit: 1_000 })
        expect(scanned.map(({ event, raw, digest }) => ({ event, raw, digest }))).toEqual(standing)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  /** A chain of its own, whose blocks are a second apart. */
  function chain() {
    const gold = freshInstrument()
    const chainId = freshChain()
    const source = chainSource(chainId)
    return {
      gold,
      source,
      append: (block: number, observations: readonly StoredObservation[]) =>
        store().append({ observations, cursor: { source, stream: 'all', block, blockHash: null } }),
      rollback: (toBlock: number, options: { confirmations?: number; noticedAtMs?: UnixMs } = {}) =>
        store().rollback({
          source,
          toBlock,
          toBlockHash: hashOf(toBlock),
          noticedAtMs: unixMs(0),
          confirmations: 0,
          ...options,
        }),
      read: (query: object = {}) => store().read({ instruments: [gold], limit: 10_000, ...query }),
      log: (block: number, logIndex: number, amount = 1n, instrument = gold) =>
        transferLog({ chainId, block, logIndex, amount, instrument }),
    }
  }
}

const kindAndTime = (observation: StoredObservation) => {
  const { value, knownAt } = deliveredEvent(observation)
  return [value.type, knownAt]
}

function transferLog(options: {
  readonly chainId: number
  readonly block: number
  readonly logIndex: number
  readonly amount: bigint
  readonly instrument: InstrumentId
}): StoredObservation {
  const { chainId, block, logIndex, amount, instrument } = options
  const address = `0x${'1'.repeat(40)}` as const
  const event: MarketEvent = {
    validAt: unixMs(block * BLOCK_MS),
    knownAt: unixMs(block * BLOCK_MS),
    instrument,
    lineage: {
      kind: 'chain',
      chainId,
      address,
      blockNumber: block,
      blockHash: hashOf(block),
      transactionHash: hashOf(logIndex),
      logIndex,
      estimated: [],
    },
    value: { type: 'transfer', from: address, to: address, amount: quantity(amount) },
  }
  return toStoredObservation(event, `{"amount":"${amount}","block":${block},"hash":"${hashOf(block)}"}`)
}
