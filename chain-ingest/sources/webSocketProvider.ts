import WebSocket from 'ws'
import type { Unsubscribe } from './chainSource.ts'

/** JSON-RPC over one WebSocket, as an EIP-1193 provider. */
export type WebSocketProvider = {
  request(call: { method: string; params?: unknown }): Promise<unknown>
  subscribeHeads(onHead: (header: unknown) => void): Unsubscribe
  close(): void
}

/** An error that the node itself answered with. */
class NodeError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

type Pending = { resolve(value: unknown): void; reject(error: Error): void; timer: NodeJS.Timeout }

/**
 * Opens a connection on the first request, and again on the first request after it broke; then it subscribes
 * to new heads again. viem's own transport gives up for good after some attempts, writes its failures with
 * the full URL to the console, and shares one socket between clients of one URL.
 */
export function createWebSocketProvider(url: URL, timeoutMs: number): WebSocketProvider {
  let socket: WebSocket | null = null
  let opening: Promise<WebSocket> | null = null
  let nextId = 1
  let headSubscription: unknown = null
  const pending = new Map<number, Pending>()
  const listeners = new Set<(header: unknown) => void>()

  function open(): Promise<WebSocket> {
    if (socket?.readyState === WebSocket.OPEN) return Promise.resolve(socket)
    opening ??= new Promise<WebSocket>((resolve, reject) => {
      const fresh = new WebSocket(url, { handshakeTimeout: timeoutMs })
      fresh.on('open', () => {
        socket = fresh
        opening = null
        resolve(fresh)
        if (listeners.size > 0) subscribe(fresh)
      })
      fresh.on('message', data => receive(String(data)))
      fresh.on('error', error => fail(fresh, new Error(messageOf(error)), reject))
      fresh.on('close', () => fail(fresh, new Error('the connection closed'), reject))
    })
    return opening
  }

  function fail(closed: WebSocket, error: Error, reject: (error: Error) => void): void {
    reject(error)
    if (socket !== null && socket !== closed) return
    socket = null
    opening = null
    headSubscription = null
    for (const { reject: rejectRequest, timer } of pending.values()) {
      clearTimeout(timer)
      rejectRequest(error)
    }
    pending.clear()
  }

  function receive(text: string): void {
    const message = parseMessage(text)
    if (message === null) return
    if (message.subscription !== undefined) {
      if (message.subscription === headSubscription)
        for (const listener of listeners) listener(message.result)
      return
    }
    const request = message.id === undefined ? undefined : pending.get(message.id)
    if (request === undefined || message.id === undefined) return
    pending.delete(message.id)
    clearTimeout(request.timer)
    if (message.error !== undefined) request.reject(message.error)
    else request.resolve(message.result)
  }

  function send(open: WebSocket, method: string, params: unknown): Promise<unknown> {
    const id = nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        pending.delete(id)
        reject(new Error(`no answer within ${timeoutMs} ms`))
        // A connection that was cut without a word looks open for minutes: start a new one.
        open.terminate()
      }, timeoutMs)
      pending.set(id, { resolve, reject, timer })
      open.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  }

  function subscribe(open: WebSocket): void {
    send(open, 'eth_subscribe', ['newHeads']).then(
      id => {
        headSubscription = id
      },
      // A node without subscriptions is polled; a broken connection subscribes again when it reopens.
      () => undefined,
    )
  }

  return {
    async request({ method, params = [] }) {
      return send(await open(), method, params)
    },
    subscribeHeads(onHead) {
      listeners.add(onHead)
      if (socket !== null && listeners.size === 1) subscribe(socket)
      return () => {
        listeners.delete(onHead)
      }
    },
    close() {
      listeners.clear()
      socket?.terminate()
    },
  }
}

type Message = {
  readonly id: number | undefined
  readonly subscription: unknown
  readonly result: unknown
  readonly error: NodeError | undefined
}

function parseMessage(text: string): Message | null {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return null
  }
  if (message === null || typeof message !== 'object') return null
  if ('params' in message && message.params !== null && typeof message.params === 'object') {
    const { params } = message
    if ('subscription' in params && 'result' in params)
      return { id: undefined, subscription: params.subscription, result: params.result, error: undefined }
  }
  return {
    id: 'id' in message && typeof message.id === 'number' ? message.id : undefined,
    subscription: undefined,
    result: 'result' in message ? message.result : undefined,
    error: 'error' in message ? parseError(message.error) : undefined,
  }
}

function parseError(error: unknown): NodeError | undefined {
  if (error === null || typeof error !== 'object') return undefined
  const code = 'code' in error && typeof error.code === 'number' ? error.code : -32_603
  return new NodeError(code, 'message' in error ? String(error.message) : 'unknown error')
}

// A refused connection to a name with several addresses has an empty message; its code says what happened.
function messageOf(error: Error): string {
  return error.message || ('code' in error ? String(error.code) : 'connection failed')
}
