import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import { DAY_MS, type Random, seededRandom } from '../core/index.ts'
import { joinColumns, takeRows, type ViewColumns } from '../feature-store/features/index.ts'
import type { BenchmarkResult } from './benchmark.ts'

const ROWS = 1_000_000
const TABLES = ['a', 'b', 'c', 'd', 'e'] as const
const ASSETS = 1_000
const FIRST_MS = 1_700_000_000_000
const YEAR_MS = 365 * DAY_MS
const MAX_AGE_MS = 7 * DAY_MS
const ROUNDS = 3

type Table = ViewColumns & { readonly keys: { asset: Int32Array }; readonly values: Float64Array }
type DuckDb = typeof import('@duckdb/node-api')
type Labels = { readonly keys: { asset: Int32Array }; readonly at: Float64Array }

/**
 * A million labels joined with five tables of a million rows in no order, of which a tenth correct an earlier row:
 * what was true and known at each label's time. `joinColumns` on one thread, beside DuckDB in memory on all cores,
 * whose ASOF JOIN gets the running best row of each asset, so that ties break alike. Every value is compared.
 */
export async function pointInTimeJoin(): Promise<BenchmarkResult> {
  const random = seededRandom(1)
  const tables = TABLES.map(name => randomTable(name, random))
  const labels = randomLabels(random)
  const times: number[] = []
  let joined: Float64Array[] = []
  let memoryMb = 0
  for (let round = 0; round < ROUNDS; round++) {
    joined = []
    const from = performance.now()
    const chosen = joinColumns({ labels, views: tables })
    joined = tables.map(({ values }, table) => takeRows(values, chosen[table] ?? new Int32Array()))
    times.push((performance.now() - from) / 1_000)
    // Later rounds would count what is left of the earlier ones.
    if (round === 0) memoryMb = Math.round(process.resourceUsage().maxRSS / 1_024)
  }
  const duckdb = await joinInDuckDb(tables, labels, joined)
  return {
    name: 'features: point-in-time join of 1M labels with 5 tables of 1M rows',
    unit: 's',
    ours: times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN,
    peers: { 'DuckDB ASOF JOIN': duckdb },
    limit: 2,
    memoryMb,
  }
}

function randomTable(name: string, random: Random): Table {
  const whole = (below: number) => Math.floor(random() * below)
  const asset = new Int32Array(ROWS)
  const validAt = new Float64Array(ROWS)
  const knownAt = new Float64Array(ROWS)
  const values = new Float64Array(ROWS)
  for (let row = 0; row < ROWS; row++) {
    const corrected = row > 0 && random() < 0.1 ? whole(row) : -1
    asset[row] = corrected < 0 ? whole(ASSETS) : (asset[corrected] ?? 0)
    // Whole minutes, so that many rows of an asset tie in one time or in both.
    validAt[row] = corrected < 0 ? FIRST_MS + 60_000 * whole(YEAR_MS / 60_000) : (validAt[corrected] ?? 0)
    knownAt[row] = (validAt[row] ?? 0) + 60_000 * whole(DAY_MS / 60_000)
    values[row] = random()
  }
  return { name, keys: { asset }, validAt, knownAt, values, maxAge: MAX_AGE_MS }
}

function randomLabels(random: Random): Labels {
  const whole = (below: number) => Math.floor(random() * below)
  return {
    keys: { asset: Int32Array.from({ length: ROWS }, () => whole(ASSETS)) },
    at: Float64Array.from({ length: ROWS }, () => FIRST_MS + 60_000 * whole(YEAR_MS / 60_000)),
  }
}

/** Seconds that the joins take, without loading the tables and reading the result. */
async function joinInDuckDb(
  tables: readonly Table[],
  labels: Labels,
  expected: readonly Float64Array[],
): Promise<number> {
  // Loaded here, so that its memory is not counted as ours.
  const duckdb = await import('@duckdb/node-api')
  const instance = await duckdb.DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await load(duckdb, connection, 'labels', { asset: labels.keys.asset, at_ms: labels.at })
    let seconds = 0
    for (const [index, { name, keys, validAt, knownAt, values }] of tables.entries()) {
      await load(duckdb, connection, name, {
        asset: keys.asset,
        valid: validAt,
        known: knownAt,
        value: values,
      })
      const from = performance.now()
      await connection.run(joinSql(name))
      seconds += (performance.now() - from) / 1_000
      await assertEqual(connection, name, expected[index] ?? new Float64Array())
      await connection.run(`DROP TABLE ${name}; DROP TABLE joined_${name}`)
    }
    return seconds
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const joinSql = (table: string) => `
  CREATE TABLE joined_${table} AS
  WITH running AS (
    SELECT asset, greatest(valid, known) AS usable,
      max({'valid': valid, 'known': known, 'first': -row, 'value': value}) OVER (
        PARTITION BY asset ORDER BY greatest(valid, known) RANGE UNBOUNDED PRECEDING) AS best
    FROM ${table}
  ), best AS (SELECT asset, usable, any_value(best) AS best FROM running GROUP BY ALL)
  SELECT labels.row AS row,
    CASE WHEN best.best.valid >= labels.at_ms - ${MAX_AGE_MS} THEN best.best.value END AS value
  FROM labels ASOF LEFT JOIN best ON labels.asset = best.asset AND labels.at_ms >= best.usable`

/** Copies columns into a new table, with the number of each row. */
async function load(
  { DOUBLE, DuckDBDataChunk, DuckDBDoubleVector, DuckDBIntegerVector, INTEGER }: DuckDb,
  connection: DuckDBConnection,
  table: string,
  columns: Readonly<Record<string, Int32Array | Float64Array>>,
): Promise<void> {
  const named = Object.entries(columns)
  const declared = named.map(
    ([name, column]) => `${name} ${column instanceof Int32Array ? 'INTEGER' : 'DOUBLE'}`,
  )
  await connection.run(`CREATE TABLE ${table} (row INTEGER, ${declared.join(', ')})`)
  const types = [INTEGER, ...named.map(([, column]) => (column instanceof Int32Array ? INTEGER : DOUBLE))]
  const appender: DuckDBAppender = await connection.createAppender(table)
  const rows = named[0]?.[1].length ?? 0
  const perChunk = 2_048
  for (let start = 0; start < rows; start += perChunk) {
    const count = Math.min(perChunk, rows - start)
    const chunk = DuckDBDataChunk.create(types, count)
    const numbers = Int32Array.from({ length: count }, (_, row) => start + row)
    for (const [index, column] of [numbers, ...named.map(([, all]) => all)].entries()) {
      const part = index === 0 ? column : column.subarray(start, start + count)
      const vector = chunk.getColumnVector(index)
      if (vector instanceof DuckDBIntegerVector || vector instanceof DuckDBDoubleVector)
        for (let row = 0; row < count; row++) vector.setItem(row, part[row] ?? 0)
      vector.flush()
    }
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

async function assertEqual(
  connection: DuckDBConnection,
  table: string,
  expected: Float64Array,
): Promise<void> {
  const result = await connection.stream(`SELECT value FROM joined_${table} ORDER BY row`)
  let row = 0
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  )
    for (const value of chunk.getColumnValues(0)) {
      const ours = expected[row] ?? Number.NaN
      if (!Object.is(value === null ? Number.NaN : value, ours))
        throw new Error(`label ${row} of table ${table}: ${ours} here, ${String(value)} in DuckDB`)
      row += 1
    }
  if (row !== expected.length) throw new Error(`${row} labels came back for ${expected.length}`)
}
