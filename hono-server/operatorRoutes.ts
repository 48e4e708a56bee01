import { createHash, timingSafeEqual } from 'node:crypto'
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { type Hash, InvalidInputError } from '../core/index.ts'
import { plainJson } from './jsonText.ts'
import { problem, problemResponses } from './problem.ts'
import type { OperatorPort } from './readPorts.ts'

/** Shortest token that is accepted: 128 random bits as hexadecimal. */
const MIN_TOKEN_LENGTH = 32
const MAX_BODY_BYTES = 16 * 1024

const hashSchema = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'is no 32-byte hash')
  .transform((text): Hash => `0x${text.slice(2)}`)

const auditRoute = createRoute({
  method: 'post',
  path: '/operator/audit',
  tags: ['operator'],
  summary: 'Audit a decision, an agent, or everything',
  description: 'For a second process beside the owner of the embedded store.',
  security: [{ operatorToken: [] }],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              agent: z
                .string()
                .min(1)
                .max(100)
                .optional()
                .openapi({ description: 'Name or id; all when absent.' }),
              sequence: z.number().int().min(0).optional(),
              sample: z
                .strictObject({ size: z.number().int().min(1), seed: hashSchema.nullable() })
                .optional()
                .openapi({ description: 'Only so many of each agent, drawn at random.' }),
            })
            .refine(({ agent, sequence }) => sequence === undefined || agent !== undefined, {
              message: 'needs agent',
              path: ['sequence'],
            })
            .openapi('AuditRequest'),
        },
      },
    },
  },
  responses: {
    200: { description: 'The audit', content: { 'application/json': { schema: z.unknown() } } },
    ...problemResponses(400, 401, 404, 413, 415, 503),
  },
})

/**
 * Mounts `/operator/audit` behind a bearer token.
 *
 * @throws InvalidInputError when the token is too short to keep anybody out.
 */
export function mountOperatorRoutes(app: OpenAPIHono, { token, audit }: OperatorPort): void {
  if (token.length < MIN_TOKEN_LENGTH)
    throw new InvalidInputError(
      `The operator token has ${token.length} characters; it needs ${MIN_TOKEN_LENGTH}.`,
      { facts: { length: token.length }, hint: 'Make one with `openssl rand -hex 32`.' },
    )
  const expected = digest(token)

  app.use('/operator/*', async (c, next) => {
    const [, given] = /^Bearer ([^ ]+)$/.exec(c.req.header('authorization') ?? '') ?? []
    // Digests have one length, and their comparison takes the same time wherever they differ.
    if (given === undefined || !timingSafeEqual(digest(given), expected))
      return problem(c, {
        status: 401,
        detail: 'The operator API needs a valid bearer token.',
        hint: 'Send `Authorization: Bearer …` with the token that the owner of the store was started with.',
      })
    // Without this, zod-openapi leaves a body of another type unread, which would ask for everything.
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
      return problem(c, {
        status: 415,
        detail: 'The body must be JSON.',
        hint: 'Send `Content-Type: application/json`.',
      })
    return next()
  })
  app.use(
    '/operator/*',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: c =>
        problem(c, {
          status: 413,
          detail: `The body is over ${MAX_BODY_BYTES} bytes.`,
          hint: 'Send {"agent":"…","sequence":12}.',
        }),
    }),
  )
  app.openAPIRegistry.registerComponent('securitySchemes', 'operatorToken', {
    type: 'http',
    scheme: 'bearer',
  })
  app.openapi(auditRoute, async c => {
    const { agent, sequence, sample } = c.req.valid('json')
    const answer = await audit({
      ...(agent === undefined ? {} : { agent }),
      ...(sequence === undefined ? {} : { sequence }),
      ...(sample === undefined ? {} : { sample }),
    })
    return c.json(plainJson(answer), 200)
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
