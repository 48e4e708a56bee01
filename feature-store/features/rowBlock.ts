import type { MarketColumns } from '../../core/index.ts'

/**
 * Rows of a history that features take in together, ahead of the row that is at hand. One object, moved from block to
 * block: read it before the next move.
 */
export class RowBlock {
  readonly columns: MarketColumns
  /** Number of the traded instrument in the columns; −1 where it is not. */
  readonly traded: number
  from = 0
  /** The row after the last. */
  to = 0
  /** Whether every row is a bar of the traded instrument that is known, and closes, later than the row before it. */
  isBars = false

  constructor(columns: MarketColumns, traded: number) {
    this.columns = columns
    this.traded = traded
  }
}
