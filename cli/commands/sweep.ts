import { access, constants, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { type SearchGoal, type SearchMethod, type SweepResult, sweepTable } from '../../backtest/index.ts'
import { InvalidInputError, parseInstant } from '../../core/index.ts'
import { backtestAgent, projectSubject } from '../backtestAgent.ts'
import { backtestReport } from '../backtestReport.ts'
import { type CommandContext, commandContext, wholeNumber } from '../commandContext.ts'
import { writeCsvFile } from '../csvFile.ts'
import { writeParquetRows } from '../parquetFile.ts'
import { readSubjectOptions } from '../subjectOptions.ts'
import { type AgentSweep, type PreparedSweep, prepareSweep, runAgentSweep } from '../sweepAgent.ts'
import { type SweepFigureName, sweepFigure } from '../sweepFigures.ts'
import { reportSweep, sweepAxes } from '../sweepReport.ts'
import { bestResults, sweepJson, sweepText } from '../sweepResult.ts'
import { withWorkspace } from '../workspace.ts'

type SweepCommandOptions = {
  method: SearchMethod
  trials?: number
  workers?: number
  seed: number
  objective: SweepFigureName
  minimise?: true
  fix: readonly string[]
  from?: string
  to?: string
  csv?: string
  parquet?: string
  report?: string
  axes?: string
  resume?: true
}

/** Points of a search that has no end of its own. */
const DEFAULT_TRIALS = 100

/** Adds `touchstone sweep`. */
export function addSweepCommand(program: Command): void {
  program
    .command('sweep')
    .description('search the parameters of an agent: a backtest at each point, on several threads')
    .argument('<agent>', 'agent to sweep')
    .option('--method <name>', 'grid, random or tpe', searchMethod, 'tpe')
    .option(
      '--trials <number>',
      `points at most (${DEFAULT_TRIALS}; of a grid, all)`,
      wholeNumber('--trials', 1),
    )
    .option('--workers <number>', 'threads (the cores, 4 at most)', wholeNumber('--workers', 1, 256))
    .option('--seed <number>', 'chooses the points', wholeNumber('--seed', 0), 1)
    .option('--objective <figure>', 'figure that is sought', sweepFigure, 'sharpe')
    .option('--minimise', 'seek the least of it, not the most')
    .option('--fix <name=value...>', 'parameters that keep one value', [])
    .option('--from <time>', 'decide only on what was known after this time (UTC)')
    .option('--to <time>', 'leave out what was known after this time (UTC)')
    .option('--csv <file>', 'write every point as CSV')
    .option('--parquet <file>', 'write every point as Parquet')
    .option('--report <file>', 'write a report of the best point, with a map of all, as one HTML file')
    .option('--axes <x,y>', 'parameters that the map is drawn over; the first two that vary by default')
    .option('--resume', 'go on with the same sweep where it was stopped')
    .addHelpText(
      'after',
      `
Every point is counted in trials.jsonl of the project: the more were tried, the less the best of them says.

Examples:
  $ touchstone sweep trend
  $ touchstone sweep trend --method grid --fix lookbackDays=30 --csv points.csv
  $ touchstone sweep trend --report sweep.html --axes lookbackDays,volatilityTarget
  $ touchstone sweep trend --method random --trials 1000 --workers 4 --resume`,
    )
    .action(async (agent: string, options: SweepCommandOptions, command: Command) =>
      sweep(commandContext(command), agent, options),
    )
}

async function sweep(context: CommandContext, agent: string, options: SweepCommandOptions): Promise<void> {
  const { method, seed, objective, fix, from, to } = options
  const trials = options.trials ?? (method === 'grid' ? undefined : DEFAULT_TRIALS)
  for (const file of [options.csv, options.parquet, options.report])
    if (file !== undefined) await assertFolder(file)
  const goal = options.minimise ? 'minimise' : 'maximise'
  // The store is given back before the work begins: other commands may use it meanwhile.
  const prepared = await withWorkspace(context, workspace =>
    prepareSweep(workspace, agent, {
      fixed: fix,
      ...(from === undefined ? {} : { fromMs: parseInstant(from) }),
      ...(to === undefined ? {} : { toMs: parseInstant(to) }),
    }),
  )
  // A wrong name is told before the work, too.
  if (options.axes !== undefined) sweepAxes(options.axes, prepared.space.names, [])
  const bar = context.terminal.progress(`sweep ${agent}`, trials ?? 1)
  let swept: AgentSweep
  try {
    swept = await runAgentSweep(prepared, {
      method,
      seed,
      objective,
      goal,
      ...(trials === undefined ? {} : { trials }),
      ...(options.workers === undefined ? {} : { workers: options.workers }),
      resume: options.resume === true,
      signal: context.signal,
      onProgress: ({ done, total, pointsPerSecond, etaMs }) =>
        bar.update(done, total, { rate: `${pointsPerSecond.toFixed(1)} points/s`, leftMs: etaMs }),
    })
  } finally {
    bar.stop()
  }
  await writeTables(prepared, swept, options)
  const best = bestResults(swept.results, objective, goal)
  await writeReport(context, agent, swept, best[0], prepared, options, { objective, goal })
  context.terminal.result(
    sweepJson(agent, swept, best, { method, seed, objective, goal, parameters: prepared.space.names }),
    sweepText(agent, swept, prepared.space.names, objective, best),
  )
}

/** Runs the best point once more, for its report: the same trial again. */
async function writeReport(
  context: CommandContext,
  agent: string,
  { results }: AgentSweep,
  best: SweepResult | undefined,
  { space }: PreparedSweep,
  { report, axes, from, to }: SweepCommandOptions,
  plan: { readonly objective: SweepFigureName; readonly goal: SearchGoal },
): Promise<void> {
  if (report === undefined) return
  const drawn = sweepAxes(axes, space.names, results)
  if (best === undefined) {
    context.terminal.say(`No report: no point has ${plan.objective}.`)
    return
  }
  const set = Object.entries(best.point).map(([name, value]) => `${name}=${value}`)
  const subject = await withWorkspace(context, workspace =>
    projectSubject(workspace, agent, readSubjectOptions({ from, to, set })),
  )
  const backtest = await backtestAgent(subject)
  await writeFile(report, backtestReport(backtest, reportSweep(results, best, plan, drawn)))
}

async function writeTables(
  { space }: PreparedSweep,
  { results }: AgentSweep,
  { csv, parquet }: SweepCommandOptions,
): Promise<void> {
  const { columns, pages } = sweepTable(space, results)
  if (csv !== undefined)
    await writeCsvFile(
      csv,
      columns.map(({ name }) => name),
      pages(),
    )
  if (parquet !== undefined) await writeParquetRows(parquet, columns, pages())
}

// Before the work, which may take hours.
async function assertFolder(file: string): Promise<void> {
  try {
    await access(dirname(resolve(file)), constants.W_OK)
  } catch (cause) {
    throw new InvalidInputError(`${file} cannot be written: its folder is missing, or not this user's.`, {
      facts: { file },
      hint: 'Name a file in a folder that exists, on a disk with room.',
      cause,
    })
  }
}

function searchMethod(text: string): SearchMethod {
  if (text === 'grid' || text === 'random' || text === 'tpe') return text
  throw new InvalidInputError(`"${text}" is no way to search.`, {
    facts: { method: text },
    hint: 'Choose grid, random or tpe.',
  })
}
