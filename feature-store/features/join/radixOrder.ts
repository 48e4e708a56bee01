const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS
const WORD = 4_294_967_296
/** Where the low word's last digit starts, which has fewer bits. */
const LAST_LOW_BIT = 2 * DIGIT_BITS

/** Numbers in ascending order, and where each came from. */
export type Ordered = {
  readonly sorted: Float64Array
  /** Index of each before sorting; null when they were in order. */
  readonly order: Uint32Array | null
}

/** Room that one sort after another uses, so that a large join does not leave heaps of it behind. */
export class RadixRoom {
  readonly first: Columns
  readonly second: Columns

  constructor(capacity: number) {
    this.first = new Columns(capacity)
    this.second = new Columns(capacity)
  }
}

/**
 * Sorts whole, safe numbers ascending and keeps equal ones as they came. A least-significant-digit radix
 * sort: linear, where a comparator sort of a million takes a second. The order lies in the room, which the next
 * sort in it overwrites. The sorted numbers are written into `target`, which may be the keys themselves.
 */
export function radixOrder(
  keys: Float64Array,
  room = new RadixRoom(keys.length),
  target: Float64Array | null = null,
): Ordered {
  const count = keys.length
  let minimum = Number.POSITIVE_INFINITY
  let maximum = Number.NEGATIVE_INFINITY
  let previous = Number.NEGATIVE_INFINITY
  let sorted = true
  for (const key of keys) {
    if (key < minimum) minimum = key
    if (key > maximum) maximum = key
    if (key < previous) sorted = false
    previous = key
  }
  if (sorted) return { sorted: keys, order: null }

  let from = room.first
  let to = room.second
  for (let i = 0; i < count; i++) {
    const offset = (keys[i] ?? 0) - minimum
    from.low[i] = offset >>> 0
    from.high[i] = offset / WORD
    from.index[i] = i
  }
  const starts = new Uint32Array(BUCKETS)
  const range = maximum - minimum
  for (let bit = 0; 2 ** bit <= range; bit += bit === LAST_LOW_BIT ? 32 - LAST_LOW_BIT : DIGIT_BITS) {
    scatter(from, to, count, bit, starts)
    const swapped = from
    from = to
    to = swapped
  }
  const { low, high, index } = from
  const ascending = target ?? new Float64Array(count)
  for (let i = 0; i < count; i++) ascending[i] = minimum + (high[i] ?? 0) * WORD + (low[i] ?? 0)
  return { sorted: ascending, order: index.subarray(0, count) }
}

/** Keys in two words, and where they came from. They move together: a gather by index would miss the cache. */
class Columns {
  readonly low: Uint32Array
  readonly high: Uint32Array
  readonly index: Uint32Array

  constructor(capacity: number) {
    this.low = new Uint32Array(capacity)
    this.high = new Uint32Array(capacity)
    this.index = new Uint32Array(capacity)
  }
}

/** One stable pass by the digit that starts at a bit; a digit never spans both words. */
function scatter(from: Columns, to: Columns, count: number, bit: number, starts: Uint32Array): void {
  const { low, high, index } = from
  const { low: toLow, high: toHigh, index: toIndex } = to
  const words = bit < 32 ? low : high
  const shift = bit & 31
  const mask = BUCKETS - 1
  starts.fill(0)
  for (let i = 0; i < count; i++) {
    const digit = ((words[i] ?? 0) >>> shift) & mask
    starts[digit] = (starts[digit] ?? 0) + 1
  }
  let total = 0
  for (let digit = 0; digit < BUCKETS; digit++) {
    const size = starts[digit] ?? 0
    starts[digit] = total
    total += size
  }
  for (let i = 0; i < count; i++) {
    const digit = ((words[i] ?? 0) >>> shift) & mask
    const place = starts[digit] ?? 0
    starts[digit] = place + 1
    toLow[place] = low[i] ?? 0
    toHigh[place] = high[i] ?? 0
    toIndex[place] = index[i] ?? 0
  }
}
