import fc from 'fast-check'
import { expect, type TestContext, test } from 'vitest'
import { IntegrityError, InvalidInputError } from './errors.ts'
import { freshChain, freshInstrument, hashOf } from './freshNames.conformance.ts'
import type { InstrumentId } from './instrument.ts'
import { quantity } from './money.ts'
import { chainSource } from './observation.ts'
import type { EncoderModule, ObservationDoor } from './observationDoor.ts'
import type { ObservationStore } from './observationStore.ts'
import { type StoredObservation, toStoredObservation } from './storedObservation.ts'
import { unixMs } from './time.ts'

/** What every `ObservationDoor` promises: it does what `append` does. */
export function doorTests(store: () => ObservationStore): void {
  test('rows that came through it are what `append` would have stored', async context => {
    const door = doorOf(context)
    const batches = fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(2), async (blocksOfBatches, gap) => {
        const [encoded, plain] = [chain(), chain()]
        let block = 0
        for (const logsOfBlocks of blocksOfBatches) {
          const places = logsOfBlocks.flatMap(logs => {
            block += 1 + gap
            return Array.from({ length: logs }, (_, index) => [block, index * (1 + gap)] as const)
          })
          const added = await encoded.send(door, block, encoded.logs(places))
          expect(added).toBe(places.length)
          await plain.append(block, plain.logs(places))
        }
        expect(await encoded.contents()).toEqual(await plain.contents())
      }),
      { numRuns: 20 },
    )
  })

  test('what is stored already is left as it is, and counts once', async context => {
    const door = doorOf(context)
    const { append, send, logs, scan } = chain()
    const rows = logs([
      [1, 0],
      [2, 0],
      [2, 1],
      [4, 0],
    ])
    await append(2, rows.slice(1, 2))
    expect(await send(door, 4, rows)).toBe(3)
    expect(await send(door, 4, rows)).toBe(0)
    expect(await scan()).toEqual(rows)
  })

  test('another row at a stored place is refused, and nothing is written', async context => {
    const door = doorOf(context)
    const { source, append, send, logs, scan } = chain()
    const [first, second] = [logs([[1, 0]]), logs([[2, 0]])]
    await append(1, first)
    const changed = logs([[1, 0]], 7n)
    await expect(send(door, 2, [...changed, ...second])).rejects.toThrow(IntegrityError)
    expect(await scan()).toEqual(first)
    expect(await store().cursor(source, 'all')).toMatchObject({ block: 1 })
  })

  test('what replaces a withdrawn block is visible with the withdrawal', async context => {
    const door = doorOf(context)
    const [encoded, plain] = [chain(), chain()]
    for (const each of [encoded, plain]) {
      await each.append(
        5,
        each.logs([
          [1, 0],
          [3, 0],
          [5, 0],
        ]),
      )
      await store().rollback({
        source: each.source,
        toBlock: 2,
        toBlockHash: hashOf(2),
        noticedAtMs: unixMs(6_500),
        confirmations: 0,
      })
    }
    const places = [
      [3, 1],
      [4, 0],
      [9, 0],
    ] as const
    expect(await encoded.send(door, 9, encoded.logs(places))).toBe(3)
    await plain.append(9, plain.logs(places))
    const contents = await encoded.contents()
    expect(contents).toEqual(await plain.contents())
    expect(contents.map(row => row.visibleAt)).toEqual([null, null, null, null, 6_500, 6_500, null])
  })

  test('a range without rows moves the cursor', async context => {
    const door = doorOf(context)
    const { source, send } = chain()
    expect(await send(door, 8, [])).toBe(0)
    expect(await store().cursor(source, 'all')).toEqual({
      source,
      stream: 'all',
      block: 8,
      blockHash: hashOf(8),
    })
  })

  test('its encoder refuses rows of another source or instrument, and out of order', async context => {
    const door = doorOf(context)
    const { encoderOf, logs } = chain()
    const other = chain()
    const encoder = await encoderOf(door)
    const rows = logs([
      [2, 1],
      [2, 0],
      [1, 5],
    ])
    encoder.add(rows[0] as StoredObservation)
    for (const row of [...rows, ...other.logs([[3, 0]])])
      expect(() => encoder.add(row)).toThrow(InvalidInputError)
    expect(encoder.take()).toMatchObject({
      rows: 1,
      first: { block: 2, logIndex: 1 },
      last: { block: 2, logIndex: 1 },
    })
    expect(encoder.take()).toEqual({ rows: 0, first: null, last: null, pieces: [] })
  })

  function doorOf(context: TestContext): ObservationDoor {
    const { door } = store()
    if (door === undefined) return context.skip('this store has no door')
    return door
  }

  /** A chain of its own, whose blocks are a second apart. */
  function chain() {
    const instrument = freshInstrument()
    const chainId = freshChain()
    const source = chainSource(chainId)
    const cursor = (block: number) => ({ source, stream: 'all', block, blockHash: hashOf(block) })
    const scan = () => store().scan({ source, limit: 1_000 })
    const encoderOf = async (door: ObservationDoor) => {
      const { createEncoder }: EncoderModule = await import(door.encoder)
      // As they change threads: copied.
      return createEncoder(structuredClone(await door.settings(source, [instrument])))
    }
    return {
      source,
      encoderOf,
      scan,
      logs: (places: readonly (readonly [number, number])[], amount = 1n) =>
        places.map(([block, logIndex]) => transfer({ chainId, block, logIndex, amount, instrument })),
      append: (block: number, observations: readonly StoredObservation[]) =>
        store().append({ observations, cursor: cursor(block) }),
      async send(door: ObservationDoor, block: number, rows: readonly StoredObservation[]) {
        const encoder = await encoderOf(door)
        for (const row of rows) encoder.add(row)
        return door.append({ observations: structuredClone(encoder.take()), cursor: cursor(block) })
      },
      /** What the store holds, but for the names that differ from chain to chain. */
      async contents() {
        const rows = await store().read({ instruments: [instrument], limit: 1_000 })
        return rows.map(({ event, visibleAt = null }) => {
          const { block = null, logIndex = null } =
            event.lineage.kind === 'chain'
              ? { block: event.lineage.blockNumber, logIndex: event.lineage.logIndex }
              : {}
          const { knownAt, validAt, value } = event
          return { block, logIndex, knownAt, validAt, type: value.type, visibleAt }
        })
      },
    }
  }
}

function transfer(options: {
  readonly chainId: number
  readonly block: number
  readonly logIndex: number
  readonly amount: bigint
  readonly instrument: InstrumentId
}): StoredObservation {
  const { chainId, block, logIndex, amount, instrument } = options
  const address = `0x${'1'.repeat(40)}` as const
  return toStoredObservation(
    {
      validAt: unixMs(block * 1_000),
      knownAt: unixMs(block * 1_000),
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
    },
    `{"amount":"${amount}","hash":"${hashOf(block)}","odd":"\u0001 é 🪙 0x"}`,
  )
}
