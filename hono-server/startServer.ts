import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { InvalidInputError, type TouchstoneError, UnavailableError } from '../core/index.ts'
import { FEED_PATH, type Feed } from './feedOptions.ts'

/** How long requests in flight may take when the server closes. */
const CLOSE_GRACE_MS = 5_000
const SWEEP_MS = 25

/** A server that listens. */
export type RunningServer = {
  /** For example `http://127.0.0.1:8080`. */
  readonly url: string
  /** Address of the feed. */
  readonly wsUrl: string
  /** Stops listening, closes the feed's clients, and waits for requests in flight, 5 seconds at most. */
  close(): Promise<void>
}

/**
 * Serves the API and the feed on one port, on loopback unless told otherwise; port 0 takes a free one.
 *
 * @throws UnavailableError when the port is in use.
 * @throws InvalidInputError when the host or port cannot be bound.
 */
export async function startServer({
  app,
  feed,
  host = '127.0.0.1',
  port,
}: {
  readonly app: { fetch(request: Request): Response | Promise<Response> }
  readonly feed: Feed
  readonly host?: string
  readonly port: number
}): Promise<RunningServer> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidInputError(`${port} is not a port.`, {
      facts: { port },
      hint: 'Use a whole number from 1 to 65535, or 0 for a free port.',
    })
  const server = createHttpServer(getRequestListener(app.fetch))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFault(error, host, port)))
    server.listen({ host, port }, resolve)
  })
  feed.attach(server)
  const authority = authorityOf(server.address(), host, port)
  let closing: Promise<void> | null = null
  return {
    url: `http://${authority}`,
    wsUrl: `ws://${authority}${FEED_PATH}`,
    close() {
      closing ??= (async () => {
        const closed = new Promise<void>(resolve => server.close(() => resolve()))
        server.closeIdleConnections()
        // A connection that is kept alive becomes idle only after its answer is out: look again and again.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
        const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
        await feed.close()
        await closed
        clearInterval(sweep)
        clearTimeout(deadline)
      })()
      return closing
    },
  }
}

function listenFault(error: NodeJS.ErrnoException, host: string, port: number): TouchstoneError {
  const facts = { host, port, code: error.code ?? null }
  if (error.code === 'EADDRINUSE')
    return new UnavailableError(`Port ${port} on ${host} is in use.`, {
      facts,
      hint: 'Stop the program that uses it, or choose another port.',
      cause: error,
    })
  const reason = error.code === 'EACCES' ? 'this user may not use it' : 'this machine has no such address'
  return new InvalidInputError(`The server cannot listen on ${host}, port ${port}: ${reason}.`, {
    facts,
    hint: 'Use an address of this machine, such as 127.0.0.1, and a port above 1023.',
    cause: error,
  })
}

/** Host and port as a local client can call them: a wildcard address is reached through loopback. */
function authorityOf(address: string | AddressInfo | null, host: string, port: number): string {
  const bound = address !== null && typeof address === 'object' ? address : { address: host, port }
  if (bound.address === '0.0.0.0') return `127.0.0.1:${bound.port}`
  if (bound.address === '::') return `[::1]:${bound.port}`
  return bound.address.includes(':') ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`
}
