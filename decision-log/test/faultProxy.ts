import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** Anvil answers before it mines what it was sent; by then it has. */
const MINING_MS = 25

/** What becomes of a request: forwarded, lost on its way to the node, or its answer lost on the way back. */
export type Fate = 'pass' | 'loseRequest' | 'loseResponse'

/** An HTTP proxy before a JSON-RPC node that loses what the test wants lost. */
export type FaultProxy = {
  readonly url: string
  /** Decides each request's fate by its JSON-RPC method. */
  fate: (method: string) => Fate
  /** Does something to the node while no request is with it: anvil breaks its chain when it mines in a reorg. */
  alone<T>(action: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const inFlight = new Set<Promise<unknown>>()
  let gate: Promise<unknown> = Promise.resolve()
  const forward = async (body: string) => {
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return { status: answer.status, text: await answer.text() }
  }
  const methodOf = (body: string) => /"method"\s*:\s*"(\w+)"/.exec(body)?.[1] ?? ''
  const server = createServer((request: IncomingMessage, response) => {
    void (async () => {
      const body = await text(request)
      const fate = proxy.fate(methodOf(body))
      if (fate === 'loseRequest') return void response.destroy()
      await gate
      const forwarding = forward(body)
      inFlight.add(forwarding)
      const answer = await forwarding.finally(() => inFlight.delete(forwarding))
      if (fate === 'loseResponse') return void response.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text)
    })().catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${address.port}`,
    fate: () => 'pass',
    alone(action) {
      const result = gate
        .then(() => Promise.allSettled(inFlight))
        .then(() => sleep(MINING_MS))
        .then(action)
      gate = result.catch(() => {})
      return result
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
