import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import {
  type AgentId,
  DECISION_KINDS,
  type DecisionKind,
  type DecisionQuery,
  NotFoundError,
  type RecordedDecision,
} from '../core/index.ts'
import {
  decisionSchema,
  type ProvenDecisionView,
  provenDecisionSchema,
  viewDecisions,
  viewProvenDecision,
} from './decisionView.ts'
import { agentIdSchema, instrumentIdSchema } from './feedProtocol.ts'
import { findAgent } from './findAgent.ts'
import { problemResponses } from './problem.ts'
import { BEFORE_ALL_REVEALS, type ReadPorts } from './readPorts.ts'

/** Most decisions of one page. */
const MAX_PAGE = 500
const DEFAULT_PAGE = 50

/** Decimal digits, as addresses have them; up to 15, so that the number is exact. */
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)

const querySchema = z.object({
  agent: z.string().max(100).optional().openapi({ description: 'Name or id.' }),
  instrument: instrumentIdSchema.optional().openapi({ type: 'string', example: 'oanda:XAUUSD' }),
  limit: wholeNumber
    .pipe(z.number().min(1).max(MAX_PAGE))
    .default(DEFAULT_PAGE)
    .openapi({ type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE }),
  cursor: wholeNumber.default(0).openapi({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'First feed sequence to return: `nextCursor` of the page before.',
  }),
  order: z.enum(['oldest', 'newest']).default('oldest').openapi({
    description:
      'oldest: pages upwards from `cursor`. newest: the newest ones at or above `cursor`, newest first.',
  }),
})

const pageSchema = z
  .object({
    decisions: z.array(decisionSchema),
    nextCursor: z.number().int().openapi({
      description: 'Cursor of what comes after this page, now or later; also a `from` of the feed.',
    }),
  })
  .openapi('DecisionPage')

const page = { description: 'A page', content: { 'application/json': { schema: pageSchema } } }
const proven = {
  description: 'The decision, its record and its proof',
  content: { 'application/json': { schema: provenDecisionSchema } },
}

const SEALED_AMONG_THEM =
  'Decisions that are sealed still are on every page, whatever kind and instrument is asked for: what they are is not told yet.'

const signalsRoute = createRoute({
  method: 'get',
  path: '/v1/signals',
  tags: ['decisions'],
  summary: 'Signals, by feed sequence',
  description: SEALED_AMONG_THEM,
  request: { query: querySchema },
  responses: { 200: page, ...problemResponses(400, 404, 503) },
})

const listRoute = createRoute({
  method: 'get',
  path: '/v1/decisions',
  tags: ['decisions'],
  summary: 'Decisions of every kind, by feed sequence',
  description: SEALED_AMONG_THEM,
  request: {
    query: querySchema.extend({ kind: z.enum(DECISION_KINDS).optional() }),
  },
  responses: { 200: page, ...problemResponses(400, 404, 503) },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/v1/decisions/{agent}/{sequence}',
  tags: ['decisions'],
  summary: 'One decision with its Merkle proof',
  request: {
    params: z.object({
      agent: agentIdSchema.openapi({ type: 'string' }),
      sequence: wholeNumber.openapi({ type: 'integer', minimum: 0 }),
    }),
  },
  responses: { 200: proven, ...problemResponses(400, 404, 503) },
})

const byIdRoute = createRoute({
  method: 'get',
  path: '/v1/decisions/{id}',
  tags: ['decisions'],
  summary: 'One decision by its id',
  description: 'The id `0x…/12` with its slash encoded (`0x…%2F12`), or written `0x…-12`.',
  request: {
    params: z.object({
      id: z
        .string()
        .regex(
          /^0x[0-9a-fA-F]{40}[-/]\d{1,15}$/,
          'must be an agent id, a slash (as %2F) or hyphen, and a sequence',
        )
        .openapi({ example: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8-12' }),
    }),
  },
  responses: { 200: proven, ...problemResponses(400, 404, 503) },
})

/** Mounts `/v1/signals` and `/v1/decisions`. */
export function mountDecisionRoutes(app: OpenAPIHono, ports: ReadPorts): void {
  const { agents, decisions, proofOf, withdrawalsOf, now = BEFORE_ALL_REVEALS } = ports

  async function readPage(query: z.infer<typeof querySchema>, kind: DecisionKind | undefined) {
    const { instrument, limit, cursor, order } = query
    const nowMs = now()
    const request: DecisionQuery = {
      ...(query.agent === undefined ? {} : { agent: (await findAgent(agents, query.agent)).id }),
      ...(instrument === undefined ? {} : { instruments: [instrument] }),
      ...(kind === undefined ? {} : { kinds: [kind] }),
      // A page without them would tell what they are not.
      sealedAfterMs: nowMs,
      fromFeedSequence: cursor,
      newestFirst: order === 'newest',
      limit,
    }
    const found = await decisions.list(request)
    const last = Math.max(cursor - 1, ...found.map(({ feedSequence }) => feedSequence))
    return { decisions: await viewDecisions(decisions, withdrawalsOf, found, nowMs), nextCursor: last + 1 }
  }

  async function readOne(agent: AgentId, sequence: number): Promise<ProvenDecisionView> {
    const decision: RecordedDecision | null = await decisions.find(agent, sequence)
    if (decision === null)
      throw new NotFoundError(`Agent ${agent} has no decision ${sequence}.`, {
        facts: { agent, sequence },
        hint: `List its decisions at /v1/decisions?agent=${agent}.`,
      })
    const proof = await proofOf(agent, sequence)
    const batch = await decisions.batchOf(agent, sequence)
    return viewProvenDecision(decision, batch, proof, await withdrawalsOf(agent), now())
  }

  app.openapi(signalsRoute, async c => c.json(await readPage(c.req.valid('query'), 'signal'), 200))
  app.openapi(listRoute, async c => {
    const { kind, ...query } = c.req.valid('query')
    return c.json(await readPage(query, kind), 200)
  })
  app.openapi(oneRoute, async c => {
    const { agent, sequence } = c.req.valid('param')
    return c.json(await readOne(agent, sequence), 200)
  })
  app.openapi(byIdRoute, async c => {
    const { id } = c.req.valid('param')
    const agent: AgentId = `0x${id.slice(2, 42).toLowerCase()}`
    return c.json(await readOne(agent, Number(id.slice(43))), 200)
  })
}
