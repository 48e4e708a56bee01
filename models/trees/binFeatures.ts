/** Edges of a feature at most: with a bin for missing values, a bin is a byte. */
export const MAXIMUM_EDGES = 254

/**
 * Edges that part a feature's values into bins: between each two distinct values where there are few, else at
 * about equal shares of the values. An edge lies halfway between its neighbours, rounded to binary32, so that a new
 * value goes with the nearer one. Missing and infinite values count for nothing.
 */
export function featureEdges(values: Float32Array): Float32Array {
  const sorted = finite(values.slice().sort())
  let distinct = 0
  for (let place = 0; place < sorted.length; place++)
    if (place === 0 || sorted[place] !== sorted[place - 1]) distinct++
  const isFew = distinct <= MAXIMUM_EDGES + 1
  const edges: number[] = []
  for (let upTo = 1; upTo < sorted.length && edges.length < MAXIMUM_EDGES; upTo++) {
    const lower = sorted[upTo - 1] ?? 0
    const upper = sorted[upTo] ?? 0
    if (lower === upper) continue
    if (isFew || upTo >= ((edges.length + 1) * sorted.length) / (MAXIMUM_EDGES + 1))
      edges.push(between(lower, upper))
  }
  return Float32Array.from(edges)
}

/** Bin of a value: 0 when it is missing, else 1 + how many edges are below it. */
export function binOf(edges: Float32Array, value: number): number {
  if (Number.isNaN(value)) return 0
  let from = 0
  let to = edges.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((edges[middle] ?? 0) < value) from = middle + 1
    else to = middle
  }
  return 1 + from
}

/** The finite ones of sorted numbers: infinite and missing ones lie at the ends. */
function finite(sorted: Float32Array): Float32Array {
  let from = 0
  let to = sorted.length
  while (to > 0 && !Number.isFinite(sorted[to - 1])) to--
  while (from < to && !Number.isFinite(sorted[from])) from++
  return sorted.subarray(from, to)
}

/** A binary32 number that is at least the lower and below the upper of two different ones. */
function between(lower: number, upper: number): number {
  const middle = Math.fround(lower + (upper - lower) / 2)
  return middle < upper ? middle : lower
}
