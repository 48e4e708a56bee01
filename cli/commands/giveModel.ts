import type { Command } from 'commander'
import { checkModels } from '../../agents/index.ts'
import { type GivenModel, InvalidInputError, NotFoundError } from '../../core/index.ts'
import { loadAgent } from '../agentCatalogue.ts'
import { commandContext } from '../commandContext.ts'
import { agentConfig, loadInference } from '../deployedAgents.ts'
import { modelHash } from '../modelHash.ts'
import { systemClock } from '../systemClock.ts'
import { requireModel } from '../trainAgent.ts'
import { withWorkspace } from '../workspace.ts'

/** Adds `touchstone admit` and `touchstone rollback`. */
export function addGiveModelCommands(program: Command): void {
  addGiveModel(program, {
    name: 'admit',
    cause: 'admitted',
    description:
      'let a model predict beside the serving one of a deployed agent, which it replaces by the agent’s rule',
    more: 'The rule is the `promotion` of the agent’s definition: it stands before the data. Its verdict is a decision.',
    done: (agent, model) =>
      `${model} will predict beside the serving model of ${agent}, from its next decision on.`,
  })
  addGiveModel(program, {
    name: 'rollback',
    cause: 'rolledBack',
    description: 'let a deployed agent return to another model; the change is recorded as a decision',
    more: 'It serves from the agent’s next decision on; what was admitted beside the other is dropped.',
    done: (agent, model) => `${agent} will use ${model} from its next decision on.`,
  })
}

type Gift = {
  readonly name: string
  readonly cause: GivenModel['cause']
  readonly description: string
  readonly more: string
  readonly done: (agent: string, model: string) => string
}

function addGiveModel(program: Command, { name, cause, description, more, done }: Gift): void {
  program
    .command(name)
    .description(description)
    .argument('<agent>', 'a deployed agent')
    .argument('<model>', 'hash of a model of the project, as `touchstone models` lists them')
    .addHelpText(
      'after',
      `
${more}

Example:
  $ touchstone ${name} order-flow-momentum 0x3e97…592385`,
    )
    .action(async (agent: string, text: string, _options: object, command: Command) => {
      const model = modelHash(text)
      const context = commandContext(command)
      await withWorkspace(context, async workspace => {
        const config = await agentConfig(workspace, agent)
        const definition = await loadAgent(config)
        requireModel(definition, config.name)
        const stored = await workspace.store.agents.find(config.name)
        if (stored === null)
          throw new NotFoundError(`Agent "${config.name}" has not run yet.`, {
            facts: { agent: config.name },
            hint: `Run it: touchstone run ${config.name}; it takes the newest model by itself.`,
          })
        if (cause === 'admitted' && definition.promotion === null)
          throw new InvalidInputError(`Agent "${config.name}" has no rule to promote a model by.`, {
            facts: { agent: config.name },
            hint: 'State `promotion` in a new version of its definition.',
          })
        // Before it is given: a model that does not fit must not stop the agent later.
        const first = await loadInference(workspace, definition, stored.model)
        const given = await loadInference(workspace, definition, model)
        const givenAtMs = systemClock()
        if (given !== null) checkModels(definition, first, [given])
        await workspace.store.agents.giveModel({ agent: stored.id, model, cause, givenAtMs })
        workspace.terminal.result({ agent: config.name, model, cause }, done(config.name, model))
      })
    })
}
