import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Why a handshake is turned away. */
export type UpgradeRefusal = {
  /** HTTP status. */
  readonly status: number
  readonly detail: string
  readonly hint: string
}

/** Answers a WebSocket handshake with an HTTP error as problem+json (RFC 9457), and closes. */
export function rejectUpgrade(socket: Duplex, { status, detail, hint }: UpgradeRefusal): void {
  const title = STATUS_CODES[status] ?? 'Error'
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, hint })
  socket.once('error', () => socket.destroy())
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      'Connection: close',
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}
