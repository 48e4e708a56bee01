import type { Exchange, OHLCV, Trade } from 'ccxt'
import { InvalidInputError, UnavailableError, type UnixMs, unixMs } from '../../core/index.ts'
import { parseEndpoint } from '../sources/endpoint.ts'
import { type ClockSkew, createClockSkew } from './clockSkew.ts'
import { exchangeError } from './exchangeError.ts'
import type { ExchangeSpec, ExchangeStream } from './exchangeSpec.ts'

/** An exchange's public market data, over HTTP and WebSocket. */
export type ExchangeConnection = {
  readonly spec: ExchangeSpec
  /** Length of a bar. */
  readonly periodMs: number
  readonly skew: ClockSkew
  /** This machine's clock, corrected by the skew. */
  now(): UnixMs
  /** Bars from a time on, ascending; at most `limit`. Texts are the exchange's own decimals. */
  bars(sinceMs: number, limit: number): Promise<readonly OHLCV[]>
  /** Trades made since a time, or the newest where the exchange gives no others; at most `limit`. */
  tradesSince(sinceMs: number, limit: number): Promise<readonly Trade[]>
  /**
   * Calls back with every message of a stream as it arrives, until the signal ends it. Rejects when the
   * connection broke; a new call connects again.
   */
  watch(
    stream: Exclude<ExchangeStream, 'bars'>,
    onMessage: (message: PushedMessage) => void,
    signal: AbortSignal,
  ): Promise<void>
  close(): Promise<void>
}

/** What one pushed message brought. */
export type PushedMessage = {
  /** By this machine's clock, uncorrected. */
  readonly receivedMs: number
  readonly trades: readonly Trade[]
  readonly quote: PushedQuote | null
}

/** The best bid and ask as the exchange wrote them. */
export type PushedQuote = {
  readonly timestamp: number | undefined
  readonly bid: unknown
  readonly bidVolume: unknown
  readonly ask: unknown
  readonly askVolume: unknown
  readonly info: unknown
}

export type OpenExchangeOptions = {
  readonly spec: ExchangeSpec
  /** This machine's clock; `Date.now` unless given. */
  readonly clock?: () => number
  /** After this a question counts as unanswered. */
  readonly timeoutMs?: number
}

export const DEFAULT_EXCHANGE_TIMEOUT_MS = 10_000

/** Questions for the time: the shortest round trip of a few is close to the network's own. */
const SKEW_SAMPLES = 5
/** Trades that ccxt keeps: they are taken out message by message, so only one message must fit. */
const KEPT_TRADES = 10_000

/**
 * Exchanges whose default list of trades is aggregated: what gives single ones instead. It is the newest thousand;
 * older ones are given by number, but to holders of a key alone.
 */
const SINGLE_TRADES: Readonly<Record<string, string>> = {
  binance: 'publicGetTrades',
  binanceus: 'publicGetTrades',
}

/**
 * Connects to a market of an exchange through ccxt, and measures the skew of its clock.
 *
 * @throws InvalidInputError when there is no such exchange, symbol or timeframe; UnavailableError when the
 * exchange does not answer.
 */
export async function openExchange(options: OpenExchangeOptions): Promise<ExchangeConnection> {
  const { spec, clock = Date.now, timeoutMs = DEFAULT_EXCHANGE_TIMEOUT_MS } = options
  const { exchange: id, symbol } = spec
  const client = await createClient(spec, timeoutMs)
  const messages = tapMessages(client, clock)
  try {
    await client.loadMarkets()
    checkMarket(client, spec)
    const periodMs = periodOf(client, spec)
    const skew = createClockSkew()
    await measureSkew(client, skew, clock)
    return {
      spec,
      periodMs,
      skew,
      now: () => unixMs(Math.round(clock() + skew.offsetMs())),
      bars: (sinceMs, limit) =>
        asked(id, 'for bars', () => client.fetchOHLCV(symbol, spec.timeframe, sinceMs, limit)),
      tradesSince: (sinceMs, limit) =>
        asked(id, 'for trades', () => {
          const fetchTradesMethod = SINGLE_TRADES[id]
          return fetchTradesMethod === undefined
            ? client.fetchTrades(symbol, sinceMs, limit)
            : client.fetchTrades(symbol, undefined, limit, { fetchTradesMethod })
        }),
      async watch(stream, onMessage, signal) {
        const fresh = freshOf(client, symbol, stream)
        const listener = (receivedMs: number) => {
          const { trades, quote } = fresh()
          if (trades.length > 0 || quote !== null) onMessage({ receivedMs, trades, quote })
        }
        messages.add(listener)
        try {
          while (!signal.aborted) {
            const next = stream === 'trades' ? client.watchTrades(symbol) : client.watchBidsAsks([symbol])
            await unlessAborted(next, signal)
          }
        } catch (error) {
          throw exchangeError(id, `for live ${stream}`, error)
        } finally {
          messages.delete(listener)
        }
      },
      close: () => client.close().then(() => undefined),
    }
  } catch (error) {
    await client.close().catch(() => undefined)
    throw exchangeError(id, `for the market ${symbol}`, error)
  }
}

async function createClient(spec: ExchangeSpec, timeoutMs: number): Promise<Exchange> {
  // Loaded when an exchange is used: it knows a hundred of them, and takes half a second.
  const { default: ccxt } = await import('ccxt')
  const { exchange: id, symbol, url } = spec
  const exchanges: Readonly<Record<string, unknown>> = ccxt.pro
  const Client = exchanges[id]
  if (typeof Client !== 'function')
    throw new InvalidInputError(`There is no exchange "${id}" with live data.`, {
      facts: { exchange: id },
      hint: `Use one of ccxt's ids: ${nearest(
        id,
        Object.keys(exchanges).filter(name => name !== 'exchanges'),
      ).join(', ')}, …`,
    })
  const client = new (Client as new (config: object) => Exchange)({
    timeout: timeoutMs,
    enableRateLimit: true,
    options: {
      tradesLimit: KEPT_TRADES,
      // A symbol with a settlement currency is a derivative; others need the spot market's list only.
      ...(symbol.includes(':') ? {} : { defaultType: 'spot', fetchMarkets: { types: ['spot'] } }),
    },
  })
  const parseJson = client.parseJson.bind(client)
  client.parseJson = text => {
    const parsed: unknown = parseJson(text)
    // ccxt takes a half answer for an empty one: there would seem to be no more rows.
    if (parsed === undefined || parsed === null)
      throw new UnavailableError(`${id} answered what is no JSON.`, {
        facts: { exchange: id, characters: text.length },
        hint: 'Ask again later: the exchange, or something on the way to it, broke off.',
      })
    return parsed
  }
  // Prices stay the exchange's own decimal text: money never passes through a float.
  client.number = String as unknown as typeof client.number
  if (url !== null) {
    client.urls.api = onHost(client.urls.api, parseEndpoint(url)) as typeof client.urls.api
    // ccxt speaks unencrypted WebSocket only once it was told so.
    await client.loadHttpProxyAgent()
  }
  return client
}

/** The same addresses on another host, WebSocket ones on its WebSocket. */
function onHost(address: unknown, host: URL): unknown {
  if (typeof address === 'string') {
    if (!URL.canParse(address)) return address
    const { protocol, pathname } = new URL(address)
    const secure = host.protocol === 'https:' || host.protocol === 'wss:'
    const scheme = protocol.startsWith('ws') ? (secure ? 'wss:' : 'ws:') : secure ? 'https:' : 'http:'
    return `${scheme}//${host.host}${pathname}`
  }
  if (address === null || typeof address !== 'object') return address
  return Object.fromEntries(Object.entries(address).map(([name, value]) => [name, onHost(value, host)]))
}

function checkMarket(client: Exchange, { exchange, symbol }: ExchangeSpec): void {
  if (client.markets?.[symbol] !== undefined) return
  throw new InvalidInputError(`${exchange} has no market "${symbol}".`, {
    facts: { exchange, symbol },
    hint: `Write the symbol as ccxt does; near are: ${nearest(symbol, client.symbols ?? []).join(', ') || 'none'}.`,
  })
}

function periodOf(client: Exchange, { exchange, timeframe }: ExchangeSpec): number {
  const known = Object.keys(client.timeframes ?? {})
  // A month has no fixed length, so its bars have no number of their own.
  if (known.includes(timeframe) && !timeframe.endsWith('M')) return client.parseTimeframe(timeframe) * 1_000
  throw new InvalidInputError(`${exchange} has no bars of "${timeframe}" that can be read.`, {
    facts: { exchange, timeframe },
    hint: `Use one of ${known.filter(each => !each.endsWith('M')).join(', ')}.`,
  })
}

/** Names that share most pairs of letters with a text, best first. */
function nearest(text: string, names: readonly string[]): readonly string[] {
  const pairs = (name: string) =>
    new Set([...name.toLowerCase()].map((_, at) => name.toLowerCase().slice(at, at + 2)))
  const wanted = pairs(text)
  const score = (name: string) => {
    const own = pairs(name)
    let both = 0
    for (const pair of own) if (wanted.has(pair)) both++
    return both / (own.size + wanted.size)
  }
  return [...names].sort((a, b) => score(b) - score(a) || (a < b ? -1 : 1)).slice(0, 4)
}

async function measureSkew(client: Exchange, skew: ClockSkew, clock: () => number): Promise<void> {
  if (!client.has['fetchTime']) return
  for (let sample = 0; sample < SKEW_SAMPLES; sample++) {
    const sentMs = clock()
    const exchangeMs = await client.fetchTime()
    if (typeof exchangeMs === 'number') skew.asked(sentMs, exchangeMs, clock())
  }
}

async function asked<T>(exchange: string, doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw exchangeError(exchange, doing, error)
  }
}

// Removes its listener, unlike a race against one long-lived promise: there is a message every millisecond.
function unlessAborted(next: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve()
    signal.addEventListener('abort', stop, { once: true })
    next.then(stop, reject).finally(() => signal.removeEventListener('abort', stop))
    if (signal.aborted) resolve()
  })
}

/**
 * ccxt hands out what has gathered since it was last asked, and of quotes the newest only. So its store is
 * looked at right after it has taken a message in, with the time at which that arrived.
 */
function tapMessages(client: Exchange, clock: () => number): Set<(receivedMs: number) => void> {
  const listeners = new Set<(receivedMs: number) => void>()
  const handle = client.handleMessage
  client.handleMessage = function (this: Exchange, connection, message) {
    const receivedMs = clock()
    handle.call(this, connection, message)
    for (const listener of listeners) listener(receivedMs)
  }
  return listeners
}

/** What a client's store holds of a stream that was not there at the last call. */
function freshOf(client: Exchange, symbol: string, stream: 'trades' | 'quotes') {
  let lastTrade: Trade | undefined
  let lastQuote: PushedQuote | undefined
  return (): { readonly trades: readonly Trade[]; readonly quote: PushedQuote | null } => {
    if (stream === 'quotes') {
      const newest = client.bidsasks?.[symbol] as PushedQuote | undefined
      if (newest === undefined || newest === lastQuote) return { trades: [], quote: null }
      lastQuote = newest
      return { trades: [], quote: newest }
    }
    const kept = (client.trades?.[symbol] ?? []) as Trade[]
    let first = kept.length
    while (first > 0 && kept[first - 1] !== lastTrade) first--
    const trades = kept.slice(first)
    lastTrade = kept.at(-1)
    return { trades, quote: null }
  }
}
