import { setTimeout as delay } from 'node:timers/promises'
import { http } from 'viem'
import type { Unsubscribe } from './chainSource.ts'
import { describeEndpoint, parseEndpoint } from './endpoint.ts'
import { createWebSocketProvider } from './webSocketProvider.ts'

/** A JSON-RPC call. */
export type RpcCall = { readonly method: string; readonly params?: unknown }

/** One node of a chain, asked no faster than it allows. */
export type RpcEndpoint = {
  /** Scheme and host. */
  readonly name: string
  request(call: RpcCall): Promise<unknown>
  /** How long a request would wait for its turn now. */
  waitMs(): number
  readonly subscribeHeads: ((onHead: (header: unknown) => void) => Unsubscribe) | null
  close(): void
}

/**
 * Opens a node at an http, https, ws or wss URL.
 *
 * @param requestsPerSecond Most requests that it gets, evenly spaced; null for no limit.
 * @throws InvalidInputError when the URL is malformed.
 */
export function openRpcEndpoint(
  url: string,
  timeoutMs: number,
  requestsPerSecond: number | null,
): RpcEndpoint {
  const parsed = parseEndpoint(url)
  const socket = parsed.protocol.startsWith('ws') ? createWebSocketProvider(parsed, timeoutMs) : null
  // Retries are this stage's own: it knows which failures a smaller range cures, and which another node.
  const request =
    socket === null
      ? (http(url, { retryCount: 0, timeout: timeoutMs })({}).request as (call: RpcCall) => Promise<unknown>)
      : socket.request
  const spacingMs = requestsPerSecond === null ? 0 : 1_000 / requestsPerSecond
  let nextTurn = 0
  const waitMs = () => Math.max(0, nextTurn - performance.now())
  return {
    name: describeEndpoint(parsed),
    waitMs,
    async request(call) {
      const wait = waitMs()
      nextTurn = performance.now() + wait + spacingMs
      if (wait > 0) await delay(wait)
      return request(call)
    },
    subscribeHeads: socket === null ? null : socket.subscribeHeads,
    close: () => socket?.close(),
  }
}
