import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A message as the test reads it. */
export type TestMessage = Readonly<Record<string, unknown>> & { readonly type: string }

/** A feed client for tests: it keeps every message and how the connection ended. */
export type TestClient = {
  readonly socket: WebSocket
  readonly messages: TestMessage[]
  /** Resolves when the condition holds over the messages so far. */
  until(condition: (messages: readonly TestMessage[]) => boolean): Promise<void>
  /** Resolves with code and reason when the connection is closed. */
  readonly closed: Promise<{ code: number; reason: string }>
}

/** Connects, and sends a first message when there is one. */
export async function connectFeed(
  url: string,
  first?: unknown,
  options: ConstructorParameters<typeof WebSocket>[2] = {},
): Promise<TestClient> {
  const socket = new WebSocket(url, options)
  const messages: TestMessage[] = []
  const closed = new Promise<{ code: number; reason: string }>(resolve =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  const watchers = new Set<() => void>()
  socket.on('message', data => {
    messages.push(JSON.parse(String(data)))
    for (const watch of watchers) watch()
  })
  await once(socket, 'open')
  if (first !== undefined) socket.send(typeof first === 'string' ? first : JSON.stringify(first))
  return {
    socket,
    messages,
    closed,
    until: condition =>
      new Promise(resolve => {
        const watch = () => {
          if (!condition(messages)) return
          watchers.delete(watch)
          resolve()
        }
        watchers.add(watch)
        watch()
      }),
  }
}
