import { OpenAPIHono } from '@hono/zod-openapi'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import { mountAgentRoutes } from './agentRoutes.ts'
import { mountDecisionRoutes } from './decisionRoutes.ts'
import { mountHomePage } from './homePage.ts'
import { mountOperatorRoutes } from './operatorRoutes.ts'
import { problem, problemOf } from './problem.ts'
import type { ReadPorts } from './readPorts.ts'
import { mountSystemRoutes } from './systemRoutes.ts'

/**
 * Creates the HTTP API as a function of what it reads; `startServer` gives it a port. Errors are RFC 9457
 * problems; big integers are decimal strings.
 */
export function createServer(ports: ReadPorts): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined
      const { target, error } = result
      const [issue] = error.issues
      const field = issue?.path.join('.') ?? ''
      const fault = issue?.message ?? 'is invalid'
      return problem(c, {
        status: 400,
        detail:
          field === ''
            ? `The ${target} is invalid: ${fault}.`
            : `The ${target} field "${field}" is invalid: ${fault}.`,
        hint: 'See /openapi.json for what this address takes.',
        facts: { target, field, fault },
      })
    },
  })

  app.use(async (c, next) => {
    const end = ports.metrics.requestSeconds.startTimer({ method: c.req.method })
    await next()
    // The pattern, not the path: a label for each decision would grow without bound.
    const route = c.res.status === 404 ? 'none' : routePath(c, -1)
    end({ route, status: String(c.res.status) })
  })
  app.use(secureHeaders())
  app.onError((error, c) => problemOf(c, error))
  app.notFound(c =>
    problem(c, {
      status: 404,
      detail: `Nothing is served at ${c.req.path}.`,
      hint: 'See /openapi.json for what is.',
      facts: { path: c.req.path },
    }),
  )

  mountHomePage(app, ports)
  mountAgentRoutes(app, ports)
  mountDecisionRoutes(app, ports)
  mountSystemRoutes(app, ports)
  if (ports.operator !== undefined) mountOperatorRoutes(app, ports.operator)
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Touchstone',
      version: '1',
      description:
        'Agents, their decisions, and the proof of each. The WebSocket feed is at /v1/feed; its protocol is in hono-server/FEED.md.',
    },
  })
  return app
}
