import type { MarketValue, UnixMs } from '../../core/index.ts'
import type { PlacedLog } from './placeLog.ts'

/** What a log says, and the time it describes where that is not its block's. */
export type LogReading = { readonly value: MarketValue; readonly validAt?: UnixMs }

/** Reads a log of one event; null when it is not exactly of its form. */
export type LogReader = (log: PlacedLog) => LogReading | null
