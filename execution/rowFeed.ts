import {
  createMarketColumns,
  type InstrumentId,
  type MarketColumns,
  type MarketColumnsBuilder,
  type MarketEvent,
} from '../core/index.ts'

/** Turns events that come one by one into rows. */
export type RowFeed = {
  /** Columns of the newest row. */
  readonly columns: MarketColumns
  /** Adds an event, and returns its row in `columns`. */
  append(event: MarketEvent): number
}

/** Rows held together. What still needs a row keeps its columns alive; the rest is collected. */
const CHUNK_ROWS = 1_024

/** Creates a feed for the events of some instruments. */
export function createRowFeed(instruments: readonly InstrumentId[]): RowFeed {
  let chunk: MarketColumnsBuilder = createMarketColumns(instruments, CHUNK_ROWS)
  return {
    get columns() {
      return chunk.columns
    },
    append(event) {
      if (!chunk.hasRoom) chunk = createMarketColumns(instruments, CHUNK_ROWS)
      return chunk.append(event)
    },
  }
}
