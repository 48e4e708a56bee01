import Table from 'cli-table3'
import type { Command } from 'commander'
import { InvalidInputError } from '../../core/index.ts'
import {
  type Analysis,
  type AnalysisValue,
  analyse,
  DATASETS,
  DECISION_COLUMNS,
  DECISIONS_VIEW,
  OBSERVATIONS_VIEW,
  viewColumns,
} from '../../feature-store/index.ts'
import { type CommandContext, commandContext, wholeNumber } from '../commandContext.ts'
import { type CsvCell, csvLine } from '../csvFile.ts'
import { TABLE } from '../tableStyle.ts'
import { withAnalysis } from '../withAnalysis.ts'

type SqlOptions = { csv?: true; filesOnly?: true; rows: number }

/** Rows of a table on a terminal; more of them are for a file. */
const DEFAULT_TABLE_ROWS = 100

/** Adds `touchstone sql`. */
export function addSqlCommand(program: Command): void {
  program
    .command('sql')
    .description('answer a query over history and database, with DuckDB; without one, list the tables')
    .argument('[query]', 'one SELECT in the SQL of DuckDB')
    .option('--csv', 'print all rows as CSV')
    .option(
      '--files-only',
      'leave the database out: only what is archived, but also while another process owns the store',
    )
    .option('--rows <rows>', 'most rows of a table', wholeNumber('--rows', 1), DEFAULT_TABLE_ROWS)
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone sql                                        list the tables and their columns
  $ touchstone sql "select instrument, count(*), max(known_at) from observations group by all"
  $ touchstone sql "select date_trunc('hour', known_at) h, last(price order by known_at) p from swap group by h order by h"
  $ touchstone sql --csv "select known_at, sender, recipient, amount from transfer" > transfers.csv`,
    )
    .action(async (query: string | undefined, options: SqlOptions, command: Command) => {
      const context = commandContext(command)
      if (query === undefined) return listTables(context)
      if (options.csv && context.terminal.json)
        throw new InvalidInputError('--csv and --json are two forms of one answer.', { hint: 'Choose one.' })
      await withAnalysis(context, options.filesOnly === true, sources =>
        analyse(query, sources, analysis => print(context, analysis, options)),
      )
    })
}

function listTables({ terminal }: CommandContext): void {
  const views = [
    ...([...DATASETS, OBSERVATIONS_VIEW] as const).map(view => ({ view, columns: viewColumns(view) })),
    { view: DECISIONS_VIEW, columns: DECISION_COLUMNS },
  ]
  const table = new Table({
    head: ['table', 'columns'],
    style: { head: [], border: [] },
    colWidths: [16, 100],
    wordWrap: true,
  })
  for (const { view, columns } of views) table.push([view, columns.join(', ')])
  terminal.result(views, table.toString())
}

async function print(
  context: CommandContext,
  analysis: Analysis,
  { csv, rows: most }: SqlOptions,
): Promise<void> {
  const { terminal } = context
  const names = analysis.columns.map(({ name }) => name)
  if (csv) {
    await write(`${csvLine(names)}\n`)
    for await (const page of analysis.rows())
      await write(page.map(row => `${csvLine(row.map(toCell))}\n`).join(''))
    return
  }
  const rows: AnalysisValue[][] = []
  let further = 0
  for await (const page of analysis.rows()) {
    const taken = terminal.json ? page : page.slice(0, Math.max(0, most - rows.length))
    rows.push(...taken)
    further += page.length - taken.length
  }
  const table = new Table({ head: names, ...TABLE })
  for (const row of rows) table.push(row.map(value => String(toCell(value) ?? '')))
  const rest =
    further === 0 ? '' : `\n… and ${further.toLocaleString('en-US')} rows more: --rows, or --csv for all`
  terminal.result(
    {
      columns: analysis.columns,
      rows: rows.map(row => Object.fromEntries(row.map((value, index) => [names[index], value]))),
    },
    `${table.toString()}${rest}`,
  )
}

const toCell = (value: AnalysisValue): CsvCell =>
  value !== null && typeof value === 'object' ? JSON.stringify(value) : value

// Waits for a slow reader, so that a large answer is not held in memory.
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, error => (error ? reject(error) : resolve()))
  })
}
