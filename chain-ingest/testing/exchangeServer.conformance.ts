import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'

/** A bar as the exchange's `klines` gives it: open time, then decimals as text, then the close time. */
export type Kline = readonly [number, string, string, string, string, string, number]

/** A frame as it was recorded: when it arrived, and its JSON. */
export type RecordedFrame = { readonly receivedNs: bigint; readonly text: string }

/** What a server does on a question: answer, refuse by rate, break off, or answer half. */
export type ServerMood = 'answer' | 'limit' | 'drop' | 'truncate'

export type ExchangeServerOptions = {
  readonly klines?: readonly Kline[]
  /** How far the server's clock is ahead. */
  readonly aheadMs?: number
  /** Asked before each HTTP answer. */
  readonly mood?: (path: string) => ServerMood
  /** Trades that `trades` no longer gives. */
  readonly forgotten?: (id: number) => boolean
}

/**
 * A local server that speaks the spot API of Binance as its documentation describes it: `exchangeInfo`,
 * `time`, `klines`, `trades`, and the streams `trade` and `bookTicker` over WebSocket.
 */
export type ExchangeServer = {
  readonly url: string
  /** Paths asked for, in order, with their queries. */
  readonly asked: string[]
  klines: Kline[]
  /** Sends a frame to everybody who subscribed to its stream, and remembers its trade. */
  push(frame: string): void
  /** Remembers a trade without sending it: it was made while nobody listened. */
  remember(frame: string): void
  /** Sends frames as fast as they are taken, or at their own pace; ends early when the signal does. */
  replay(frames: Iterable<RecordedFrame>, options: { ownPace: boolean; signal?: AbortSignal }): Promise<void>
  /** Resolves once somebody has subscribed to so many streams in all. */
  subscribed(streams: number): Promise<void>
  /** Breaks every WebSocket connection. */
  disconnect(): void
  close(): Promise<void>
}

type Frame = { readonly stream: string; readonly data: Readonly<Record<string, unknown>> }

export async function startExchangeServer(options: ExchangeServerOptions = {}): Promise<ExchangeServer> {
  const { aheadMs = 0, mood = () => 'answer', forgotten = () => false } = options
  const asked: string[] = []
  const trades = new Map<number, Record<string, unknown>>()
  const subscriptions = new Map<WebSocket, Set<string>>()
  const state = { klines: [...(options.klines ?? [])] }

  const http = createServer((request, response) => answer(request, response))
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', socket => {
    const streams = new Set<string>()
    subscriptions.set(socket, streams)
    socket.on('close', () => subscriptions.delete(socket))
    socket.on('error', () => socket.terminate())
    socket.on('message', data => {
      const {
        method,
        params = [],
        id,
      } = JSON.parse(String(data)) as {
        method: string
        params?: string[]
        id: number
      }
      for (const stream of params) {
        if (method === 'SUBSCRIBE') streams.add(stream)
        else streams.delete(stream)
      }
      socket.send(JSON.stringify({ result: null, id }))
    })
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://localhost')
    asked.push(`${url.pathname}${url.search}`)
    const how = mood(url.pathname)
    if (how === 'drop') {
      request.socket.destroy()
      return
    }
    const [status, body] = how === 'limit' ? [429, { code: -1003, msg: 'Too many requests.' }] : route(url)
    const text = JSON.stringify(body)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(how === 'truncate' ? text.slice(0, text.length / 2) : text)
  }

  function route(url: URL): [number, unknown] {
    const query = url.searchParams
    const limit = Math.min(1_000, Number(query.get('limit') ?? 500))
    if (query.has('symbol') && query.get('symbol') !== 'BTCUSDT')
      return [400, { code: -1121, msg: 'Invalid symbol.' }]
    switch (url.pathname) {
      case '/api/v3/exchangeInfo':
        return [200, EXCHANGE_INFO]
      case '/api/v3/time':
        return [200, { serverTime: Date.now() + aheadMs }]
      case '/api/v3/klines': {
        const from = Number(query.get('startTime') ?? 0)
        const page = state.klines.filter(([open]) => open >= from).slice(0, limit)
        return [200, page.map(kline => [...kline, '0', 1, '0', '0', '0'])]
      }
      case '/api/v3/trades': {
        const page = [...trades.keys()]
          .filter(id => !forgotten(id))
          .sort((a, b) => a - b)
          .slice(-limit)
        return [200, page.map(id => trades.get(id))]
      }
      default:
        return [404, { code: -1000, msg: `There is no ${url.pathname}.` }]
    }
  }

  function remember(text: string): void {
    const { data } = JSON.parse(text) as Frame
    if (data['e'] !== 'trade') return
    const { t: id, p: price, q: qty, T: time, m: isBuyerMaker } = data
    trades.set(Number(id), { id, price, qty, quoteQty: '0', time, isBuyerMaker, isBestMatch: true })
  }

  function push(text: string): void {
    remember(text)
    const { stream, data } = JSON.parse(text) as Frame
    const alone = JSON.stringify(data)
    // A socket on /ws gets the payload alone, which names its stream by its form.
    for (const [socket, streams] of subscriptions) if (streams.has(stream)) socket.send(alone)
  }

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked,
    get klines() {
      return state.klines
    },
    set klines(klines) {
      state.klines = klines
    },
    push,
    remember,
    async replay(frames, { ownPace, signal }) {
      let first: bigint | null = null
      const startedMs = performance.now()
      let sent = 0
      for (const { receivedNs, text } of frames) {
        if (signal?.aborted) return
        first ??= receivedNs
        const wait = Number(receivedNs - first) / 1e6 - (performance.now() - startedMs)
        if (ownPace && wait > 1) await delay(wait)
        // Gives the sockets a turn, so that frames neither pile up here nor arrive as one.
        else if (++sent % 64 === 0) await new Promise(resolve => setImmediate(resolve))
        push(text)
      }
    },
    async subscribed(streams) {
      const count = () => [...subscriptions.values()].reduce((sum, each) => sum + each.size, 0)
      const deadline = performance.now() + 30_000
      while (count() < streams) {
        if (performance.now() > deadline) throw new Error(`Only ${count()} streams were subscribed to.`)
        await delay(5)
      }
    },
    disconnect() {
      for (const socket of subscriptions.keys()) socket.terminate()
      subscriptions.clear()
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}

const EXCHANGE_INFO = {
  timezone: 'UTC',
  serverTime: 0,
  rateLimits: [],
  exchangeFilters: [],
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      baseAsset: 'BTC',
      baseAssetPrecision: 8,
      quoteAsset: 'USDT',
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes: ['LIMIT', 'MARKET'],
      icebergAllowed: true,
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: true,
      filters: [
        {
          filterType: 'PRICE_FILTER',
          minPrice: '0.01000000',
          maxPrice: '1000000.00000000',
          tickSize: '0.01000000',
        },
        { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000.00000000', stepSize: '0.00001000' },
      ],
      permissions: ['SPOT'],
      permissionSets: [['SPOT']],
    },
  ],
}
