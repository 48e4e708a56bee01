import { larger, smaller } from './rounding.ts'

const MILLION = 1_000_000n

/** What a size is worked out from. */
export type SizingBasis = {
  /** Cash or equity, in 10⁻⁸. */
  readonly fundsE8: bigint
  /** Share of what is left of the funds after costs that the position is to be worth, in millionths. */
  readonly sharePpm: bigint
  /** Price before slippage. */
  readonly priceE8: bigint
  readonly unit: bigint
  readonly step: bigint
  /** Share of a size's value that its costs are never below, in millionths; 0 where nothing is known. */
  readonly leastCostPpm?: bigint
  /** Fee and slippage of a size, not falling with it; null when the market cannot take it. */
  readonly lostE8: (quantity: bigint) => bigint | null
}

/** Guesses before the search by halving; with costs in proportion to size two or three are enough. */
const GUESSES = 8

/**
 * The largest size, a multiple of the step, whose value (rounded up) is within the share of the funds left after
 * its costs. Costs that do not fall with size make the largest unique.
 */
export function sizeFor(basis: SizingBasis): bigint {
  const { fundsE8, step, lostE8 } = basis
  if (fundsE8 <= 0n) return 0n
  // What the costs of one size leave bounds the largest from the other side: below it if that size is too large,
  // above it if it fits. So `low` always fits, and nothing above `high` does.
  let low = 0n
  let high = mostOf(basis)
  const isSolved = (basis.leastCostPpm ?? 0n) > 0n
  let guess = high
  for (let tries = 0; tries < GUESSES && low < high; tries++) {
    const lost = lostE8(guess)
    const bound = lost === null ? 0n : worth(basis, fundsE8 - lost)
    if (bound >= guess) {
      low = guess
      high = smaller(high, bound)
      guess = high
      continue
    }
    low = larger(low, bound)
    high = larger(low, guess - step)
    // As though costs were in proportion to size, at first; then one step beyond what fits.
    guess =
      tries === 0 && lost !== null && !isSolved
        ? smaller(high, larger(low, ((guess * fundsE8) / (fundsE8 + lost) / step) * step))
        : low + step
  }
  while (low < high) {
    const tried = low + ((high - low) / step / 2n + (((high - low) / step) % 2n)) * step
    const lost = lostE8(tried)
    if (lost !== null && tried <= worth(basis, fundsE8 - lost)) low = tried
    else high = tried - step
  }
  return low
}

/**
 * What no size can be above: with costs that are in proportion to size, but for their rounding, the answer itself. Of
 * a size q at price p, a share s, costs r and funds F: q·p ≤ s·(F − r·q·p), solved for q.
 */
function mostOf(basis: SizingBasis): bigint {
  const { fundsE8, sharePpm, priceE8, unit, step, leastCostPpm = 0n } = basis
  if (leastCostPpm === 0n) return worth(basis, fundsE8)
  const most =
    sharePpm === MILLION
      ? (fundsE8 * unit * MILLION) / (priceE8 * (MILLION + leastCostPpm))
      : (sharePpm * fundsE8 * unit * MILLION) / (priceE8 * (MILLION * MILLION + sharePpm * leastCostPpm))
  return step === 1n ? most : (most / step) * step
}

/** The largest multiple of the step whose value, rounded up, is at most the share of some funds. */
function worth({ sharePpm, priceE8, unit, step }: SizingBasis, fundsE8: bigint): bigint {
  if (fundsE8 <= 0n) return 0n
  const part = sharePpm === MILLION ? fundsE8 : (sharePpm * fundsE8) / MILLION
  const most = (part * unit) / priceE8
  return step === 1n ? most : (most / step) * step
}
