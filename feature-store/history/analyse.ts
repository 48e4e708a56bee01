import { join } from 'node:path'
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import {
  type DecisionStore,
  InvalidInputError,
  type MarketEventType,
  type ObservationStore,
  positionOf,
  type RowPlace,
  toError,
} from '../../core/index.ts'
import { DATASET_COLUMNS } from './datasetColumns.ts'
import { stageDecisions } from './decisionRows.ts'
import type { HistoryFile } from './historyManifest.ts'
import { type DuckDb, type DuckDbOptions, literals, openDuckDb, rowsOf } from './openDuckDb.ts'
import { type History, tableOf } from './openHistory.ts'
import { type StagedRows, stageRows } from './stagedRows.ts'
import { headOf } from './tieredObservationStore.ts'

/** A value of an answer: integers beyond a double are text. */
export type AnalysisValue =
  | null
  | boolean
  | number
  | string
  | AnalysisValue[]
  | { [key: string]: AnalysisValue }

/** The answer to a query. */
export type Analysis = {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** The rows, some at a time. */
  rows(): AsyncGenerator<AnalysisValue[][]>
}

export type AnalysisOptions = DuckDbOptions & {
  readonly history: History
  /** The database, or a tiered store over it; null analyses the files alone. */
  readonly observations: ObservationStore | null
  readonly decisions?: DecisionStore | null
}

/** Names of the views that are there beside those of the datasets. */
export const OBSERVATIONS_VIEW = 'observations'
export const DECISIONS_VIEW = 'decisions'

/** All datasets, sorted; each has a view of its name. */
export const DATASETS: readonly MarketEventType[] = (Object.keys(DATASET_COLUMNS) as MarketEventType[])
  // Withdrawals are no rows of a source, and are never archived.
  .filter(dataset => dataset !== 'withdrawal')
  .sort()

/** Memory of an analysis: joins and sorts of people take more than pages do. */
const ANALYSIS_MEMORY_MB = 1_024

const PAGE_ROWS = 5_000

/**
 * Answers one SQL query over history and database together, and closes what it opened when `use` is done.
 *
 * There is a view for each dataset, one of all `observations`, and one of `decisions`. Nothing can be written: the
 * database of the query is in memory, it reads the history's files alone, and takes nothing but a SELECT.
 *
 * @throws InvalidInputError when the query is not right; IntegrityError when a file of the history is not.
 */
export async function analyse<T>(
  sql: string,
  { history, observations, decisions = null, ...options }: AnalysisOptions,
  use: (analysis: Analysis) => Promise<T>,
): Promise<T> {
  const duckDb = await openDuckDb({ memoryMb: ANALYSIS_MEMORY_MB, ...options })
  try {
    return await duckDb.use(async connection => {
      const files = await createViews(duckDb, connection, sql, { history, observations, decisions })
      await seal(connection, history, files)
      await assertOneSelect(duckDb, connection, sql)
      const result = await asked(() => connection.stream(sql), history, files)
      return use(readResult(result, history, files))
    })
  } finally {
    duckDb.close()
  }
}

/** Creates the views that a query names, as far as a look at its words tells; returns the files behind them. */
async function createViews(
  duckDb: DuckDb,
  connection: DuckDBConnection,
  sql: string,
  {
    history,
    observations,
    decisions,
  }: Required<Pick<AnalysisOptions, 'history' | 'observations' | 'decisions'>>,
): Promise<readonly HistoryFile[]> {
  const words = new Set(sql.toLowerCase().match(/\w+/g))
  const all = words.has(OBSERVATIONS_VIEW)
  const wanted = DATASETS.filter(dataset => all || words.has(dataset.toLowerCase()))
  const staged = stageRows(duckDb.library, connection, 'head')
  for (const dataset of wanted) await staged.create(dataset)
  // The database first: what leaves it meanwhile is in the manifest that is read next.
  if (observations !== null && wanted.length > 0)
    await stageHead(headOf(observations), staged, new Set(wanted))
  staged.flush()
  const files = await history.withManifest(async manifest => {
    const named = manifest.files.filter(({ dataset }) => wanted.includes(dataset))
    await history.assertIntact(named)
    return named
  })
  for (const dataset of wanted)
    await createDatasetView(connection, history, dataset, files, staged.table(dataset))
  if (all) await createObservationsView(connection)
  if (decisions !== null && words.has(DECISIONS_VIEW))
    await stageDecisions(duckDb.library, connection, decisions, DECISIONS_VIEW)
  return files
}

async function stageHead(
  head: ObservationStore,
  staged: StagedRows,
  datasets: ReadonlySet<MarketEventType>,
): Promise<void> {
  for (const source of await head.sources()) {
    let after: RowPlace | undefined
    for (;;) {
      const page = await head.scan({ source, limit: PAGE_ROWS, ...(after === undefined ? {} : { after }) })
      await staged.add(page.filter(({ event }) => datasets.has(event.value.type)))
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE_ROWS) break
      after = positionOf(last.event)
    }
  }
}

async function createDatasetView(
  connection: DuckDBConnection,
  history: History,
  dataset: MarketEventType,
  files: readonly HistoryFile[],
  head: string,
): Promise<void> {
  const own = files.filter(file => file.dataset === dataset)
  const [[firstBlock] = []] = await rowsOf(connection, `select min(block) from ${head}`)
  if (own.length > 0 && typeof firstBlock === 'bigint')
    // A row that is being moved is in both.
    await connection.run(
      `delete from ${head} using ${tableOf(history.root, own)} as archived
       where archived.block >= ${firstBlock} and archived.source = ${head}.source
       and archived.block = ${head}.block and archived.log_index = ${head}.log_index`,
    )
  const rows =
    own.length === 0 ? `from ${head}` : `from ${tableOf(history.root, own)} union all by name from ${head}`
  const values = DATASET_COLUMNS[dataset].map(({ name }) => `"${name}"`)
  await connection.run(
    `create view ${dataset} as select ${[...TIMES, ...PLACE, ...values, ...SOURCE_ROW].join(', ')} from (${rows})`,
  )
}

const TIMES = [
  'epoch_ms(visible_at_ms) as visible_at',
  'epoch_ms(known_at_ms) as known_at',
  'epoch_ms(valid_at_ms) as valid_at',
]
const PLACE = ['instrument', 'source', 'block', 'log_index']
const SOURCE_ROW = [
  'address as emitter',
  'block_hash',
  'transaction_hash',
  'estimated',
  'visible_at_ms',
  'known_at_ms',
  'valid_at_ms',
  'value as value_json',
  'raw',
  'digest',
]

/** Every view's columns that a query may name, by view. */
export function viewColumns(view: MarketEventType | typeof OBSERVATIONS_VIEW): readonly string[] {
  const values = view === OBSERVATIONS_VIEW ? ['dataset'] : DATASET_COLUMNS[view].map(({ name }) => name)
  return [...TIMES, ...PLACE, ...values, ...SOURCE_ROW].map(column => column.split(' as ').at(-1) ?? column)
}

async function createObservationsView(connection: DuckDBConnection): Promise<void> {
  const columns = [...TIMES, ...SOURCE_ROW].map(column => column.split(' as ').at(-1))
  const parts = DATASETS.map(
    dataset =>
      `select ${[...columns.slice(0, TIMES.length), ...PLACE, `'${dataset}' as dataset`, ...columns.slice(TIMES.length)].join(', ')} from ${dataset}`,
  )
  await connection.run(`create view ${OBSERVATIONS_VIEW} as ${parts.join(' union all ')}`)
}

/** Takes every file but those behind the views from the query's reach. */
async function seal(
  connection: DuckDBConnection,
  history: History,
  files: readonly HistoryFile[],
): Promise<void> {
  await connection.run(`set allowed_paths = [${literals(files.map(({ path }) => join(history.root, path)))}]`)
  await connection.run('set enable_external_access = false')
  await connection.run('set lock_configuration = true')
}

async function assertOneSelect(duckDb: DuckDb, connection: DuckDBConnection, sql: string): Promise<void> {
  if (sql.trim() === '') throw notOneSelect([])
  const kinds = await asked(async () => {
    const statements = await connection.extractStatements(sql)
    const found: string[] = []
    for (let index = 0; index < statements.count; index++) {
      const statement = await statements.prepare(index)
      found.push(duckDb.library.StatementType[statement.statementType] ?? 'unknown')
      statement.destroySync()
    }
    return found
  })
  if (kinds.length === 1 && kinds[0] === 'SELECT') return
  throw notOneSelect(kinds)
}

const notOneSelect = (kinds: readonly string[]): InvalidInputError =>
  new InvalidInputError(
    kinds.length === 0 ? 'The query is empty.' : `A query is one SELECT, not ${kinds.join(', ')}.`,
    { facts: { statements: kinds.join(', ') }, hint: 'Write one SELECT; nothing can be changed from here.' },
  )

/** Runs a step of a query; what is wrong with the query is the user's to mend, what is with a file is not. */
async function asked<T>(
  step: () => Promise<T>,
  history?: History,
  files: readonly HistoryFile[] = [],
): Promise<T> {
  try {
    return await step()
  } catch (error) {
    // Names the file, if one was changed since it was looked at.
    if (history !== undefined) await history.recheck(files)
    const reason = toError(error).message.replace('Failed to extract statements: ', '').trim()
    throw new InvalidInputError(`The query does not run: ${reason}`, {
      hint: 'Without a query, `touchstone sql` lists the tables and their columns.',
      cause: error,
    })
  }
}

function readResult(result: DuckDBResult, history: History, files: readonly HistoryFile[]): Analysis {
  const types = result.columnTypes().map(type => type.toString())
  const isInteger = types.map(type => /^U?(BIG|HUGE)INT$/.test(type))
  return {
    columns: result.deduplicatedColumnNames().map((name, index) => ({ name, type: types[index] ?? '' })),
    async *rows() {
      const chunks = result.yieldRowsJson()
      for (;;) {
        const next = await asked(() => chunks.next(), history, files)
        if (next.done) return
        yield next.value.map(row =>
          row.map((value, column) => (isInteger[column] ? wholeNumber(value) : value)),
        )
      }
    },
  }
}

function wholeNumber(value: AnalysisValue): AnalysisValue {
  return typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}
