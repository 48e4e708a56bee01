import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshChain, freshFeed, freshInstrument } from '../../core/freshNames.conformance.ts'
import {
  chainSource,
  deliveredEvent,
  type InstrumentId,
  type ObservationStore,
  positionOf,
  type Store,
  type StoredObservation,
  unixMs,
} from '../../core/index.ts'
import { type PostgresServer, postgresIsAvailable, startPostgres } from '../../test/startPostgres.ts'
import { openPglite, openPostgres } from '../store/index.ts'
import { ARCHIVE_STEPS, archiveObservations } from './archiveObservations.ts'
import { compactHistory } from './compactHistory.ts'
import { BLOCK_MS, chainLog, feedBar, START_MS } from './marketRows.conformance.ts'
import { type History, openHistory } from './openHistory.ts'
import { createTieredObservationStore, type TieredObservationStore } from './tieredObservationStore.ts'

/** Depth of the deepest reorg; what lies deeper is archived. */
const FINALITY_BLOCKS = 8

class Crash extends Error {}

let plain: Store
let postgres: PostgresServer | null = null
beforeAll(async () => {
  plain = await openPglite({ directory: null })
  if (postgresIsAvailable()) postgres = await startPostgres()
})
afterAll(async () => {
  await plain.close()
  await postgres?.stop()
})

const DATABASES = [
  { name: 'PGlite', open: () => openPglite({ directory: null }), numRuns: 25 },
  { name: 'PostgreSQL', open: () => openPostgres({ url: postgres?.url ?? '' }), numRuns: 10 },
]

const growth = fc.record({
  kind: fc.constant('grow' as const),
  blocks: fc.integer({ min: 1, max: 6 }),
  logs: fc.nat(4),
  bars: fc.nat(3),
})
const reorg = fc.record({ kind: fc.constant('reorg' as const), depth: fc.integer({ min: 1, max: 6 }) })
const archive = fc.record({
  kind: fc.constant('archive' as const),
  batchRows: fc.integer({ min: 1, max: 25 }),
  minRows: fc.constantFrom(1, 1, 3),
  crashAfter: fc.option(fc.constantFrom(...ARCHIVE_STEPS)),
})
const compaction = fc.record({
  kind: fc.constant('compact' as const),
  maxFileRows: fc.constantFrom(5, 1_000),
  graceMs: fc.constantFrom(0, 1_000),
})
const again = fc.record({ kind: fc.constant('again' as const), rows: fc.integer({ min: 1, max: 20 }) })
const scripts = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: growth },
    { weight: 1, arbitrary: reorg },
    { weight: 3, arbitrary: archive },
    { weight: 1, arbitrary: compaction },
    { weight: 1, arbitrary: again },
  ),
  { minLength: 3, maxLength: 16 },
)
const paging = fc.record({ limit: fc.integer({ min: 1, max: 9 }), untilBlock: fc.option(fc.nat(40)) })

describe.each(DATABASES)(
  'whatever is appended, withdrawn, archived, joined or cut short',
  ({ name, ...each }) => {
    const isMissing = name === 'PostgreSQL' && !postgresIsAvailable()
    test.skipIf(isMissing)(
      `a tiered store on ${name} gives what a plain one gives (skipped where no server can be started)`,
      async () => {
        const database = await each.open()
        let archived = 0
        await fc.assert(
          fc.asyncProperty(scripts, paging, async (script, page) => {
            const root = await mkdtemp(join(tmpdir(), 'touchstone-history-'))
            const history = openHistory({ root, threads: 1 })
            try {
              const tiered = createTieredObservationStore(database.observations, history)
              const market = createMarket({ plain: plain.observations, tiered }, history)
              for (const step of [...START, ...script]) await market.take(step)
              await market.expectSame(page)
              archived += (await history.manifest()).files.length
            } finally {
              await history.close()
              await rm(root, { recursive: true })
            }
          }),
          // One seed: so few scripts may by chance archive little, and the figure below would say nothing of the store.
          { numRuns: each.numRuns, seed: 20_260_301 },
        )
        await database.close()
        expect(archived).toBeGreaterThan(3 * each.numRuns)
      },
      240_000,
    )
  },
)

/** Enough that there is something to archive from the first. */
const START: readonly Step[] = [{ kind: 'grow', blocks: 14, logs: 3, bars: 6 }]

type Step = typeof scripts extends fc.Arbitrary<readonly (infer S)[]> ? S : never
type Paging = typeof paging extends fc.Arbitrary<infer P> ? P : never

/** A chain and a feed that are written to a plain store and a tiered one alike. */
function createMarket(
  stores: { readonly plain: ObservationStore; readonly tiered: TieredObservationStore },
  history: History,
) {
  const chainId = freshChain()
  const [chain, feed] = [chainSource(chainId), freshFeed()]
  const instruments = [freshInstrument(), freshInstrument()]
  const both = [stores.plain, stores.tiered]
  let standing: StoredObservation[] = []
  let [head, furthest, row, nonce, clock] = [0, 0, -1, 0, 0]
  const instrumentOf = (index: number) => instruments[index % 2] as InstrumentId

  async function append(source: string, block: number, observations: readonly StoredObservation[]) {
    const cursor = { source, stream: 'all', block, blockHash: null }
    const [one, other] = await Promise.all(both.map(store => store.append({ observations, cursor })))
    expect(other).toBe(one)
  }

  return {
    async take(step: Step) {
      clock += 500
      switch (step.kind) {
        case 'grow': {
          for (let block = 0; block < step.blocks; block++) {
            head += 1
            const logs = Array.from({ length: step.logs }, (_, logIndex) => {
              nonce += 1
              return chainLog({ chainId, block: head, logIndex, instrument: instrumentOf(nonce), nonce })
            })
            standing.push(...logs)
            await append(chain, head, logs)
          }
          furthest = Math.max(furthest, head)
          const bars = Array.from({ length: step.bars }, () => {
            row += 1
            return feedBar(feed, row, instrumentOf(row))
          })
          standing.push(...bars)
          await append(feed, row, bars)
          return
        }
        case 'reorg': {
          const toBlock = Math.max(0, head - step.depth, furthest - FINALITY_BLOCKS)
          standing = standing.filter(({ event }) => {
            const at = positionOf(event)
            return at.source !== chain || at.block <= toBlock
          })
          const noticedAtMs = unixMs(START_MS + (head + 1) * BLOCK_MS)
          const results = await Promise.all(
            both.map(store =>
              store.rollback({ source: chain, toBlock, toBlockHash: null, noticedAtMs, confirmations: 1 }),
            ),
          )
          expect(results[1]).toEqual(results[0])
          head = toBlock
          return
        }
        case 'archive': {
          for (const source of [chain, feed]) {
            const archiving = archiveObservations({
              store: stores.tiered,
              history,
              source,
              throughBlock: source === chain ? furthest - FINALITY_BLOCKS : Number.MAX_SAFE_INTEGER,
              batchRows: step.batchRows,
              minRows: step.minRows,
              nowMs: unixMs(clock),
              graceMs: 0,
              onStep: reached => {
                if (reached === step.crashAfter) throw new Crash()
              },
            })
            if (step.crashAfter === null) await archiving
            else await expect(archiving).rejects.toThrow(Crash)
          }
          return
        }
        case 'compact':
          await compactHistory({
            history,
            nowMs: unixMs(clock),
            maxFileRows: step.maxFileRows,
            graceMs: step.graceMs,
          })
          return
        case 'again': {
          // A source that is read again gives what it gave, archived or not.
          const rows = standing.filter(({ event }) => positionOf(event).source === chain).slice(0, step.rows)
          await append(chain, head, rows)
        }
      }
    },

    async expectSame({ limit, untilBlock }: Paging) {
      const untilMs = untilBlock === null ? {} : { untilMs: unixMs(START_MS + untilBlock * BLOCK_MS) }
      for (const wanted of [instruments, instruments.slice(0, 1)]) {
        const [expected = [], given = []] = await Promise.all(
          both.map(store => store.read({ instruments: wanted, limit: 10_000, ...untilMs })),
        )
        expect(given).toEqual(expected)
        expect(await readPaged(stores.tiered, { instruments: wanted, limit, ...untilMs })).toEqual(expected)
        const counts = await Promise.all(both.map(store => store.count(wanted)))
        expect(counts[1]).toBe(counts[0])
        const withdrawals = await Promise.all(both.map(store => store.withdrawals(wanted)))
        expect(withdrawals[1]).toEqual(withdrawals[0])
      }
      for (const source of [chain, feed]) {
        const expected = await stores.plain.scan({ source, limit: 10_000 })
        expect(expected.map(({ digest }) => digest).sort()).toEqual(
          standing
            .filter(({ event }) => positionOf(event).source === source)
            .map(({ digest }) => digest)
            .sort(),
        )
        expect(await scanPaged(stores.tiered, source, limit)).toEqual(expected)
      }
      const sources = await Promise.all(both.map(store => store.sources()))
      const [expected, given] = sources.map(names => names.filter(name => [chain, feed].includes(name)))
      expect(given).toEqual(expected)
    },
  }
}

async function readPaged(
  store: ObservationStore,
  query: Parameters<ObservationStore['read']>[0],
): Promise<StoredObservation[]> {
  const rows: StoredObservation[] = []
  for (;;) {
    const last = rows.at(-1)
    const page = await store.read(
      last === undefined ? query : { ...query, after: positionOf(deliveredEvent(last)) },
    )
    rows.push(...page)
    if (page.length < query.limit) return rows
  }
}

async function scanPaged(
  store: ObservationStore,
  source: string,
  limit: number,
): Promise<StoredObservation[]> {
  const rows: StoredObservation[] = []
  for (;;) {
    const last = rows.at(-1)
    const page = await store.scan({
      source,
      limit,
      ...(last === undefined ? {} : { after: positionOf(last.event) }),
    })
    rows.push(...page)
    if (page.length < limit) return rows
  }
}
