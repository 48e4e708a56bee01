import type { WebSocket } from 'ws'
import { FEED_ERRORS, type FeedErrorCode, feedFrame, SLOW_CLIENT } from './feedProtocol.ts'
import type { FeedSink } from './feedSubscriber.ts'

/** How often a client that catches up is looked at while its buffer is full. */
const DRAIN_POLL_MS = 20

/** How long a closed client may take to read its close frame before its socket is destroyed. */
const CLOSE_GRACE_MS = 2_000

export type ConnectionLimits = {
  /** Bytes that may wait for a client before it is dropped. */
  readonly maxBufferedBytes: number
  /** How long a client that catches up may go without reading anything. */
  readonly stallMs: number
}

/** One client's socket as the feed uses it: bounded in memory, closed with a reason. */
export type FeedConnection = FeedSink & {
  /** Sends an error message and closes. */
  fail(code: FeedErrorCode, message: string, hint: string): void
  close(code: number, reason: string): void
}

/**
 * Wraps a socket. What waits for the client is bounded: history stops at half of `maxBufferedBytes` until it
 * has drained, and a live client above all of it is dropped with close code 1013.
 */
export function createFeedConnection(
  socket: WebSocket,
  { maxBufferedBytes, stallMs }: ConnectionLimits,
  { onSent, onSlow }: { readonly onSent: () => void; readonly onSlow: () => void },
): FeedConnection {
  const full = maxBufferedBytes / 2
  let closed = false
  socket.once('close', () => {
    closed = true
  })

  function close(code: number, reason: string): void {
    if (closed) return
    closed = true
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref()
  }

  function dropSlow(): void {
    if (closed) return
    onSlow()
    close(SLOW_CLIENT.code, SLOW_CLIENT.reason)
  }

  return {
    get closed() {
      return closed
    },
    send(frame) {
      if (closed) return
      if (socket.bufferedAmount > maxBufferedBytes) {
        dropSlow()
        return
      }
      socket.send(frame, { binary: false, compress: false })
      onSent()
    },
    isFull: () => socket.bufferedAmount > full,
    async drained() {
      let lowest = socket.bufferedAmount
      let waitedMs = 0
      while (!closed && socket.bufferedAmount > full / 2) {
        await new Promise(resolve => setTimeout(resolve, DRAIN_POLL_MS))
        waitedMs += DRAIN_POLL_MS
        if (socket.bufferedAmount < lowest) {
          lowest = socket.bufferedAmount
          waitedMs = 0
        }
        if (waitedMs >= stallMs) dropSlow()
      }
    },
    fail(code, message, hint) {
      if (closed) return
      socket.send(feedFrame({ type: 'error', code, message, hint }), { binary: false, compress: false })
      close(FEED_ERRORS[code], code)
    },
    close,
  }
}
