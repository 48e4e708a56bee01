import type { Command } from 'commander'
import { checkLookAhead, DEFAULT_CUTS, formatLookAhead } from '../../backtest/index.ts'
import { parseInstant } from '../../core/index.ts'
import { agentWithHistory } from '../backtestAgent.ts'
import { commandContext, wholeNumber } from '../commandContext.ts'
import { trainedThroughMs } from '../deployedAgents.ts'
import { withWorkspace } from '../workspace.ts'

type CheckOptions = { from?: string; to?: string; cuts: number; seed: number }

/** Adds `touchstone check`. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('look for look-ahead: run an agent again on cut and on poisoned futures, and compare')
    .argument('<agent>', 'agent to check')
    .option(
      '--from <time>',
      'check decisions on what was known after this time (UTC); after the training, with a model',
    )
    .option('--to <time>', 'leave out what was known after this time (UTC)')
    .option('--cuts <number>', 'places to cut the history at', wholeNumber('--cuts', 1, 1_000), DEFAULT_CUTS)
    .option('--seed <number>', 'chooses the cuts and the poison', wholeNumber('--seed', 0), 1)
    .addHelpText(
      'after',
      `
Ends with status 1 when something is proved.

Example:
  $ touchstone check gold-trend --cuts 16`,
    )
    .action(async (agent: string, { from, to, cuts, seed }: CheckOptions, command: Command) => {
      const context = commandContext(command)
      const report = await withWorkspace(context, async workspace => {
        const subject = await agentWithHistory(workspace, agent, {
          ...(from === undefined ? {} : { fromMs: parseInstant(from) }),
          ...(to === undefined ? {} : { toMs: parseInstant(to) }),
        })
        const { definition, inference, model, history } = subject
        const { events, retainBlocks } = history
        const trained = await trainedThroughMs(workspace, model)
        // What a model was trained on it knows: unless told otherwise, the check begins after it.
        const activeFromMs = from === undefined && trained !== null ? trained : subject.activeFromMs
        return checkLookAhead({
          definition,
          inference,
          events,
          retainBlocks,
          activeFromMs,
          cuts,
          seed,
          ...(trained === null ? {} : { trainedThroughMs: trained }),
        })
      })
      context.terminal.result(report, formatLookAhead(report))
      if (!report.passed) process.exitCode = 1
    })
}
