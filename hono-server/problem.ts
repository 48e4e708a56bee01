import { STATUS_CODES } from 'node:http'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import {
  InvalidInputError,
  LockedError,
  NotFoundError,
  TouchstoneError,
  UnavailableError,
} from '../core/index.ts'
import { jsonText } from './jsonText.ts'

/** An error as RFC 9457 has it, with core's facts and hint as extension members. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string().openapi({ example: 'Not Found' }),
    status: z.number().int().openapi({ example: 404 }),
    detail: z.string().openapi({ example: 'There is no agent "gold".' }),
    hint: z.string().openapi({ example: 'List the agents at /v1/agents.' }),
    facts: z.record(z.string(), z.unknown()).openapi({ example: { agent: 'gold' } }),
  })
  .openapi('Problem')

type ProblemStatus = 400 | 401 | 404 | 413 | 415 | 500 | 503

export type ProblemDetails = {
  readonly status: ProblemStatus
  readonly detail: string
  readonly hint: string
  readonly facts?: Readonly<Record<string, unknown>>
}

/** Answers with problem+json. */
export function problem(c: Context, { status, detail, hint, facts = {} }: ProblemDetails): Response {
  const title = STATUS_CODES[status] ?? 'Error'
  return c.body(jsonText({ type: 'about:blank', title, status, detail, hint, facts }), status, {
    'content-type': 'application/problem+json',
    ...(status === 503 ? { 'retry-after': '5' } : {}),
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="operator"' } : {}),
  })
}

/**
 * Answers with an error. Core's errors show their message, facts and hint; any other is a fault of ours,
 * whose text may hold what is not for clients, so it shows nothing.
 */
export function problemOf(c: Context, error: unknown): Response {
  if (error instanceof TouchstoneError)
    return problem(c, {
      status: statusOf(error),
      detail: error.message,
      hint: error.hint,
      facts: error.facts,
    })
  // Hono's own: a body that is not JSON.
  if (error instanceof HTTPException && error.status === 400)
    return problem(c, {
      status: 400,
      detail: 'The body cannot be read as JSON.',
      hint: 'See /openapi.json for what this address takes.',
    })
  return problem(c, {
    status: 500,
    detail: 'The server failed to answer.',
    hint: 'Try again; if it stays so, tell the operator the time and the address you called.',
  })
}

function statusOf(error: TouchstoneError): ProblemStatus {
  if (error instanceof InvalidInputError) return 400
  if (error instanceof NotFoundError) return 404
  if (error instanceof UnavailableError || error instanceof LockedError) return 503
  return 500
}

/** The problem responses of a route, for its OpenAPI description. */
export function problemResponses(...statuses: readonly ProblemStatus[]) {
  return Object.fromEntries(
    statuses.map(status => [
      status,
      {
        description: STATUS_CODES[status] ?? 'Error',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  )
}
