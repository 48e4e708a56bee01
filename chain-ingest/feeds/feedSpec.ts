import type { Instrument } from '../../core/index.ts'
import type { BarFeed } from '../files/barFeed.ts'

/** Treasury yields of the Federal Reserve's H.15 release, one row per day that has any. */
export type YieldCurveFeed = {
  readonly kind: 'yieldCurve'
  readonly feed: string
  readonly instrument: Instrument
}

/** Share prices of one vault: `symbol,address,block_number,timestamp_utc,share_price,…`. */
export type NavFeed = {
  readonly kind: 'nav'
  readonly feed: string
  readonly instrument: Instrument
  readonly symbol: string
  /** Time from the price's own time to its publication; 0 for one that is on chain. */
  readonly publicationDelayMs: number
}

/** What a feed's rows are, and so how a stored row is read again. */
export type FeedSpec = BarFeed | YieldCurveFeed | NavFeed
