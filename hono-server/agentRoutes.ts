import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { agentDetailSchema, agentSchema, viewAgent } from './agentView.ts'
import { countAnchored } from './countAnchored.ts'
import { findAgent } from './findAgent.ts'
import { problemResponses } from './problem.ts'
import type { ReadPorts } from './readPorts.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/v1/agents',
  tags: ['agents'],
  summary: 'All agents, by name',
  responses: {
    200: {
      description: 'The agents',
      content: { 'application/json': { schema: z.object({ agents: z.array(agentSchema) }) } },
    },
    ...problemResponses(503),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/v1/agents/{agent}',
  tags: ['agents'],
  summary: 'One agent, by name or id',
  request: { params: z.object({ agent: z.string().max(100).openapi({ example: 'gold-trend' }) }) },
  responses: {
    200: { description: 'The agent', content: { 'application/json': { schema: agentDetailSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

/** Mounts `/v1/agents`. */
export function mountAgentRoutes(app: OpenAPIHono, { agents, decisions, modelHealthOf }: ReadPorts): void {
  app.openapi(listRoute, async c => {
    const stored = await agents.list()
    const views = await Promise.all(
      stored.map(async agent =>
        viewAgent(agent, await decisions.nextSequence(agent.id), modelHealthOf(agent.id)),
      ),
    )
    return c.json({ agents: views }, 200)
  })
  app.openapi(oneRoute, async c => {
    const agent = await findAgent(agents, c.req.valid('param').agent)
    const [recorded, anchored] = await Promise.all([
      decisions.nextSequence(agent.id),
      countAnchored(decisions, agent.id),
    ])
    return c.json({ ...viewAgent(agent, recorded, modelHealthOf(agent.id)), anchored }, 200)
  })
}
