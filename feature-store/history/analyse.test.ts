import { existsSync } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshAgent, hashOf } from '../../core/freshNames.conformance.ts'
import { IntegrityError, InvalidInputError, type Store, unixMs } from '../../core/index.ts'
import { openPglite } from '../store/index.ts'
import { type AnalysisValue, analyse, DATASETS, OBSERVATIONS_VIEW, viewColumns } from './analyse.ts'
import { openTestHistory, type TestHistory } from './openTestHistory.conformance.ts'

let database: Store
let market: TestHistory
beforeAll(async () => {
  database = await openPglite({ directory: null })
  market = await openTestHistory(database.observations)
  await market.archive({ throughBlock: 9 })
})
afterAll(async () => {
  await market.close()
  await database.close()
})

async function ask(sql: string, changes: object = {}): Promise<AnalysisValue[][]> {
  const { history, store: observations } = market
  const options = { history, observations, decisions: database.decisions, threads: 1, ...changes }
  return analyse(sql, options, async ({ rows }) => {
    const all: AnalysisValue[][] = []
    for await (const page of rows()) all.push(...page)
    return all
  })
}

test('a query sees the files and the database as one', async () => {
  const ofBlocks = 'select min(block), max(block), count(*) from transfer'
  expect(await ask(ofBlocks)).toEqual([[0, 19, 60]])
  expect(await ask(ofBlocks, { observations: null })).toEqual([[0, 9, 30]])
  expect(await ask('select dataset, count(*) from observations group by all order by 1')).toEqual([
    ['swap', 20],
    ['transfer', 60],
  ])
})

test('a row that is in both counts once', async () => {
  // A writer that does not know of the history has read the source again.
  await market.store.head.append({
    observations: market.rows,
    cursor: { source: market.source, stream: 'all', block: 19, blockHash: null },
  })
  expect(await ask('select count(*), count(distinct (block, log_index)) from transfer')).toEqual([[60, 60]])
})

test('prices and amounts are there as numbers, and exact as text; times are UTC', async () => {
  const columns = 'known_at, price, price_e8, base_delta, base_delta_double, instrument, source, raw'
  expect(await ask(`select ${columns} from swap order by block limit 1`)).toEqual([
    [
      '2026-01-05 00:00:00',
      4000.00000002,
      '400000000002',
      `-${10n ** 30n + 2n}`,
      -1e30,
      market.instrument,
      market.source,
      market.rows[2]?.raw,
    ],
  ])
})

test('every view has the columns that are listed for it', async () => {
  for (const view of [...DATASETS, OBSERVATIONS_VIEW] as const) {
    const { history } = market
    const named = await analyse(
      `select * from ${view} limit 0`,
      { history, observations: null, threads: 1 },
      async ({ columns }) => columns.map(({ name }) => name),
    )
    expect(named.toSorted(), view).toEqual(viewColumns(view).toSorted())
  }
})

test('decisions can be joined', async () => {
  const agent = freshAgent()
  await database.decisions.append([
    {
      agent,
      sequence: 0,
      kind: 'signal',
      instrument: market.instrument,
      timeMs: unixMs(1_767_571_200_000),
      body: '{"a":1}',
      leaf: hashOf(1),
      signature: '0x00',
    },
  ])
  expect(
    await ask(
      `select d.kind, d.time, json_extract(d.body, '$.a'), count(*) from decisions d join transfer t
       on t.instrument = d.instrument and t.known_at <= d.time where d.agent = '${agent}' group by all`,
    ),
  ).toEqual([['signal', '2026-01-05 00:00:00', '1', 3]])
})

test.each([
  ['selec 1', /^The query does not run: .*syntax error at or near "selec"/],
  ['select * from nothing', /Table with name nothing does not exist/],
  ['select prise from swap', /"prise" not found/],
  ["select * from read_csv('/etc/passwd')", /file system operations are disabled/],
  ['', /^The query is empty/],
  ['select 1; select 2', /^A query is one SELECT, not SELECT, SELECT\.$/],
  ["copy swap to '/tmp/touchstone-copied.csv'", /disabled by configuration/],
  ['create table swaps as select * from swap', /^A query is one SELECT, not CREATE/],
  ['set threads = 1', /^A query is one SELECT, not SET/],
  ["select cast('x' as integer) from swap", /Could not convert/],
])('%s is refused as the mistake of who asks', async (sql, message) => {
  await expect(ask(sql)).rejects.toThrow(InvalidInputError)
  await expect(ask(sql)).rejects.toThrow(message)
  expect(existsSync('/tmp/touchstone-copied.csv')).toBe(false)
})

test('the files of the history cannot be overwritten by a query', async () => {
  const [{ path } = { path: '' }] = (await market.history.manifest()).files
  const sql = `copy (select * from ${path.split('/')[0]}) to '${join(market.root, path)}' (format parquet)`
  await expect(ask(sql)).rejects.toThrow('A query is one SELECT, not COPY.')
  expect(await ask('select count(*) from transfer')).toEqual([[60]])
})

test('a damaged file is no mistake of who asks, and only what is asked for is looked at', async () => {
  const damaged = await openTestHistory(database.observations)
  await damaged.archive()
  const { files } = await damaged.history.manifest()
  const { path = '' } = files.find(({ dataset }) => dataset === 'swap') ?? {}
  await truncate(join(damaged.root, path), 50)
  const asking = ask('select count(*) from swap', { history: damaged.history })
  await expect(asking).rejects.toThrow(IntegrityError)
  await expect(asking).rejects.toThrow(join(damaged.root, path))
  expect(
    await ask('select count(*) from transfer', { history: damaged.history, observations: null }),
  ).toEqual([[60]])
  await damaged.close()
})
