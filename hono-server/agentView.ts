import { z } from '@hono/zod-openapi'
import { formatInstant, type StoredAgent, ZERO_HASH } from '../core/index.ts'
import { type ModelHealth, modelHealthSchema } from './modelHealth.ts'

/** A deployed agent as the API shows it. */
export const agentSchema = z
  .object({
    id: z.string().openapi({ example: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8' }),
    name: z.string().openapi({ example: 'gold-trend' }),
    version: z.number().int(),
    instrument: z.string().openapi({ example: 'oanda:XAUUSD' }),
    definition: z.string().openapi({ description: 'Hash of features, model, strategy, limits and venue.' }),
    model: z.string().nullable().openapi({ description: 'Content hash of its first model; null for none.' }),
    activeFromMs: z.number().int(),
    activeFrom: z.string().openapi({ example: '2024-01-05T00:00:00Z' }),
    status: z.enum(['active', 'halted']),
    decisions: z.number().int().openapi({ description: 'Decisions recorded: its next sequence.' }),
    modelHealth: modelHealthSchema.nullable().openapi({
      description:
        'Of the model that serves now; null without one, and where this process does not run the agent.',
    }),
  })
  .openapi('Agent')

/** An agent with how much of its log is on chain. */
export const agentDetailSchema = agentSchema
  .extend({ anchored: z.number().int().openapi({ description: 'Decisions on the chain.' }) })
  .openapi('AgentDetail')

export type AgentView = z.infer<typeof agentSchema>

/** Shows an agent. */
export function viewAgent(agent: StoredAgent, decisions: number, modelHealth: ModelHealth | null): AgentView {
  const { id, name, version, instrument, definition, model, activeFromMs, status } = agent
  return {
    id,
    name,
    version,
    instrument,
    definition,
    model: model === ZERO_HASH ? null : model,
    activeFromMs,
    activeFrom: formatInstant(activeFromMs),
    status,
    decisions,
    modelHealth,
  }
}
