import { asc, eq, sql } from 'drizzle-orm'
import {
  type AgentId,
  type AgentStore,
  type GivenModel,
  InvalidInputError,
  NotFoundError,
  type StoredAgent,
} from '../../core/index.ts'
import type { Database } from './database.ts'
import { sqlFailure } from './databaseError.ts'
import { agentModels, agents } from './schema.ts'
import { assertSortable } from './storedText.ts'

const ADDRESS = /^0x[0-9a-f]{40}$/i

/** The agent store over the table `agents`. */
export function agentTable(database: Database): AgentStore {
  const findWhere = async (condition: ReturnType<typeof eq>): Promise<StoredAgent | null> => {
    const [row] = await database.select().from(agents).where(condition)
    return row ?? null
  }

  return {
    async save(agent: StoredAgent): Promise<void> {
      assertSortable('agent name', agent.name)
      const { id: _id, ...rest } = agent
      try {
        const row = { ...rest, observes: [...agent.observes] }
        await database
          .insert(agents)
          .values({ ...row, id: agent.id })
          .onConflictDoUpdate({ target: agents.id, set: row })
      } catch (error) {
        if (sqlFailure(error).constraint !== 'agents_name_unique') throw error
        throw new InvalidInputError(`Another agent is already named "${agent.name}".`, {
          facts: { name: agent.name, id: agent.id },
          hint: 'Choose another name, or use the agent that has it.',
        })
      }
    },

    find(nameOrId: string): Promise<StoredAgent | null> {
      return ADDRESS.test(nameOrId)
        ? findWhere(eq(agents.id, `0x${nameOrId.slice(2).toLowerCase()}`))
        : findWhere(eq(agents.name, nameOrId))
    },

    async list(): Promise<StoredAgent[]> {
      return database.select().from(agents).orderBy(asc(agents.name))
    },

    async setStatus(id: AgentId, status: StoredAgent['status']): Promise<void> {
      const changed = await database
        .update(agents)
        .set({ status })
        .where(eq(agents.id, id))
        .returning({ id: agents.id })
      if (changed.length === 0)
        throw new NotFoundError(`No agent has the id ${id}.`, {
          facts: { id },
          hint: 'List the agents to see their ids.',
        })
    },

    async giveModel({ agent, ...given }: GivenModel): Promise<void> {
      const place = sql`(select count(*) from ${agentModels} where ${agentModels.agent} = ${agent})`
      try {
        await database.insert(agentModels).values({ agent, place, ...given })
      } catch (error) {
        if (sqlFailure(error).constraint !== 'agent_models_agent_agents_id_fk') throw error
        throw new NotFoundError(`No agent has the id ${agent}.`, {
          facts: { id: agent },
          hint: 'List the agents to see their ids.',
        })
      }
    },

    async givenModels(id: AgentId): Promise<GivenModel[]> {
      const rows = await database
        .select()
        .from(agentModels)
        .where(eq(agentModels.agent, id))
        .orderBy(asc(agentModels.place))
      return rows.map(({ place: _place, ...given }) => given)
    },
  }
}
