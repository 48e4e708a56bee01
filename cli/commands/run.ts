import type { Command } from 'commander'
import {
  formatInstant,
  InvalidInputError,
  parseInstant,
  type StoredAgent,
  type UnixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import { countAnchored } from '../../hono-server/index.ts'
import { type CommandContext, commandContext, wholeNumber } from '../commandContext.ts'
import { agentConfig, type DeployedAgent, deployAgent } from '../deployedAgents.ts'
import { deployLocalLog, fundOnLocalChain, requireRevealLog } from '../localLog.ts'
import type { LogConfig } from '../projectSchema.ts'
import { readAddress } from '../readAddress.ts'
import { type RunSummary, runAgents } from '../runAgents.ts'
import { serveProject } from '../serveProject.ts'
import { systemClock } from '../systemClock.ts'
import { type Workspace, withWorkspace } from '../workspace.ts'
import { DEFAULT_PORT } from './serve.ts'

type RunOptions = {
  once?: boolean
  strict?: boolean
  local?: boolean
  rpc?: string
  log?: string
  logBlock: number
  chainId?: number
  from?: string
  port: number
}

/** Adds `touchstone run`. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description(
      'run agents live: follow their sources, record every decision before acting on it, anchor, serve',
    )
    .argument('[agents...]', 'agents to run; all of the project by default')
    .option('--once', 'end when the sources hold nothing new and every decision is anchored')
    .option('--from <time>', 'a new agent decides on what was known after this time (UTC); now by default')
    .option('--strict', 'trade only after an order is on chain')
    .option('--local', 'anchor on a chain of the project’s own')
    .option('--rpc <url>', 'node of the chain to anchor on (with --log and --chain-id)')
    .option('--log <address>', 'DecisionLog to anchor in')
    .option(
      '--log-block <number>',
      'block that the DecisionLog was deployed in',
      wholeNumber('--log-block', 0),
      0,
    )
    .option('--chain-id <id>', 'id of that chain', wholeNumber('--chain-id', 1))
    .option(
      '--port <number>',
      'port of the API; 0 takes a free one',
      wholeNumber('--port', 0, 65_535),
      DEFAULT_PORT,
    )
    .addHelpText(
      'after',
      `
A run that was killed goes on where it stopped: what was decided is made again and compared, what was not
recorded is recorded, what was not anchored is anchored.

Examples:
  $ touchstone run                             all agents of the project, until Ctrl-C
  $ touchstone run gold-trend --once           what is new, then end
  $ touchstone run --rpc https://rpc.plume.org --chain-id 98866 --log 0x…`,
    )
    .action(async (names: string[], options: RunOptions, command: Command) => {
      const context = commandContext(command)
      const log = logOption(options)
      const activeFromMs = options.from === undefined ? systemClock() : parseInstant(options.from)
      await withWorkspace(context, async workspace => {
        await chooseLog(workspace, log, options.local ?? false)
        await requireRevealLog(workspace)
        const agents = await deployAll(workspace, names, activeFromMs)
        const summary = await runServed(context, workspace, agents, options)
        const result = await Promise.all(
          agents.map(async ({ stored }) => ({
            agent: stored.name,
            id: stored.id,
            events: summary.agents.get(stored.name)?.events ?? 0,
            replayed: summary.agents.get(stored.name)?.replayed ?? 0,
            recorded: summary.agents.get(stored.name)?.recorded ?? 0,
            anchored: await countAnchored(workspace.store.decisions, stored.id),
          })),
        )
        context.terminal.result(
          { agents: result },
          result
            .map(
              ({ agent, replayed, recorded, anchored: onChain }) =>
                `${agent}: ${replayed} decisions made again and found equal, ${recorded} new, ${onChain} anchored`,
            )
            .join('\n'),
        )
      })
    })
}

function logOption({ rpc, log, logBlock, chainId, local }: RunOptions): LogConfig | null {
  if (rpc === undefined && log === undefined) return null
  if (rpc === undefined || log === undefined || chainId === undefined || local)
    throw new InvalidInputError(
      'A decision log needs --rpc, --log and --chain-id together, and no --local.',
      {
        hint: 'Give all three, or --local for a chain of the project’s own.',
      },
    )
  return { url: rpc, chainId, contract: readAddress(log), fromBlock: logBlock }
}

async function chooseLog(workspace: Workspace, given: LogConfig | null, local: boolean): Promise<void> {
  const { log } = workspace.project
  if (log === null) {
    if (given !== null) await workspace.update({ log: given })
    else if (local) await workspace.update({ log: await deployLocalLog(workspace) })
    return
  }
  if (given !== null && (given.contract !== log.contract || given.chainId !== log.chainId))
    throw new InvalidInputError(`This project anchors in ${log.contract} on chain ${log.chainId} already.`, {
      facts: { contract: log.contract, chainId: log.chainId },
      hint: 'A record stays with its log: leave --log out, or start a new project with --dir.',
    })
  // The same log through another node.
  if (given !== null) await workspace.update({ log: { ...log, url: given.url } })
}

async function deployAll(
  workspace: Workspace,
  names: readonly string[],
  activeFromMs: UnixMs,
): Promise<DeployedAgent[]> {
  const { project } = workspace
  const chosen = names.length > 0 ? names : project.agents.map(({ name }) => name)
  if (chosen.length === 0)
    throw new InvalidInputError('This project has no agents.', {
      hint: 'Add one under `agents` in project.json; docs/project.md shows how.',
    })
  const agents: DeployedAgent[] = []
  for (const name of chosen) {
    const agent = await deployAgent(workspace, await agentConfig(workspace, name), { activeFromMs })
    await fundOnLocalChain(workspace, agent.signer.key)
    agents.push(agent)
  }
  return agents
}

async function runServed(
  { terminal, signal }: CommandContext,
  workspace: Workspace,
  agents: readonly DeployedAgent[],
  { once = false, strict = false, port }: RunOptions,
): Promise<RunSummary> {
  const served = await serveProject(workspace, { port: once ? 0 : port })
  // What a terminal shows ends up in files that others read.
  const sealed = new Set(agents.flatMap(({ stored, embargo }) => (embargo === undefined ? [] : [stored.id])))
  try {
    for (const { stored } of agents) terminal.note(describeStart(stored))
    if (!once) terminal.note(`serving ${served.url}, feed ${served.wsUrl}`)
    return await runAgents({
      workspace,
      agents,
      once,
      strict,
      signal,
      ...served.hooks,
      onDecisions(decisions) {
        served.hooks.onDecisions(decisions)
        if (!once)
          for (const { agent, sequence, output, timeMs } of decisions)
            terminal.note(
              sealed.has(agent)
                ? `${agent}/${sequence} sealed`
                : `${formatInstant(timeMs)} ${agent}/${sequence} ${output.kind}`,
            )
      },
    })
  } finally {
    await served.close()
  }
}

function describeStart({ name, id, model, status }: StoredAgent): string {
  return `${name} ${id}${model === ZERO_HASH ? '' : `, model ${model}`}${status === 'halted' ? ', halted' : ''}`
}
