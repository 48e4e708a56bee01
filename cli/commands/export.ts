import { extname } from 'node:path'
import type { Command } from 'commander'
import {
  formatInstant,
  InvalidInputError,
  instrumentId,
  parseInstant,
  type UnixMs,
} from '../../core/index.ts'
import {
  type Analysis,
  type AnalysisValue,
  type ArrowCell,
  type ArrowColumn,
  analyse,
  DATASETS,
  type FeatureMatrix,
  OBSERVATIONS_VIEW,
  toArrow,
  writeArrowRows,
  writeArrowTable,
} from '../../feature-store/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { agentMatrix } from '../agentMatrix.ts'
import { type CommandContext, commandContext } from '../commandContext.ts'
import { type CsvCell, writeCsvFile } from '../csvFile.ts'
import { agentConfig } from '../deployedAgents.ts'
import { withAnalysis } from '../withAnalysis.ts'
import { withWorkspace } from '../workspace.ts'
import { addExportDecisions } from './exportDecisions.ts'

type ObservationOptions = {
  out: string
  from?: string
  to?: string
  instrument?: string[]
  filesOnly?: true
}

/** Adds `touchstone export`. */
export function addExportCommand(program: Command): void {
  const group = program
    .command('export')
    .description(
      'write observations or features for notebooks, as Arrow (IPC) or CSV; or decisions for anybody to check',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone export observations swap --out swaps.arrow --from 2026-01-05
  $ touchstone export features gold-trend --out gold.arrow
  >>> import pyarrow; pyarrow.ipc.open_file('gold.arrow').read_pandas()`,
    )
  group
    .command('observations')
    .description('observations of one dataset, or what all have in common, in the order that agents see them')
    .argument('[dataset]', `one of ${DATASETS.join(', ')}`, OBSERVATIONS_VIEW)
    .requiredOption('--out <file>', 'file to write: .arrow or .csv')
    .option('--from <time>', 'first time that agents saw them at')
    .option('--to <time>', 'first time that is left out')
    .option('--instrument <id...>', 'of these instruments only')
    .option('--files-only', 'leave the database out: only what is archived')
    .action(async (dataset: string, options: ObservationOptions, command: Command) =>
      exportObservations(commandContext(command), dataset, options),
    )
  group
    .command('features')
    .description('the feature matrix of an agent over its stored history')
    .argument('<agent>', 'agent of the project')
    .requiredOption('--out <file>', 'file to write: .arrow or .csv')
    .action(async (agent: string, { out }: { out: string }, command: Command) =>
      exportFeatures(commandContext(command), agent, out),
    )
  addExportDecisions(group)
}

type Format = 'arrow' | 'csv'

function formatOf(out: string): Format {
  const extension = extname(out).slice(1).toLowerCase()
  if (extension === 'arrow' || extension === 'csv') return extension
  throw new InvalidInputError(`--out "${out}" names no format.`, {
    facts: { out },
    hint: 'End the name of the file with .arrow or .csv.',
  })
}

async function exportObservations(
  context: CommandContext,
  dataset: string,
  options: ObservationOptions,
): Promise<void> {
  const format = formatOf(options.out)
  const sql = selectOf(dataset, options)
  const rows = await withAnalysis(context, options.filesOnly === true, sources =>
    analyse(sql, sources, analysis =>
      format === 'csv'
        ? writeCsvFile(options.out, namesOf(analysis), csvPages(analysis))
        : writeArrowRows(options.out, arrowColumns(analysis), arrowPages(analysis)),
    ),
  )
  context.terminal.result(
    { dataset, rows, file: options.out },
    `${rows.toLocaleString('en-US')} rows of ${dataset} written to ${options.out}`,
  )
}

/** The first columns of an export, which are times. */
const TIMES = ['visible_at', 'known_at', 'valid_at'] as const

function selectOf(dataset: string, { from, to, instrument }: ObservationOptions): string {
  const view = [...DATASETS, OBSERVATIONS_VIEW].find(name => name.toLowerCase() === dataset.toLowerCase())
  if (view === undefined)
    throw new InvalidInputError(`There is no dataset "${dataset}".`, {
      facts: { dataset },
      hint: `The datasets are ${DATASETS.join(', ')}.`,
    })
  const conditions = ['true']
  if (from !== undefined) conditions.push(`visible_at_ms >= ${parseInstant(from)}`)
  if (to !== undefined) conditions.push(`visible_at_ms < ${parseInstant(to)}`)
  if (instrument !== undefined)
    // The form of an id has no quotation mark.
    conditions.push(`instrument in (${instrument.map(id => `'${instrumentId(id)}'`).join(', ')})`)
  return `select ${TIMES.map(time => `${time}_ms as ${time}`).join(', ')},
    * exclude (${TIMES.flatMap(time => [time, `${time}_ms`]).join(', ')})
    from ${view} where ${conditions.join(' and ')} order by visible_at_ms, source, block, log_index`
}

const namesOf = ({ columns }: Analysis): string[] => columns.map(({ name }) => name)

async function* csvPages(analysis: Analysis): AsyncGenerator<CsvCell[][]> {
  for await (const page of analysis.rows())
    yield page.map(row =>
      row.map((value, column) =>
        column < TIMES.length ? formatInstant(Number(value) as UnixMs) : toCell(value),
      ),
    )
}

async function* arrowPages(analysis: Analysis): AsyncGenerator<ArrowCell[][]> {
  for await (const page of analysis.rows())
    yield page.map(row => row.map(value => (typeof value === 'number' ? value : toText(value))))
}

function arrowColumns({ columns }: Analysis): ArrowColumn[] {
  return columns.map(({ name, type }, index) => ({
    name,
    type:
      index < TIMES.length
        ? 'time'
        : type === 'DOUBLE'
          ? 'double'
          : type === 'BIGINT' || type === 'INTEGER'
            ? 'integer'
            : 'text',
  }))
}

const toCell = (value: AnalysisValue): CsvCell =>
  value !== null && typeof value === 'object' ? JSON.stringify(value) : value

const toText = (value: AnalysisValue): string | null => {
  const cell = toCell(value)
  return cell === null ? null : String(cell)
}

async function exportFeatures(context: CommandContext, nameOrId: string, out: string): Promise<void> {
  const format = formatOf(out)
  await withWorkspace(context, async workspace => {
    const definition = await loadAgent(await agentConfig(workspace, nameOrId))
    const { matrix } = await agentMatrix(workspace, definition)
    if (format === 'arrow') await writeArrowTable(out, await toArrow(matrix))
    else await writeCsvFile(out, ['time', 'price', ...matrix.names], matrixPages(matrix))
    const { rows, columns, featureSet, dataHash } = matrix
    context.terminal.result(
      { agent: nameOrId, rows, columns, featureSet, dataHash, file: out },
      `${rows.toLocaleString('en-US')} rows × ${columns} features written to ${out}, data hash ${dataHash}`,
    )
  })
}

const PAGE_ROWS = 5_000

async function* matrixPages({
  rows,
  columns,
  values,
  timesMs,
  prices,
}: FeatureMatrix): AsyncGenerator<CsvCell[][]> {
  const cell = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)
  for (let start = 0; start < rows; start += PAGE_ROWS)
    yield Array.from({ length: Math.min(PAGE_ROWS, rows - start) }, (_, index) => {
      const row = start + index
      const features = Array.from(values.subarray(row * columns, (row + 1) * columns), cell)
      return [formatInstant((timesMs[row] ?? 0) as UnixMs), cell(prices[row]), ...features]
    })
}
