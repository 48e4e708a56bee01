import type { Instrument } from '../../core/index.ts'

/** What can be read of an exchange's market. */
export type ExchangeStream = 'bars' | 'trades' | 'quotes'

/** One market of an exchange. */
export type ExchangeSpec = {
  /** The exchange's id in ccxt, for example `binance`. */
  readonly exchange: string
  /** The market's unified symbol in ccxt, for example `BTC/USDT`. */
  readonly symbol: string
  readonly instrument: Instrument
  /** Length of a bar as ccxt writes it, for example `1m` or `4h`. */
  readonly timeframe: string
  /** Another host to ask instead of the exchange's own: a proxy, or a test server. */
  readonly url: string | null
}

/** Source name that the rows of a stream carry: each stream of a market is numbered on its own. */
export function exchangeFeed(spec: ExchangeSpec, stream: ExchangeStream): string {
  const { exchange, symbol, timeframe } = spec
  return `${exchange}:${symbol}#${stream === 'bars' ? timeframe : stream}`
}
