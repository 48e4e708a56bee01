import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A JSON-RPC call as a proxy sees it. */
export type ProxiedCall = {
  readonly method: string
  readonly params: readonly { readonly fromBlock?: string; readonly toBlock?: string }[]
}

/**
 * What a proxy does with a call: pass it on, break the connection, break off in the middle of the answer,
 * answer with an HTTP status, answer with another JSON-RPC message, or pass it on late.
 */
export type Fault =
  | 'pass'
  | 'drop'
  | 'truncate'
  | { readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly answer: object }
  | { readonly lateMs: number }

/** A node in front of another one. */
export type FaultProxy = { readonly url: string; close(): Promise<void> }

/** Starts a node that answers as the one at a URL does, but for what `decide` says of a call. */
export async function startFaultProxy(
  target: string,
  decide: (call: ProxiedCall) => Fault,
): Promise<FaultProxy> {
  const headers = { 'content-type': 'application/json' }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const call: ProxiedCall & { readonly id: number } = { params: [], ...JSON.parse(body) }
    const fault = decide(call)
    if (fault === 'drop') return void request.socket.destroy()
    if (typeof fault === 'object' && 'status' in fault) {
      const { status, retryAfterSeconds } = fault
      const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
      return void response.writeHead(status, retry).end('no')
    }
    if (typeof fault === 'object' && 'answer' in fault) {
      const answer = JSON.stringify({ jsonrpc: '2.0', id: call.id, ...fault.answer })
      return void response.writeHead(200, headers).end(answer)
    }
    if (typeof fault === 'object') await delay(fault.lateMs)
    const answer = await fetch(target, { method: 'POST', body, headers })
      .then(each => each.text())
      .catch(() => null)
    if (answer === null) return void request.socket.destroy()
    const sent = fault === 'truncate' ? answer.slice(0, Math.floor(answer.length / 2)) : answer
    response.writeHead(200, headers).end(sent)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
