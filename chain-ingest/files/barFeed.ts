import type { Instrument } from '../../core/index.ts'
import type { BarColumns } from './barColumns.ts'

/** Bars of a file, all of one length. */
export type BarFeed = {
  readonly kind: 'bars'
  /** Source name, for example `oanda:XAUUSD`. */
  readonly feed: string
  readonly instrument: Instrument
  /** Time from a bar's open to its close. */
  readonly periodMs: number
  /** What a row's time is. */
  readonly time: 'open' | 'close'
  readonly columns: BarColumns
}
