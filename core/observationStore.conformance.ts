import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IntegrityError, InvalidInputError } from './errors.ts'
import { fresh, freshChain, freshFeed, freshInstrument, hashOf } from './freshNames.conformance.ts'
import type { InstrumentId } from './instrument.ts'
import type { MarketEvent } from './marketEvent.ts'
import { priceE8, quantity } from './money.ts'
import { comparePositions, positionOf } from './observation.ts'
import type { BlockHeader, Cursor } from './observationStore.ts'
import type { Store } from './store.ts'
import { type StoredObservation, toStoredObservation } from './storedObservation.ts'
import { unixMs } from './time.ts'

/** What every `ObservationStore` promises. */
export function observationTests(store: () => Store): void {
  test('come back whole, in the total order, whatever order they were appended in', async () => {
    const gold = freshInstrument()
    const sources = [freshFeed(), freshFeed()]
    const stored = [
      bar({ feed: sources[1], row: 0, knownAt: 5, instrument: gold }),
      bar({ feed: sources[0], row: 2, knownAt: 5, instrument: gold }),
      bar({ feed: sources[0], row: 10, knownAt: 5, instrument: gold }),
      bar({ feed: sources[0], row: 9, knownAt: 1, instrument: gold }),
      swap({ chainId: freshChain(), block: 7, logIndex: 11, knownAt: 5, instrument: gold }),
      swap({ chainId: freshChain(), block: 7, logIndex: 2, knownAt: 5, instrument: gold }),
    ]
    await appendAll(store(), stored)
    expect(await readAll(store(), [gold])).toEqual(inOrder(stored))
  })

  test('sources compare by code unit, not by locale', async () => {
    const gold = freshInstrument()
    const prefix = freshFeed()
    const stored = ['Z', 'a', 'B', '_', '-', 'é'].map(end =>
      bar({ feed: `${prefix}${end}`, row: 0, knownAt: 5, instrument: gold }),
    )
    await appendAll(store(), stored)
    expect(await readAll(store(), [gold])).toEqual(inOrder(stored))
  })

  test('a source that would sort otherwise here than in memory is refused', async () => {
    const given = bar({ feed: `${freshFeed()}🪙`, row: 0, knownAt: 5 })
    await expect(appendAll(store(), [given])).rejects.toThrow(InvalidInputError)
  })

  test('keep texts that need escaping, and integers beyond a double', async () => {
    const gold = freshInstrument()
    const event = swap({ chainId: freshChain(), block: 1, logIndex: 0, knownAt: 1, instrument: gold }).event
    const raw = 'a "quoted" \\ back\\"slash, {brace}, comma, NULL, \t tab, \n line, é ∑ 🪙, \'single\' '
    const stored = toStoredObservation(event, raw)
    await appendAll(store(), [stored])
    expect(await readAll(store(), [gold])).toEqual([stored])
  })

  test('keep sources whatever is in their names', async () => {
    const gold = freshInstrument()
    const stored = ['\t', 'a\tb\t', '\n', '"', '\\t', "'", '\u0001', 'é'].map(end =>
      bar({ feed: `${freshFeed()}${end}`, row: 3, knownAt: 5, instrument: gold }),
    )
    await appendAll(store(), stored)
    expect(await readAll(store(), [gold])).toEqual(inOrder(stored))
    for (const observation of stored) {
      const { source } = positionOf(observation.event)
      expect(await store().observations.scan({ source, limit: 10 })).toEqual([observation])
    }
  })

  test('keep control characters and empty texts', async () => {
    for (const raws of [[''], ['', ''], ['\x1e'], ['a\x1eb', ''], ['\x1f', 'NULL', '"\\\x1e\x01']]) {
      const feed = freshFeed()
      const gold = freshInstrument()
      const stored = raws.map((raw, row) =>
        toStoredObservation(bar({ feed, row, knownAt: row, instrument: gold }).event, raw),
      )
      await appendAll(store(), stored)
      expect(await readAll(store(), [gold])).toEqual(stored)
    }
  })

  test('keep any text that PostgreSQL can hold', async () => {
    const feed = freshFeed()
    const gold = freshInstrument()
    // No zero byte, and no half of a surrogate pair: neither has a place in UTF-8 text there.
    const text = fc
      .string({ unit: 'binary', maxLength: 40 })
      .filter(each => !each.includes('\0') && !/\p{Cs}/u.test(each))
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 50 }), async raws => {
        const rows = raws.map(raw => {
          const row = fresh()
          return toStoredObservation(bar({ feed, row, knownAt: row, instrument: gold }).event, raw)
        })
        await appendAll(store(), rows)
        const read = await readAll(store(), [gold])
        expect(read.slice(-rows.length)).toEqual(rows)
      }),
      { numRuns: 20 },
    )
  })

  test('append counts new rows only, and leaves those already stored as they are', async () => {
    const feed = freshFeed()
    const gold = freshInstrument()
    const rows = [0, 1, 2].map(row => bar({ feed, row, knownAt: row, instrument: gold }))
    const cursor = cursorOf(feed, 2)
    expect(await store().observations.append({ observations: rows.slice(0, 2), cursor })).toBe(2)
    expect(await store().observations.append({ observations: rows, cursor })).toBe(1)
    expect(await store().observations.append({ observations: rows, cursor })).toBe(0)
    expect(await store().observations.append({ observations: [], cursor })).toBe(0)
    expect(await store().observations.count([gold])).toBe(3)
  })

  test('a stored position with other content is refused by name, and nothing of the batch is written', async () => {
    const feed = freshFeed()
    const gold = freshInstrument()
    await store().observations.append({
      observations: [bar({ feed, row: 1, knownAt: 1, instrument: gold })],
      cursor: cursorOf(feed, 1),
    })
    const changed = [0, 1, 2].map(row => bar({ feed, row, knownAt: row, instrument: gold, price: 7n }))
    const appending = store().observations.append({ observations: changed, cursor: cursorOf(feed, 2) })
    await expect(appending).rejects.toThrow(IntegrityError)
    await expect(appending).rejects.toThrow(`${feed}, block 1, log 0`)
    expect(await store().observations.count([gold])).toBe(1)
    expect(await store().observations.cursor(feed, 'all')).toEqual(cursorOf(feed, 1))
  })

  test('two observations at one position of one batch are refused', async () => {
    const feed = freshFeed()
    const twins = [1n, 2n].map(price => bar({ feed, row: 1, knownAt: 1, price }))
    await expect(appendAll(store(), twins)).rejects.toThrow(IntegrityError)
  })

  test('the cursor and the headers move with the observations, or none of them does', async () => {
    const source = `eip155:${freshChain()}`
    const cursor: Cursor = { source, stream: 'all', block: 3, blockHash: hashOf(3) }
    const headers = [1, 2, 3].map(header)
    expect(await store().observations.cursor(source, 'all')).toBeNull()
    await store().observations.append({ observations: [], cursor, headers })
    expect(await store().observations.cursor(source, 'all')).toEqual(cursor)
    expect(await store().observations.cursor(source, 'other')).toBeNull()
    expect(await store().observations.headers(source, 1)).toEqual([header(2), header(3)])
    const next: Cursor = { ...cursor, block: 4, blockHash: hashOf(4) }
    const rows = [bar({ feed: freshFeed(), row: 0.5, knownAt: 1 })]
    await expect(
      store().observations.append({ observations: rows, cursor: next, headers: [header(4)] }),
    ).rejects.toThrow(InvalidInputError)
    expect(await store().observations.cursor(source, 'all')).toEqual(cursor)
    expect(await store().observations.headers(source, 3)).toEqual([])
  })

  test('a header is stored once; another hash for its block is refused', async () => {
    const source = `eip155:${freshChain()}`
    const cursor = cursorOf(source, 2)
    await store().observations.append({ observations: [], cursor, headers: [header(1), header(2)] })
    await store().observations.append({ observations: [], cursor, headers: [header(2), header(3)] })
    expect(await store().observations.headers(source, 0)).toEqual([header(1), header(2), header(3)])
    const orphan = { ...header(3), hash: hashOf(33) }
    await expect(
      store().observations.append({ observations: [], cursor, headers: [orphan] }),
    ).rejects.toThrow(IntegrityError)
  })

  test('pruning deletes headers at and below a block of one source', async () => {
    const [source, other] = [`eip155:${freshChain()}`, `eip155:${freshChain()}`]
    const headers = [1, 2, 3].map(header)
    for (const each of [source, other])
      await store().observations.append({ observations: [], cursor: cursorOf(each, 3), headers })
    await store().observations.pruneHeaders(source, 2)
    expect(await store().observations.headers(source, 0)).toEqual([header(3)])
    expect(await store().observations.headers(other, 0)).toEqual(headers)
  })

  test('rollback withdraws what lies above a block, of its source alone, and moves its cursors back', async () => {
    const gold = freshInstrument()
    const [chainId, otherChain] = [freshChain(), freshChain()]
    const source = `eip155:${chainId}`
    const rows = [1, 2, 3, 4].map(block =>
      swap({ chainId, block, logIndex: block, knownAt: block, instrument: gold }),
    )
    const elsewhere = swap({ chainId: otherChain, block: 9, logIndex: 0, knownAt: 9, instrument: gold })
    const headers = [2, 3, 4].map(header)
    const cursor: Cursor = { source, stream: 'all', block: 4, blockHash: hashOf(4) }
    await store().observations.append({ observations: rows, cursor, headers })
    await store().observations.append({
      observations: [],
      cursor: { source, stream: 'behind', block: 1, blockHash: hashOf(1) },
    })
    await appendAll(store(), [elsewhere])

    const rollback = { source, toBlock: 2, toBlockHash: hashOf(2), noticedAtMs: unixMs(0), confirmations: 9 }
    expect(await store().observations.rollback(rollback)).toEqual({ withdrawn: 2, visibleAt: null })
    expect(await readAll(store(), [gold])).toEqual([...rows.slice(0, 2), elsewhere])
    expect(await store().observations.headers(source, 0)).toEqual([header(2)])
    expect(await store().observations.cursor(source, 'all')).toEqual({
      ...cursor,
      block: 2,
      blockHash: hashOf(2),
    })
    // A stream that had not come so far stays where it was.
    expect((await store().observations.cursor(source, 'behind'))?.block).toBe(1)
    expect(await store().observations.rollback(rollback)).toEqual({ withdrawn: 0, visibleAt: null })

    // The other branch of the chain takes the place of the withdrawn one.
    const branch = swap({ chainId, block: 3, logIndex: 0, knownAt: 4, instrument: gold })
    await store().observations.append({
      observations: [branch],
      cursor: { ...cursor, block: 3, blockHash: hashOf(33) },
      headers: [{ ...header(3), hash: hashOf(33) }],
    })
    expect(await readAll(store(), [gold])).toEqual([...rows.slice(0, 2), branch, elsewhere])
  })

  test('read filters by instrument, position and known time, and pages without loss or repetition', async () => {
    const feed = freshFeed()
    const [gold, bills, other] = [freshInstrument(), freshInstrument(), freshInstrument()]
    const instruments = [gold, bills, other]
    const rows = Array.from({ length: 30 }, (_, row) =>
      bar({ feed, row, knownAt: Math.floor(row / 4), instrument: instruments[row % 3] ?? gold }),
    )
    await appendAll(store(), rows)
    const wanted = inOrder(rows.filter(row => row.event.instrument !== other))
    expect(await readAll(store(), [gold, bills, gold])).toEqual(wanted)
    for (const limit of [1, 3, 7]) {
      const paged: StoredObservation[] = []
      for (;;) {
        const last = paged.at(-1)
        const page = await store().observations.read({
          instruments: [gold, bills],
          limit,
          ...(last === undefined ? {} : { after: positionOf(last.event) }),
        })
        expect(page.length).toBeLessThanOrEqual(limit)
        if (page.length === 0) break
        paged.push(...page)
      }
      expect(paged).toEqual(wanted)
    }
    const known = await store().observations.read({ instruments, untilMs: unixMs(3), limit: 100 })
    expect(known).toEqual(inOrder(rows.filter(row => row.event.knownAt <= 3)))
    expect(await store().observations.read({ instruments: [], limit: 10 })).toEqual([])
    expect(await store().observations.read({ instruments, limit: 0 })).toEqual([])
    expect(await store().observations.count([gold, gold])).toBe(10)
    expect(await store().observations.count([])).toBe(0)
  })

  test('a batch of any size is one write', async () => {
    const feed = freshFeed()
    const gold = freshInstrument()
    const rows = Array.from({ length: 4_500 }, (_, row) => bar({ feed, row, knownAt: row, instrument: gold }))
    const bad = [...rows, bar({ feed, row: 4_400, knownAt: 0, instrument: gold })]
    await expect(appendAll(store(), bad)).rejects.toThrow(IntegrityError)
    expect(await store().observations.count([gold])).toBe(0)
    expect(await store().observations.append({ observations: rows, cursor: cursorOf(feed, 4_499) })).toBe(
      4_500,
    )
    expect(await readAll(store(), [gold])).toEqual(rows)
  })

  test('behave like a list under any interleaving of append, rollback and read', async () => {
    const chains = [0, 1]
    const appendArbitrary = fc.record({
      kind: fc.constant('append' as const),
      chain: fc.constantFrom(...chains),
      rows: fc.array(
        fc.record({ block: fc.nat(6), logIndex: fc.nat(2), knownAt: fc.nat(4), instrument: fc.nat(1) }),
        { maxLength: 6 },
      ),
    })
    const rollbackArbitrary = fc.record({
      kind: fc.constant('rollback' as const),
      chain: fc.constantFrom(...chains),
      toBlock: fc.nat(6),
    })
    const readArbitrary = fc.record({
      kind: fc.constant('read' as const),
      instruments: fc.subarray([0, 1]),
      after: fc.option(fc.nat(20)),
      untilMs: fc.option(fc.nat(4)),
      limit: fc.nat(8),
    })
    const steps = fc.array(fc.oneof(appendArbitrary, appendArbitrary, rollbackArbitrary, readArbitrary), {
      minLength: 1,
      maxLength: 14,
    })
    await fc.assert(
      fc.asyncProperty(steps, async script => {
        const ids = chains.map(() => freshChain())
        const instruments = [freshInstrument(), freshInstrument()]
        let model: StoredObservation[] = []
        for (const step of script) {
          if (step.kind === 'append') {
            const chainId = ids[step.chain] ?? 0
            const rows = step.rows.map(({ instrument, ...row }) =>
              swap({ ...row, chainId, instrument: instruments[instrument] ?? freshInstrument() }),
            )
            const merged = merge(model, rows)
            const appending = store().observations.append({
              observations: rows,
              cursor: cursorOf(`eip155:${chainId}`, 6),
            })
            if (merged === null) await expect(appending).rejects.toThrow(IntegrityError)
            else {
              expect(await appending).toBe(merged.length - model.length)
              model = merged
            }
          } else if (step.kind === 'rollback') {
            const source = `eip155:${ids[step.chain]}`
            const kept = model.filter(({ event }) => {
              const at = positionOf(event)
              return at.source !== source || at.block <= step.toBlock
            })
            const { withdrawn } = await store().observations.rollback({
              source,
              toBlock: step.toBlock,
              toBlockHash: null,
              noticedAtMs: unixMs(0),
              confirmations: 9,
            })
            expect(withdrawn).toBe(model.length - kept.length)
            model = kept
          } else {
            const wanted = step.instruments.map(index => instruments[index] ?? freshInstrument())
            const ordered = inOrder(model)
            const last = step.after === null ? undefined : ordered[step.after]
            const after = last === undefined ? undefined : positionOf(last.event)
            const untilMs = step.untilMs === null ? undefined : unixMs(step.untilMs)
            const expected = ordered.filter(
              ({ event }) =>
                wanted.includes(event.instrument) &&
                (after === undefined || comparePositions(positionOf(event), after) > 0) &&
                (untilMs === undefined || event.knownAt <= untilMs),
            )
            const read = await store().observations.read({
              instruments: wanted,
              limit: step.limit,
              ...(after === undefined ? {} : { after }),
              ...(untilMs === undefined ? {} : { untilMs }),
            })
            expect(read).toEqual(expected.slice(0, step.limit))
          }
        }
        expect(await readAll(store(), instruments)).toEqual(inOrder(model))
      }),
      { numRuns: 40 },
    )
  }, 60_000)
}

const cursorOf = (source: string, block: number): Cursor => ({
  source,
  stream: 'all',
  block,
  blockHash: null,
})

const header = (number: number): BlockHeader => ({
  number,
  hash: hashOf(number),
  parentHash: hashOf(number - 1),
  timestampMs: unixMs(number * 12_000),
})

type BarOptions = {
  readonly feed: string | undefined
  readonly row: number
  readonly knownAt: number
  readonly instrument?: InstrumentId
  readonly price?: bigint
}

function bar({
  feed = '',
  row,
  knownAt,
  instrument = freshInstrument(),
  price = 1n,
}: BarOptions): StoredObservation {
  const side = { open: priceE8(price), high: priceE8(price), low: priceE8(price), close: priceE8(price) }
  const event: MarketEvent = {
    validAt: unixMs(knownAt),
    knownAt: unixMs(knownAt),
    instrument,
    lineage: { kind: 'feed', feed, sequence: row },
    value: { type: 'bar', closeMs: unixMs(knownAt), bid: side, ask: side },
  }
  return toStoredObservation(event, `${row},${price}`)
}

type SwapOptions = {
  readonly chainId: number
  readonly block: number
  readonly logIndex: number
  readonly knownAt: number
  readonly instrument: InstrumentId
}

function swap({ chainId, block, logIndex, knownAt, instrument }: SwapOptions): StoredObservation {
  const address = `0x${'1'.repeat(40)}` as const
  const event: MarketEvent = {
    validAt: unixMs(knownAt),
    knownAt: unixMs(knownAt),
    instrument,
    lineage: {
      kind: 'chain',
      chainId,
      address,
      blockNumber: block,
      blockHash: hashOf(block),
      transactionHash: hashOf(logIndex),
      logIndex,
      estimated: ['blockHash'],
    },
    value: {
      type: 'swap',
      pool: address,
      baseDelta: quantity(-(2n ** 200n) - 1n),
      quoteDelta: 5n,
      notionalE8: 5n,
      priceE8: priceE8(7n),
      sqrtPriceX96: 2n ** 159n + 1n,
      liquidity: 2n ** 127n,
      tick: -887_272,
      sender: address,
      recipient: address,
    },
  }
  return toStoredObservation(event, `{"block":${block}}`)
}

const inOrder = (rows: readonly StoredObservation[]): StoredObservation[] =>
  rows.toSorted((a, b) => comparePositions(positionOf(a.event), positionOf(b.event)))

// What a list would hold after an append, or null where the append must be refused.
function merge(
  model: readonly StoredObservation[],
  rows: readonly StoredObservation[],
): StoredObservation[] | null {
  const merged = [...model]
  for (const row of rows) {
    const at = positionOf(row.event)
    const taken = merged.find(({ event }) => {
      const other = positionOf(event)
      return other.source === at.source && other.block === at.block && other.logIndex === at.logIndex
    })
    if (taken === undefined) merged.push(row)
    else if (taken.digest !== row.digest) return null
  }
  return merged
}

// One append for each source, as an ingest would do.
async function appendAll(store: Store, rows: readonly StoredObservation[]): Promise<void> {
  const sources = new Set(rows.map(({ event }) => positionOf(event).source))
  for (const source of sources)
    await store.observations.append({
      observations: rows.filter(({ event }) => positionOf(event).source === source),
      cursor: cursorOf(source, Math.max(...rows.map(({ event }) => Math.floor(positionOf(event).block)))),
    })
}

const readAll = (store: Store, instruments: readonly InstrumentId[]): Promise<StoredObservation[]> =>
  store.observations.read({ instruments, limit: 10_000 })
