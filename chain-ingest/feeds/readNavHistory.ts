import type { Instrument, StoredObservation } from '../../core/index.ts'
import type { NavFeed } from './feedSpec.ts'
import { readFeedFile } from './readFeedFile.ts'

export type NavHistoryOptions = {
  /** CSV with the header `symbol,address,block_number,timestamp_utc,share_price,…`; plain or gzipped. */
  readonly file: string
  /** Which of the file's vaults. */
  readonly symbol: string
  readonly instrument: Instrument
  /** Time from a price's own time to its publication; 0 by default: the price is on chain. */
  readonly publicationDelayMs?: number
  /** Source name; by default `share-prices:SYMBOL`. */
  readonly feed?: string
}

const HEADER = /^symbol,address,block_number,timestamp_utc,share_price,total_assets,total_supply$/

/** How a file of share prices is read. */
export function navFeed(options: NavHistoryOptions): NavFeed {
  const { instrument, symbol, publicationDelayMs = 0, feed = `share-prices:${symbol}` } = options
  return { kind: 'nav', feed, instrument, symbol, publicationDelayMs }
}

/**
 * Reads the share prices of one vault as NAVs; rows of other vaults are passed over. Digits beyond 10⁻⁸
 * round half up.
 *
 * @throws InvalidInputError naming file and line when a row of the vault is malformed or out of order.
 */
export async function* readNavHistory(options: NavHistoryOptions): AsyncGenerator<StoredObservation> {
  const prefix = `${options.symbol},`
  yield* readFeedFile(options.file, navFeed(options), HEADER, { belongs: row => row.startsWith(prefix) })
}
