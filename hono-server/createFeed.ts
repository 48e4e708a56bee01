import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { createFeedConnection, type FeedConnection } from './feedConnection.ts'
import { createFeedHub } from './feedHub.ts'
import {
  DEFAULT_HEARTBEAT_MS,
  DEFAULT_MAX_BUFFERED_BYTES,
  DEFAULT_MAX_CLIENTS,
  DEFAULT_MAX_CLIENTS_PER_ADDRESS,
  DEFAULT_MAX_MESSAGE_BYTES,
  DEFAULT_PATIENCE_MS,
  FEED_PATH,
  type Feed,
  type FeedOptions,
} from './feedOptions.ts'
import { FEED_PROTOCOL, feedFrame, SERVER_CLOSING, type Subscribe } from './feedProtocol.ts'
import type { FeedSubscriber } from './feedSubscriber.ts'
import { originIsAllowed } from './originIsAllowed.ts'
import { parseSubscribe } from './parseSubscribe.ts'
import { rejectUpgrade, type UpgradeRefusal } from './rejectUpgrade.ts'

type Client = {
  readonly connection: FeedConnection
  readonly socket: WebSocket
  subscriber: FeedSubscriber | null
  /** True from the first message on: a second one is an error. */
  asked: boolean
  missedPings: number
}

/** Creates the feed over a store. Nothing is read before the first client subscribes. */
export function createFeed(options: FeedOptions): Feed {
  const { heartbeatMs = DEFAULT_HEARTBEAT_MS, maxBufferedBytes = DEFAULT_MAX_BUFFERED_BYTES } = options
  const { maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES, maxClients = DEFAULT_MAX_CLIENTS } = options
  const { maxClientsPerAddress = DEFAULT_MAX_CLIENTS_PER_ADDRESS, patienceMs = DEFAULT_PATIENCE_MS } = options
  const { decisions, proofOf, withdrawalsOf, grantsTo, now, domain, maxBacklog } = options
  const { allowedOrigins = [], onError = () => undefined } = options

  const hub = createFeedHub({
    decisions,
    proofOf,
    ...(withdrawalsOf === undefined ? {} : { withdrawalsOf }),
    ...(grantsTo === undefined ? {} : { grantsTo }),
    ...(now === undefined ? {} : { now }),
    onError,
  })
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    clientTracking: false,
  })
  const clients = new Set<Client>()
  const perAddress = new Map<string, number>()
  const counts = { messagesSent: 0, droppedSlow: 0, droppedDead: 0, refused: 0 }
  const detachers: (() => void)[] = []
  let closing = false

  const distribute = () => hub.notifyRecorded().catch(onError)

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = refusalOf(request)
    if (refusal === null) {
      const address = request.socket.remoteAddress ?? ''
      sockets.handleUpgrade(request, socket, head, webSocket => welcome(webSocket, address))
    } else {
      counts.refused += 1
      rejectUpgrade(socket, refusal)
    }
  }

  function refusalOf(request: IncomingMessage): UpgradeRefusal | null {
    const [path] = (request.url ?? '/').split('?')
    const ofAddress = perAddress.get(request.socket.remoteAddress ?? '') ?? 0
    if (path !== FEED_PATH)
      return { status: 404, detail: `Nothing is served at ${path}.`, hint: `Connect to ${FEED_PATH}.` }
    if (closing) return { status: 503, detail: 'The server is closing.', hint: 'Reconnect and resume.' }
    if (!originIsAllowed(request, allowedOrigins))
      return {
        status: 403,
        detail: 'This web origin may not open the feed.',
        hint: 'Ask the operator to allow the origin.',
      }
    if (clients.size >= maxClients)
      return { status: 503, detail: 'The feed has all the clients it takes.', hint: 'Try again later.' }
    if (ofAddress >= maxClientsPerAddress)
      return { status: 429, detail: `Your address has ${ofAddress} clients already.`, hint: 'Share one.' }
    return null
  }

  function welcome(socket: WebSocket, address: string): void {
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1)
    const connection = createFeedConnection(
      socket,
      { maxBufferedBytes, stallMs: patienceMs },
      {
        onSent: () => {
          counts.messagesSent += 1
        },
        onSlow: () => {
          counts.droppedSlow += 1
          leave()
        },
      },
    )
    const client: Client = { connection, socket, subscriber: null, asked: false, missedPings: 0 }
    clients.add(client)
    const leave = () => {
      if (client.subscriber !== null) hub.unsubscribe(client.subscriber)
    }
    const deadline = setTimeout(() => {
      if (!client.asked)
        refuse(client, 'subscribeTimeout', 'No subscription came.', 'Send a subscribe message.')
    }, patienceMs).unref()
    socket.on('pong', () => {
      client.missedPings = 0
    })
    // ws closes the socket by itself on a broken or oversized frame; only the count is ours.
    socket.on('error', () => {
      counts.refused += 1
    })
    socket.on('message', (data, isBinary) => receive(client, data, isBinary))
    socket.once('close', () => {
      clearTimeout(deadline)
      leave()
      clients.delete(client)
      const left = (perAddress.get(address) ?? 1) - 1
      if (left === 0) perAddress.delete(address)
      else perAddress.set(address, left)
    })
  }

  function refuse(client: Client, ...[code, message, hint]: Parameters<FeedConnection['fail']>): void {
    counts.refused += 1
    if (client.subscriber !== null) hub.unsubscribe(client.subscriber)
    client.connection.fail(code, message, hint)
  }

  function receive(client: Client, data: RawData, isBinary: boolean): void {
    if (client.connection.closed) return
    const parsed = parseSubscribe(data, isBinary)
    if (typeof parsed === 'string')
      refuse(client, 'badMessage', parsed, 'Send {"type":"subscribe","from":0} as FEED.md describes.')
    else if (client.asked)
      refuse(client, 'badMessage', 'This connection has a subscription.', 'Open another connection.')
    else {
      client.asked = true
      subscribe(client, parsed).catch((error: unknown) => failed(client, error))
    }
  }

  function failed(client: Client, error: unknown): void {
    onError(error)
    refuse(client, 'unavailable', 'The feed cannot be read now.', 'Reconnect and resume.')
  }

  async function subscribe(client: Client, request: Subscribe): Promise<void> {
    const { connection } = client
    await hub.notifyRecorded()
    await hub.notifyRevealed()
    if (connection.closed) return
    const { from = hub.head, proofFrom = from, orphanedFrom = proofFrom, revealedFrom = from } = request
    const { agents, instruments, kinds, grantKey = null } = request
    const start = Math.min(from, proofFrom, orphanedFrom, revealedFrom)
    if (from > hub.head) {
      refuse(
        client,
        'sequenceAhead',
        `Feed sequence ${from} is ahead of the feed, whose next is ${hub.head}.`,
        'Subscribe from a sequence that this feed has sent; another feed has other sequences.',
      )
      return
    }
    if (maxBacklog !== undefined && hub.head - start > maxBacklog) {
      refuse(
        client,
        'backlogTooLong',
        `Feed sequence ${start} is ${hub.head - start} decisions back; the limit is ${maxBacklog}.`,
        'Read older decisions from GET /v1/decisions.',
      )
      return
    }
    const place = { from, proofFrom, orphanedFrom, revealedFrom, next: hub.head }
    const { chainId, verifyingContract: contract } = domain
    connection.send(feedFrame({ type: 'subscribed', protocol: FEED_PROTOCOL, chainId, contract, ...place }))
    client.subscriber = hub.subscribe(
      {
        filter: {
          ...(agents === undefined ? {} : { agents }),
          ...(instruments === undefined ? {} : { instruments }),
          ...(kinds === undefined ? {} : { kinds }),
        },
        sink: connection,
        ...{ from, proofFrom, orphanedFrom, revealedFrom, grantKey },
      },
      error => failed(client, error),
    )
    hub.notifyAllAnchored().catch(onError)
    hub.notifyWithdrawn().catch(onError)
  }

  function beat(): void {
    const frames = new Map<number, Buffer>()
    for (const client of clients) {
      if (client.connection.closed) continue
      if (client.missedPings >= 2) {
        counts.droppedDead += 1
        client.socket.terminate()
        continue
      }
      client.missedPings += 1
      client.socket.ping()
      if (client.subscriber === null) continue
      const { next } = client.subscriber
      const frame = frames.get(next) ?? feedFrame({ type: 'heartbeat', next })
      frames.set(next, frame)
      client.connection.send(frame)
    }
    // A notification may be lost, and another process may write: look at the store as well.
    if (hub.subscribers.size > 0) {
      distribute()
      hub.notifyAllAnchored().catch(onError)
      hub.notifyWithdrawn().catch(onError)
      hub.notifyRevealed().catch(onError)
    }
  }

  const heart = setInterval(beat, heartbeatMs).unref()

  return {
    attach(server) {
      server.on('upgrade', upgrade)
      detachers.push(() => server.off('upgrade', upgrade))
    },
    notifyRecorded() {
      if (hub.subscribers.size > 0) distribute()
    },
    notifyAnchored(agent) {
      if (hub.subscribers.size > 0) hub.notifyAnchored(agent).catch(onError)
    },
    notifyWithdrawn() {
      if (hub.subscribers.size > 0) hub.notifyWithdrawn().catch(onError)
    },
    async close() {
      closing = true
      clearInterval(heart)
      hub.close()
      const gone = [...clients].map(
        ({ socket, connection, subscriber }) =>
          new Promise<void>(resolve => {
            if (subscriber !== null) hub.unsubscribe(subscriber)
            socket.once('close', () => resolve())
            connection.close(SERVER_CLOSING.code, SERVER_CLOSING.reason)
          }),
      )
      await Promise.all(gone)
      for (const detach of detachers) detach()
      sockets.close()
    },
    get stats() {
      return { clients: clients.size, subscribed: hub.subscribers.size, ...counts, next: hub.head }
    },
  }
}
