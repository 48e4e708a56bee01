import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** Anvil answers before it mines what it was sent; by then it has. */
const MINING_MS = 25
/** How late a delayed request arrives, and how far back a node is that lags. */
const LATE_MS = 40
const BLOCKS_BEHIND = 3

/**
 * What becomes of a request: forwarded; lost on its way to the node, or its answer lost on the way back; refused;
 * delivered late, when nobody waits for it any more; answered as of an older block.
 */
export type Fate = 'pass' | 'loseRequest' | 'loseResponse' | 'refuse' | 'late' | 'stale'

/** What proxies of one node share: requests with the node, and whether it is to be left alone. */
export type Gate = {
  readonly inFlight: Set<Promise<unknown>>
  closed: Promise<unknown>
}

export const openGate = (): Gate => ({ inFlight: new Set(), closed: Promise.resolve() })

/** An HTTP proxy before a JSON-RPC node that loses what the test wants lost. */
export type FaultProxy = {
  readonly url: string
  /** Decides each request's fate by its JSON-RPC method. */
  fate: (method: string) => Fate
  /** Does something to the node while no request is with it: anvil breaks its chain when it mines in a reorg. */
  alone<T>(action: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

export async function startFaultProxy(target: string, gate: Gate = openGate()): Promise<FaultProxy> {
  const { inFlight } = gate
  const post = async (body: string) => {
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return { status: answer.status, text: await answer.text() }
  }
  const forward = async (body: string) => {
    await gate.closed
    const forwarding = post(body)
    inFlight.add(forwarding)
    return forwarding.finally(() => inFlight.delete(forwarding))
  }
  const stale = async (body: string) => {
    const answer = await forward('{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}')
    const { result }: { result: string } = JSON.parse(answer.text)
    const block = Math.max(0, Number(result) - BLOCKS_BEHIND)
    return body.replaceAll('"latest"', `"0x${block.toString(16)}"`)
  }
  const methodOf = (body: string) => /"method"\s*:\s*"(\w+)"/.exec(body)?.[1] ?? ''
  const server = createServer((request: IncomingMessage, response) => {
    void (async () => {
      const body = await text(request)
      const fate = proxy.fate(methodOf(body))
      if (fate === 'loseRequest') return void response.destroy()
      if (fate === 'refuse') return void response.writeHead(503).end()
      if (fate === 'late') {
        response.destroy()
        await sleep(LATE_MS)
        return void (await forward(body).catch(() => {}))
      }
      const answer = await forward(fate === 'stale' ? await stale(body) : body)
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
      const result = gate.closed
        .then(() => Promise.allSettled(inFlight))
        .then(() => sleep(MINING_MS))
        .then(action)
      gate.closed = result.catch(() => {})
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
