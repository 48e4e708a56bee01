import { BAR_ROW } from '../../../core/index.ts'
import type { RowBlock } from '../rowBlock.ts'
import { midOf } from '../rowPrice.ts'

/** Bars of a block that count: each closes later than the one before. Reused, and lent for one call. */
export type BarBlock = {
  count: number
  /** Of each bar, its row, counted from the first of the block. */
  readonly rows: Int32Array
  /** Their closes, as `BarPrices` has them. */
  readonly closes: Float64Array
}

/** What was found in a block last: several indicators read one block in turn. */
const found = new WeakMap<RowBlock, BarBlock & { from: number; afterMs: number }>()

/** The bars of a block that close after a time. */
export function barsIn(block: RowBlock, afterMs: number): BarBlock {
  const { columns, traded, from, to } = block
  let bars = found.get(block)
  if (bars !== undefined && bars.from === from && bars.afterMs === afterMs) return bars
  if (bars === undefined || bars.rows.length < to - from) {
    const size = to - from
    bars = { from, afterMs, count: 0, rows: new Int32Array(size), closes: new Float64Array(size) }
    found.set(block, bars)
  }
  const { kind, instrument, closeMs, bidCloseE8, askCloseE8 } = columns
  const { rows, closes } = bars
  let count = 0
  if (block.isBars && (closeMs[from] as number) > afterMs) {
    for (let row = from; row < to; row++) {
      rows[count] = count
      closes[count++] = midOf(bidCloseE8[row] as number, askCloseE8[row] as number)
    }
    bars.count = count
    bars.from = from
    bars.afterMs = afterMs
    return bars
  }
  let newestMs = afterMs
  for (let row = from; row < to; row++) {
    if (kind[row] !== BAR_ROW || instrument[row] !== traded) continue
    const closedMs = closeMs[row] as number
    if (closedMs <= newestMs) continue
    newestMs = closedMs
    rows[count] = row - from
    closes[count++] = midOf(bidCloseE8[row] as number, askCloseE8[row] as number)
  }
  bars.count = count
  bars.from = from
  bars.afterMs = afterMs
  return bars
}

/** Moves values of bars to the rows of their bars; a row without one has the value of the bar before it. */
export function spreadToRows(
  { rows, count }: BarBlock,
  size: number,
  values: Float64Array,
  before: number,
): void {
  if (count === size) return
  let bar = count - 1
  // From the last row on: no bar stands before its place in the list.
  for (let row = size - 1; row >= 0; row--) {
    while (bar >= 0 && (rows[bar] as number) > row) bar--
    values[row] = bar >= 0 ? (values[bar] as number) : before
  }
}
