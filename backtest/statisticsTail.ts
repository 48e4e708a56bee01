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
  const sorted = returns.slice()
  const rankHigh = ((count - 1) * 19) / 20
  const high = percentile(sorted, rankHigh, 0, count - 1)
  const low = percentile(sorted, (count - 1) / 20, 0, Math.floor(rankHigh))
  // Losses at most VaR are all but the worst ⌊n/20⌋ returns.
  const worse = Math.floor(count / 20)
  const valueAtRisk = 0 - nth(sorted, worse, 0, Math.floor(rankHigh))
  let beyond = 0
  for (let i = 0; i < worse; i++) beyond += -(sorted[i] ?? 0) - valueAtRisk
  return {
    valueAtRisk,
    conditionalValueAtRisk: valueAtRisk + beyond / (count / 20),
    tailRatio: low === 0 ? null : Math.abs(high) / Math.abs(low),
  }
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
