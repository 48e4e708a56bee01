import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { formatTrackRecord, renderTrackRecord, type TrackRecord } from '../../backtest/index.ts'
import { InvalidInputError, parseInstant } from '../../core/index.ts'
import { type CommandContext, commandContext, wholeNumber } from '../commandContext.ts'
import { packageVersion } from '../packageFolder.ts'
import { readAddress } from '../readAddress.ts'
import { requireLog } from '../requireLog.ts'
import {
  type ReadLog,
  type TrackRecordChoices,
  trackRecordOfFile,
  trackRecordOfProject,
} from '../trackRecord.ts'
import { withWorkspace } from '../workspace.ts'

type TrackRecordOptions = {
  decisions?: string
  rpc?: string
  contract?: string
  reveals?: string
  fromBlock: number
  late?: number
  since?: string
  until?: string
  html?: string
}

/** Adds `touchstone track-record`. */
export function addTrackRecordCommand(program: Command): void {
  program
    .command('track-record')
    .description("rebuild an agent's performance from the chain and the bodies alone; exits 1 on a fault")
    .argument('<agent>', 'agent of the project (name or address); with --decisions, its address')
    .option('--decisions <file>', 'bodies from a file of decisions, one on a line; no project is needed')
    .option('--rpc <url>', "node of the log's chain; the project's own by default")
    .option('--contract <address>', 'the decision log on it')
    .option(
      '--reveals <address>',
      "the reveal log on it, for when sealed decisions were opened; the project's own by default",
    )
    .option('--from-block <block>', 'block that the logs were deployed in', wholeNumber('--from-block', 0), 0)
    .option(
      '--late <seconds>',
      'an anchor that comes later than this after its decision is late',
      wholeNumber('--late', 0),
    )
    .option('--since <time>', 'performance from this time on (UTC); what is proved is about all decisions')
    .option('--until <time>', 'performance up to this time (UTC)')
    .option('--html <file>', 'write a report as one HTML file')
    .addHelpText(
      'after',
      `
Every body is compared with its leaf on the chain. Gaps, late anchors, changed bodies, valuations that the fills
do not add up to, and signals without an outcome are named; so are decisions under embargo whose keys came late or
never. What is sealed is no gap. The statistics are those of the daily valuations.

Examples:
  $ touchstone track-record gold-trend --html record.html
  $ touchstone export decisions gold-trend --out decisions.ndjson
  $ touchstone track-record 0x7099… --decisions decisions.ndjson --rpc https://… --contract 0x5fbd…`,
    )
    .action(async (agent: string, options: TrackRecordOptions, command: Command) => {
      const context = commandContext(command)
      const record = await read(context, agent, options)
      const { html } = options
      if (html !== undefined)
        await writeFile(html, renderTrackRecord(record, { software: `touchstone ${packageVersion()}` }))
      context.terminal.result(
        record,
        `${formatTrackRecord(record)}${html === undefined ? '' : `\nreport written to ${html}`}`,
      )
      if (record.faults.length > 0) process.exitCode = 1
    })
}

async function read(
  context: CommandContext,
  agent: string,
  options: TrackRecordOptions,
): Promise<TrackRecord> {
  const { decisions, late, since, until } = options
  const choices: TrackRecordChoices = {
    ...(late === undefined ? {} : { lateAfterMs: late * 1_000 }),
    ...(since === undefined ? {} : { sinceMs: parseInstant(since) }),
    ...(until === undefined ? {} : { untilMs: parseInstant(until) }),
  }
  const given = givenLog(options)
  if (decisions !== undefined && given !== null)
    return trackRecordOfFile(readAddress(agent, 'The agent'), decisions, given, choices)
  return withWorkspace(context, async workspace => {
    const hint = 'Run its agents first, or name a log with --rpc and --contract.'
    const log =
      given ?? withReveals(await requireLog(workspace, { lacking: 'no record on a chain', hint }), options)
    return decisions === undefined
      ? trackRecordOfProject(workspace, agent, log, choices)
      : trackRecordOfFile(readAddress(agent, 'The agent'), decisions, log, choices)
  })
}

/** The project's log with the reveal log that was named, if one was. */
function withReveals(log: ReadLog, { reveals, fromBlock }: TrackRecordOptions): ReadLog {
  if (reveals === undefined) return log
  return { ...log, reveals: { contract: readAddress(reveals, 'The reveal log'), fromBlock } }
}

function givenLog(options: TrackRecordOptions): ReadLog | null {
  const { rpc, contract, fromBlock, reveals } = options
  if (rpc === undefined && contract === undefined) return null
  if (rpc === undefined || contract === undefined)
    throw new InvalidInputError('--rpc and --contract go together.', {
      hint: 'Name the node and the decision log on its chain, or neither to take the project’s.',
    })
  return {
    ...{ rpcUrl: rpc, contract: readAddress(contract, 'The contract'), fromBlock },
    ...(reveals !== undefined && {
      reveals: { contract: readAddress(reveals, 'The reveal log'), fromBlock },
    }),
  }
}
