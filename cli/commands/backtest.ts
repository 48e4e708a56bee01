import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type BacktestRun, formatReport, tradesCsv } from '../../backtest/index.ts'
import { formatDecimal, formatInstant, InvalidInputError, unixMs } from '../../core/index.ts'
import { backtestAgent, projectSubject, recordedSubject } from '../backtestAgent.ts'
import { backtestReport, reportMarkets } from '../backtestReport.ts'
import { commandContext } from '../commandContext.ts'
import { addSubjectOptions, readSubjectOptions, type SubjectOptions } from '../subjectOptions.ts'
import { withWorkspace } from '../workspace.ts'

type BacktestCommandOptions = SubjectOptions & {
  walkForward?: true
  trades?: string
  csv?: string
  report?: string
}

/** Adds `touchstone backtest`. */
export function addBacktestCommand(program: Command): void {
  const command = program
    .command('backtest')
    .description('run an agent over its stored history, through the kernel that live agents run on')
  addSubjectOptions(command, { agent: 'agent to run' })
    .option('--walk-forward', 'use the models of the newest walk-forward, each on what it was not trained on')
    .option('--trades <file>', 'write the closed trades as CSV')
    .option('--csv <file>', 'write the equity over time as CSV')
    .option('--report <file>', 'write a report as one HTML file')
    .addHelpText(
      'after',
      `
Every run is counted in trials.jsonl of the project: the more were tried, the less a Sharpe ratio says.

Examples:
  $ touchstone backtest gold-trend --from 2010-01-01 --to 2015-12-31
  $ touchstone backtest gold-trend --report report.html
  $ touchstone backtest gold-trend --data recordings --report report.html
  $ touchstone backtest ./agent.ts --data bars.csv --set lookbackDays=30
  $ touchstone backtest order-flow-momentum --walk-forward --trades trades.csv --json`,
    )
    .action(async (agent: string, options: BacktestCommandOptions, command: Command) => {
      const { model, walkForward = false, trades, csv, report, data } = options
      if (walkForward && (model !== undefined || data !== undefined))
        throw new InvalidInputError('--walk-forward brings its own models, from the project.', {
          hint: 'Leave --model and --data out.',
        })
      const context = commandContext(command)
      const chosen = { ...readSubjectOptions(options), walkForward }
      // The store is given back before the run starts.
      const subject = await (data === undefined
        ? withWorkspace(context, workspace => projectSubject(workspace, agent, chosen))
        : recordedSubject(context.directory, agent, data, chosen))
      const backtest = await backtestAgent(subject)
      const { run, statistics, luck } = backtest
      if (trades !== undefined) await writeFile(trades, tradesCsv(reportMarkets(backtest)))
      if (csv !== undefined) await writeFile(csv, equityCsv(run.equity))
      if (report !== undefined) await writeFile(report, backtestReport(backtest))
      context.terminal.result(
        {
          agent,
          model: backtest.model,
          events: run.events,
          decisions: run.decisionCount,
          ...statistics,
          luck,
          tradeList: run.trades,
        },
        `${agent}: ${run.events.toLocaleString('en-US')} events, ${run.decisionCount.toLocaleString('en-US')} decisions\n${formatReport(statistics, luck)}${report === undefined ? '' : `\nreport written to ${report}`}`,
      )
    })
}

function equityCsv({ timeMs, equityE8 }: BacktestRun['equity']): string {
  const lines = ['time_utc,equity']
  for (let point = 0; point < timeMs.length; point++)
    lines.push(
      `${formatInstant(unixMs(timeMs[point] ?? 0))},${formatDecimal(BigInt(Math.round(equityE8[point] ?? 0)), 8)}`,
    )
  return `${lines.join('\n')}\n`
}
