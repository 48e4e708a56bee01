import Table from 'cli-table3'
import type { Command } from 'commander'
import { formatInstant, ZERO_HASH } from '../../core/index.ts'
import { countAnchored } from '../../hono-server/index.ts'
import { BUILT_IN_AGENTS } from '../agentCatalogue.ts'
import { commandContext } from '../commandContext.ts'
import { readProject } from '../project.ts'
import { withWorkspace } from '../workspace.ts'
import { addTakeOverCommands } from './takeOver.ts'

/** Adds `touchstone agents`. */
export function addAgentsCommand(program: Command): void {
  const agents = program
    .command('agents')
    .description('list the agents of the project, and the built-in ones')
    .addHelpText('after', '\nExample:\n  $ touchstone agents --json')
    .action(async (_options: object, command: Command) => {
      const context = commandContext(command)
      const builtIn = Object.entries(BUILT_IN_AGENTS).map(([name, { about }]) => ({ name, about }))
      const deployed =
        context.configFile === null && (await readProject(context.directory)) === null
          ? []
          : await listDeployed(context)
      const table = new Table({
        head: ['agent', 'address', 'status', 'instrument', 'active from', 'decisions', 'anchored'],
        style: { head: [], border: [] },
      })
      for (const agent of deployed)
        table.push([
          agent.name,
          agent.id,
          agent.status,
          agent.instrument,
          formatInstant(agent.activeFromMs),
          agent.decisions,
          agent.anchored,
        ])
      const catalogue = builtIn.map(({ name, about }) => `  ${name.padEnd(22)}${about}`).join('\n')
      context.terminal.result(
        { deployed, builtIn },
        `${deployed.length === 0 ? 'No agent has run in this project yet.' : table.toString()}\n\nBuilt in:\n${catalogue}`,
      )
    })
  addTakeOverCommands(agents)
}

function listDeployed(context: Parameters<typeof withWorkspace>[0]) {
  return withWorkspace(context, async ({ store }) =>
    Promise.all(
      (await store.agents.list()).map(async agent => {
        return {
          ...agent,
          model: agent.model === ZERO_HASH ? null : agent.model,
          decisions: await store.decisions.nextSequence(agent.id),
          anchored: await countAnchored(store.decisions, agent.id),
        }
      }),
    ),
  )
}
