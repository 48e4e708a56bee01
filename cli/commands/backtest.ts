import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { observedInstruments } from '../../agents/index.ts'
import { computeStatistics, formatReport, runBacktest, type Trade } from '../../backtest/index.ts'
import {
  formatDecimal,
  formatInstant,
  type Hash,
  InvalidInputError,
  parseInstant,
  unixMs,
  ZERO_ADDRESS,
} from '../../core/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { commandContext } from '../commandContext.ts'
import { agentConfig, loadInference, newestModel } from '../deployedAgents.ts'
import { loadHistory } from '../storedEvents.ts'
import { withWorkspace } from '../workspace.ts'

type BacktestCommandOptions = { from?: string; to?: string; model?: string; trades?: string }

/** Adds `touchstone backtest`. */
export function addBacktestCommand(program: Command): void {
  program
    .command('backtest')
    .description('run an agent over its stored history, through the kernel that live agents run on')
    .argument('<agent>', 'agent to run')
    .option('--from <time>', 'decide only on what was known after this time (UTC)')
    .option('--to <time>', 'leave out what was known after this time (UTC)')
    .option('--model <hash>', 'model to use; the newest of its name by default')
    .option('--trades <file>', 'write the closed trades as CSV')
    .addHelpText(
      'after',
      `
Examples:
  $ touchstone backtest gold-trend --from 2010-01-01 --to 2015-12-31
  $ touchstone backtest order-flow-momentum --trades trades.csv --json`,
    )
    .action(async (agent: string, options: BacktestCommandOptions, command: Command) => {
      await withWorkspace(commandContext(command), async workspace => {
        const definition = await loadAgent(await agentConfig(workspace, agent))
        const model =
          options.model === undefined ? await newestModel(workspace, definition) : modelHash(options.model)
        const toMs = options.to === undefined ? undefined : parseInstant(options.to)
        const instruments = observedInstruments(definition)
        const history = await loadHistory(workspace.store.observations, instruments, toMs)
        if (history.events.length === 0)
          throw new InvalidInputError(
            `There is no history of ${definition.instrument.symbol} to run "${agent}" on.`,
            {
              facts: { agent, instrument: definition.instrument.id },
              hint: 'Ingest some with `touchstone ingest`, or widen --to.',
            },
          )
        const run = await runBacktest({
          agent: ZERO_ADDRESS,
          definition,
          inference: await loadInference(workspace, definition, model),
          ...history,
          activeFromMs: options.from === undefined ? unixMs(0) : parseInstant(options.from),
        })
        const statistics = computeStatistics(run)
        if (options.trades !== undefined)
          await writeFile(options.trades, tradesCsv(run.trades, definition.instrument.decimals))
        workspace.terminal.result(
          {
            agent,
            model,
            events: run.events,
            decisions: run.decisions.length,
            ...statistics,
            tradeList: run.trades,
          },
          `${agent}: ${run.events.toLocaleString('en-US')} events, ${run.decisions.length.toLocaleString('en-US')} decisions\n${formatReport(statistics)}`,
        )
      })
    })
}

function modelHash(text: string): Hash {
  if (/^0x[0-9a-f]{64}$/.test(text)) return `0x${text.slice(2)}`
  throw new InvalidInputError(`"${text}" is no model hash.`, {
    facts: { text },
    hint: 'Give 0x and 64 hexadecimal digits, as `touchstone train` prints them.',
  })
}

function tradesCsv(trades: readonly Trade[], decimals: number): string {
  const lines = trades.map(trade =>
    [
      trade.direction,
      formatInstant(trade.entryMs),
      formatInstant(trade.exitMs),
      formatDecimal(trade.quantity, decimals),
      formatDecimal(trade.entryPriceE8, 8),
      formatDecimal(trade.exitPriceE8, 8),
      formatDecimal(trade.pnlE8, 8),
      formatDecimal(trade.feesE8, 8),
    ].join(','),
  )
  return `${['direction,entry_utc,exit_utc,quantity,entry_price,exit_price,pnl,fees', ...lines].join('\n')}\n`
}
