import { type AgentStore, NotFoundError, type StoredAgent } from '../core/index.ts'

const ADDRESS = /^0x[0-9a-fA-F]{40}$/

/**
 * Finds an agent by name, or by id in any case.
 *
 * @throws NotFoundError
 */
export async function findAgent(agents: Pick<AgentStore, 'find'>, nameOrId: string): Promise<StoredAgent> {
  const agent = await agents.find(ADDRESS.test(nameOrId) ? nameOrId.toLowerCase() : nameOrId)
  if (agent === null)
    throw new NotFoundError(`There is no agent "${nameOrId}".`, {
      facts: { agent: nameOrId },
      hint: 'List the agents at /v1/agents.',
    })
  return agent
}
