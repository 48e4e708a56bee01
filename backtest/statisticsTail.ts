import { exactExp, exactLog } from '../core/index.ts'

/** What lies in the tails of the returns; null where there are too few returns for a tail. */
export type Tails = {
  /** Loss that 95 % of the returns do not exceed, as a share; negative when even that return is a gain. */
  readonly valueAtRisk: number | null
  /** Mean loss of the worst 5 % of the returns, as a share. */
  readonly conditionalValueAtRisk: number | null
  /** |95th percentile| / |5th percentile|. */
  readonly tailRatio: number | null
}

/** One return in twenty lies in the 5 % tail, so fewer than twenty returns have none. */
export const MINIMUM_TAIL_RETURNS = 20

const NO_TAILS: Tails = { valueAtRisk: null, conditionalValueAtRisk: null, tailRatio: null }

/**
 * Value at risk and conditional value at risk, historical, at 95 %, for one period (R. Rockafellar and
 * S. Uryasev, "Optimization of Conditional Value-at-Risk", Journal of Risk 2, 2000): with losses L = −r,
 * VaR is the smallest loss l with P(L ≤ l) ≥ 95 %, and CVaR = VaR + Σ max(L − VaR, 0) / (5 % · n). The tail
 * ratio takes percentiles with linear interpolation at (n − 1)·p (type 7 of R. Hyndman and Y. Fan, 1996).
 */
export function tails(returns: Float64Array): Tails {
  const count = returns.length
  if (count < MINIMUM_TAIL_RETURNS) return NO_TAILS
  const rankHigh = ((count - 1) * 19) / 20
  const lowest = Math.floor(rankHigh)
  // Losses at most VaR are all but the worst ⌊n/20⌋ returns.
  const worse = Math.floor(count / 20)
  const cut = count < CUT_FROM ? null : cutTails(returns, worse + 2, count - lowest)
  const values = cut === null ? returns.slice() : cut.low
  const high =
    cut === null
      ? percentile(values, rankHigh, 0, count - 1)
      : percentile(cut.high, rankHigh - (count - cut.high.length), 0, cut.high.length - 1)
  const last = cut === null ? lowest : values.length - 1
  const low = percentile(values, (count - 1) / 20, 0, last)
  const valueAtRisk = 0 - nth(values, worse, 0, last)
  let beyond = 0
  for (let i = 0; i < worse; i++) beyond += -(values[i] ?? 0) - valueAtRisk
  return {
    valueAtRisk,
    conditionalValueAtRisk: valueAtRisk + beyond / (count / 20),
    tailRatio: low === 0 ? null : Math.abs(high) / Math.abs(low),
  }
}

/** Columns longer than this have their tails cut off first. */
const CUT_FROM = 8_192
/** Values that the cuts are found from, and how many of them lie in each tail: one in twelve for one in twenty. */
const CUT_SAMPLE = 1_200
const CUT_TAIL = 100

/**
 * Copies of the two ends of a column, each with at least so many values: the lowest and the highest. Everything
 * left out lies between them, so ranks in them are ranks in the column. Null when the cuts, found from values at
 * even distances, leave too few: most values are one value, say.
 */
function cutTails(
  values: Float64Array,
  atLeastLow: number,
  atLeastHigh: number,
): { readonly low: Float64Array; readonly high: Float64Array } | null {
  const count = values.length
  const sample = new Float64Array(CUT_SAMPLE)
  for (let i = 0; i < CUT_SAMPLE; i++) sample[i] = values[Math.floor((i * count) / CUT_SAMPLE)] ?? 0
  sample.sort()
  const below = sample[CUT_TAIL] ?? 0
  const above = sample[CUT_SAMPLE - 1 - CUT_TAIL] ?? 0
  if (!(below < above)) return null
  const room = Math.ceil(count / 4)
  const low = new Float64Array(room)
  const high = new Float64Array(room)
  let lows = 0
  let highs = 0
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0
    if (value < below) low[lows++] = value
    else if (value > above) high[highs++] = value
  }
  if (lows < atLeastLow || highs < atLeastHigh || lows > room || highs > room) return null
  return { low: low.subarray(0, lows), high: high.subarray(0, highs) }
}

/** The value at a rank between order statistics; everything below the rank is then left of it. */
function percentile(values: Float64Array, rank: number, from: number, to: number): number {
  const whole = Math.floor(rank)
  const lower = nth(values, whole, from, to)
  const part = rank - whole
  if (part === 0) return lower
  // What was left of the range is larger still, so the next order statistic lies right of the rank.
  let next = Number.POSITIVE_INFINITY
  for (let i = whole + 1; i < values.length; i++) {
    const value = values[i] ?? 0
    if (value < next) next = value
  }
  return lower + part * (next - lower)
}

/**
 * The n-th smallest value of a range (n counted from the start of the array), in place: R. Floyd and
 * R. Rivest, "Algorithm 489: SELECT", Communications of the ACM 18, 1975, which compares little more often
 * than there are values. Nothing left of n is then larger, nothing right of it smaller. A range that keeps
 * resisting is sorted, so that no order of the values costs more than n log n.
 */
export function nth(values: Float64Array, n: number, from: number, to: number): number {
  let low = from
  let high = to
  let patience = 2 * Math.ceil(Math.log2(to - from + 2))
  while (low < high) {
    if (patience-- === 0) {
      values.subarray(low, high + 1).sort()
      break
    }
    if (high - low > SAMPLED_FROM) {
      // Selecting in a sample first puts a value near the n-th at n.
      const count = high - low + 1
      const rank = n - low + 1
      const log = exactLog(count)
      const sample = 0.5 * exactExp((2 * log) / 3)
      const away = 0.5 * Math.sqrt((log * sample * (count - sample)) / count) * (rank < count / 2 ? -1 : 1)
      const left = Math.max(low, Math.floor(n - (rank * sample) / count + away))
      const right = Math.min(high, Math.floor(n + ((count - rank) * sample) / count + away))
      nth(values, n, left, right)
    }
    const pivot = values[n] ?? 0
    let i = low
    let j = high
    swap(values, low, n)
    if ((values[high] ?? 0) > pivot) swap(values, high, low)
    while (i < j) {
      swap(values, i, j)
      i++
      j--
      while ((values[i] ?? 0) < pivot) i++
      while ((values[j] ?? 0) > pivot) j--
    }
    if (values[low] === pivot) swap(values, low, j)
    else swap(values, ++j, high)
    if (j <= n) low = j + 1
    if (n <= j) high = j - 1
  }
  return values[n] ?? 0
}

/** Ranges longer than this are sampled; the authors' figure. */
const SAMPLED_FROM = 600

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i] ?? 0
  values[i] = values[j] ?? 0
  values[j] = kept
}
