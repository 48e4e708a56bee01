import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { ReadPorts } from './readPorts.ts'

const healthSchema = z
  .object({
    status: z.enum(['ready', 'notReady']),
    reasons: z.array(z.string()).openapi({ example: ["The chain's node does not answer."] }),
  })
  .openapi('Health')

const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['system'],
  summary: 'Whether the process can do its work',
  responses: {
    200: { description: 'Ready', content: { 'application/json': { schema: healthSchema } } },
    503: { description: 'Not ready, and why', content: { 'application/json': { schema: healthSchema } } },
  },
})

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['system'],
  summary: 'Metrics for Prometheus',
  responses: { 200: { description: 'Text exposition', content: { 'text/plain': { schema: z.string() } } } },
})

const domainRoute = createRoute({
  method: 'get',
  path: '/v1/domain',
  tags: ['system'],
  summary: 'The decision log that everything is anchored in',
  responses: {
    200: {
      description: 'Chain and contract: the EIP-712 domain of every record',
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.literal('Touchstone'),
              version: z.literal('1'),
              chainId: z.number().int(),
              verifyingContract: z.string(),
              rpcUrl: z
                .string()
                .nullable()
                .openapi({ description: 'A public node, where the operator names one.' }),
            })
            .openapi('Domain'),
        },
      },
    },
  },
})

/** Mounts `/healthz`, `/metrics` and `/v1/domain`. */
export function mountSystemRoutes(app: OpenAPIHono, { readiness, metrics, domain }: ReadPorts): void {
  app.openapi(healthRoute, async c => {
    const { ready, reasons } = await readiness()
    return c.json({ status: ready ? 'ready' : 'notReady', reasons: [...reasons] } as const, ready ? 200 : 503)
  })
  app.openapi(metricsRoute, async c => {
    const text = await metrics.registry.metrics()
    return c.text(text, 200, { 'content-type': metrics.registry.contentType })
  })
  app.openapi(domainRoute, c => {
    const { chainId, verifyingContract, rpcUrl = null } = domain
    return c.json({ name: 'Touchstone', version: '1', chainId, verifyingContract, rpcUrl } as const, 200)
  })
}
