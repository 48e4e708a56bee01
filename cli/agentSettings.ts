import { InvalidInputError } from '../core/index.ts'
import { loadAgentModule } from './agentCatalogue.ts'
import { parameterValues } from './parameterValues.ts'
import type { AgentConfig } from './projectSchema.ts'
import { VENUE_PREFIX } from './venueSettings.ts'

/**
 * An agent with some of its settings or parameters set otherwise.
 *
 * @param pairs As `name=value`: a number, true, false, or text.
 * @throws InvalidInputError naming the pair that is malformed or doubled, or the name that the agent does not know.
 */
export async function withSettings(config: AgentConfig, pairs: readonly string[]): Promise<AgentConfig> {
  if (pairs.length === 0) return config
  const { space, settings } = await loadAgentModule(config.definition)
  const parameters = space?.names ?? []
  const known = [...parameters, ...(settings ?? []), ...Object.keys(config.settings)]
  const values = parameterValues({ names: known, definitions: space?.definitions ?? {} }, pairs)
  // A module without a space may read any setting; one with a space, or a built-in agent, has said what it knows.
  if (settings !== null || space !== null)
    for (const name of Object.keys(values))
      if (!known.includes(name) && !name.startsWith(VENUE_PREFIX))
        throw new InvalidInputError(`Agent "${config.name}" has no parameter "${name}".`, {
          facts: { agent: config.name, name },
          hint: `It knows ${known.join(', ') || 'none'}, and its venue’s, such as ${VENUE_PREFIX}feePpm.`,
        })
  return { ...config, settings: { ...config.settings, ...values } }
}
