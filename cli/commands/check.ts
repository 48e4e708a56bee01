import type { Command } from 'commander'
import { checkLookAhead, DEFAULT_CUTS, formatLookAhead } from '../../backtest/index.ts'
import type { UnixMs } from '../../core/index.ts'
import { type BacktestSubject, projectSubject, recordedSubject } from '../backtestAgent.ts'
import { type CommandContext, commandContext, wholeNumber } from '../commandContext.ts'
import { trainedThroughMs } from '../deployedAgents.ts'
import { addSubjectOptions, readSubjectOptions, type SubjectOptions } from '../subjectOptions.ts'
import { withWorkspace } from '../workspace.ts'

type CheckOptions = SubjectOptions & { cuts: number; seed: number }

/** Adds `touchstone check`. */
export function addCheckCommand(program: Command): void {
  const command = program
    .command('check')
    .description('look for look-ahead: run an agent again on cut and on poisoned futures, and compare')
  addSubjectOptions(command, {
    agent: 'agent to check',
    from: 'check decisions on what was known after this time (UTC); after the training, with a model',
  })
    .option('--cuts <number>', 'places to cut the history at', wholeNumber('--cuts', 1, 1_000), DEFAULT_CUTS)
    .option('--seed <number>', 'chooses the cuts and the poison', wholeNumber('--seed', 0), 1)
    .addHelpText(
      'after',
      `
Ends with status 1 when something is proved.

Examples:
  $ touchstone check gold-trend --cuts 16
  $ touchstone check ./agent.ts --data bars.csv --set lookbackDays=30`,
    )
    .action(async (agent: string, options: CheckOptions, command: Command) => {
      const context = commandContext(command)
      const { from, cuts, seed } = options
      const { trained, ...subject } = await checkedSubject(context, agent, options)
      const { definition, inference, history } = subject
      const { events, retainBlocks } = history
      const report = await checkLookAhead({
        definition,
        inference,
        events,
        retainBlocks,
        // What a model was trained on it knows: unless told otherwise, the check begins after it.
        activeFromMs: from === undefined && trained !== null ? trained : subject.activeFromMs,
        cuts,
        seed,
        ...(trained === null ? {} : { trainedThroughMs: trained }),
      })
      context.terminal.result(report, formatLookAhead(report))
      if (!report.passed) process.exitCode = 1
    })
}

/** The agent and its history, and the last time that its model was trained on; the store is given back before the check. */
async function checkedSubject(
  context: CommandContext,
  agent: string,
  options: CheckOptions,
): Promise<BacktestSubject & { readonly trained: UnixMs | null }> {
  const chosen = readSubjectOptions(options)
  // Recordings alone give no model.
  if (options.data !== undefined)
    return { ...(await recordedSubject(context.directory, agent, options.data, chosen)), trained: null }
  return withWorkspace(context, async workspace => {
    const subject = await projectSubject(workspace, agent, chosen)
    return { ...subject, trained: await trainedThroughMs(workspace, subject.model) }
  })
}
