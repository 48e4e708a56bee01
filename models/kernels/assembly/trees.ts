// The loops of histogram gradient boosting over rows (models/trees). All sums are of integers, so that their order
// does not matter. Addresses are bytes; a row's bins lie in blocks of 16 features, 16 bytes a row.

import { drawOf } from './_treesDraw'

export { findSplit, subtractHistograms, sumHistograms } from './_treesSplits'
export { updateRows } from './_treesUpdate'

/**
 * Bins of rows of binary32 values. Edges: 256 a feature, ascending, padded with +Infinity. Missing is bin 0, else
 * 1 + how many edges are below the value.
 */
export function binRows(
  values: usize,
  count: i32,
  columns: i32,
  edges: usize,
  bins: usize,
  blockBytes: usize,
  firstRow: i32,
): void {
  // A column's edges serve several rows while they are in the cache.
  for (let row = 0; row < count; row += 64) {
    const size = <usize>min(64, count - row)
    for (let column = 0; column < columns; column++) {
      let from = values + ((<usize>row * columns + column) << 2)
      let to = bins + <usize>(column >> 4) * blockBytes + (<usize>(firstRow + row) << 4) + <usize>(column & 15)
      const first = edges + (<usize>column << 10)
      for (let i: usize = 0; i < size; i++, from += <usize>columns << 2, to += 16) {
        const value = load<f32>(from)
        let at = first
        at += select<usize>(512, 0, load<f32>(at, 508) < value)
        at += select<usize>(256, 0, load<f32>(at, 252) < value)
        at += select<usize>(128, 0, load<f32>(at, 124) < value)
        at += select<usize>(64, 0, load<f32>(at, 60) < value)
        at += select<usize>(32, 0, load<f32>(at, 28) < value)
        at += select<usize>(16, 0, load<f32>(at, 12) < value)
        at += select<usize>(8, 0, load<f32>(at, 4) < value)
        at += select<usize>(4, 0, load<f32>(at) < value)
        store<u8>(to, select<u32>(1 + <u32>((at - first) >> 2), 0, value == value))
      }
    }
  }
}

/** Marks each row that goes left with 1, the others with 0; returns how many go left. */
export function markLeft(rows: usize, count: i32, bins: usize, threshold: i32, marks: usize): i32 {
  let left = 0
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (<usize>i << 2))
    const goes = <i32>(<i32>load<u8>(bins + (row << 4)) <= threshold)
    store<u8>(marks + <usize>i, goes)
    left += goes
  }
  return left
}

/** Moves rows and their gradients to two places by their marks, each side in the order it was in. */
export function moveRows(
  rows: usize,
  gradients: usize,
  marks: usize,
  count: i32,
  toRows: usize,
  toGradients: usize,
  left: i32,
  right: i32,
): void {
  for (let i = 0; i < count; i++) {
    const goes = <i32>load<u8>(marks + <usize>i)
    const to = <usize>select<i32>(left, right, goes)
    left += goes
    right += 1 - goes
    store<u32>(toRows + (to << 2), load<u32>(rows + (<usize>i << 2)))
    store<u64>(toGradients + (to << 3), load<u64>(gradients + (<usize>i << 3)))
  }
}

/** How many of the rows are drawn for a tree: those whose draw is below the limit. */
export function countDrawn(firstRow: i32, count: i32, key: u32, limit: f64): i32 {
  let drawn = 0
  for (let row = firstRow; row < firstRow + count; row++) drawn += <i32>(<f64>drawOf(row, key) < limit)
  return drawn
}
