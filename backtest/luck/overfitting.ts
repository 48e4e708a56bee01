import { exactLog, InvalidInputError } from '../../core/index.ts'
import { assertFinite } from './sharpeEvidence.ts'

/** Returns of all trials over the same periods. */
export type TrialReturns = {
  /** Trial by trial: return of period t of trial n at `n · periods + t`. */
  readonly returns: Float64Array
  readonly trials: number
  readonly periods: number
}

/** What happens out of sample to the trial that was best in sample. One value for each way to split. */
export type Overfitting = {
  /** Probability of backtest overfitting: share of the splits whose logit is at or below 0. */
  readonly probability: number
  /** ln(ω / (1 − ω)), where ω is the rank of the best trial out of sample / (trials + 1); 0 is the median. */
  readonly logits: Float64Array
  /** Sharpe ratio per period of the best trial in sample, and of the same trial out of sample. */
  readonly inSample: Float64Array
  readonly outOfSample: Float64Array
  /** Share of the splits in which the best trial has a Sharpe ratio below 0 out of sample. */
  readonly probabilityOfLoss: number
  /** Out of sample = intercept + slope · in sample, by least squares; null when the latter does not vary. */
  readonly degradation: { readonly slope: number; readonly intercept: number; readonly r2: number } | null
}

/** Splits are enumerated; 20 blocks have 184,756. */
const MOST_BLOCKS = 20

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (D. Bailey, J. Borwein,
 * M. López de Prado and Q. Zhu, "The Probability of Backtest Overfitting", Journal of Computational Finance
 * 20, 2017; first published 2015). The periods are cut into S blocks, in order; each half of the blocks is
 * once the sample in which the trial with the best Sharpe ratio is chosen, and the other half ranks it. Equal
 * ratios share their mean rank; a trial without variance has the ratio 0.
 *
 * @param blocks S, even. Blocks differ by at most one period where S does not divide the periods.
 * @throws InvalidInputError for a matrix of another size, a return that is not finite, fewer than two trials,
 * fewer than two periods a block.
 */
export function backtestOverfitting({ returns, trials, periods }: TrialReturns, blocks = 16): Overfitting {
  if (!(trials >= 2) || !(periods >= 2 * blocks) || returns.length !== trials * periods)
    throw new InvalidInputError(
      `${returns.length} returns of ${trials} trials over ${periods} periods cannot be cut into ${blocks} blocks.`,
      {
        facts: { returns: returns.length, trials, periods, blocks },
        hint: 'Pass the returns of two trials or more over the same periods, at least two for each block.',
      },
    )
  if (!Number.isInteger(blocks) || blocks < 2 || blocks > MOST_BLOCKS || blocks % 2 === 1)
    throw new InvalidInputError(`${blocks} is not an even number of blocks from 2 to ${MOST_BLOCKS}.`, {
      facts: { blocks },
      hint: 'The paper takes 16.',
    })
  assertFinite('trial returns', returns)
  const sums = blockSums({ returns, trials, periods }, blocks)
  const masks = halves(blocks)
  const logits = new Float64Array(masks.length)
  const inSample = new Float64Array(masks.length)
  const outOfSample = new Float64Array(masks.length)
  const inside = new Float64Array(trials)
  const outside = new Float64Array(trials)
  const everything = 2 ** blocks - 1
  let overfitted = 0
  let losses = 0
  for (let split = 0; split < masks.length; split++) {
    const mask = masks[split] ?? 0
    sharpeRatios(sums, mask, inside)
    sharpeRatios(sums, everything ^ mask, outside)
    let best = 0
    for (let n = 1; n < trials; n++) if ((inside[n] ?? 0) > (inside[best] ?? 0)) best = n
    const achieved = outside[best] ?? 0
    let below = 0
    let equal = 0
    for (let n = 0; n < trials; n++) {
      const other = outside[n] ?? 0
      if (other < achieved) below++
      else if (other === achieved) equal++
    }
    const rank = below + (equal + 1) / 2
    const logit = exactLog(rank / (trials + 1 - rank))
    logits[split] = logit
    inSample[split] = inside[best] ?? 0
    outOfSample[split] = achieved
    if (logit <= 0) overfitted++
    if (achieved < 0) losses++
  }
  return {
    probability: overfitted / masks.length,
    logits,
    inSample,
    outOfSample,
    probabilityOfLoss: losses / masks.length,
    degradation: leastSquares(inSample, outOfSample),
  }
}

type BlockSums = {
  readonly blocks: number
  readonly trials: number
  /** Periods of each block. */
  readonly lengths: Float64Array
  /** Mean of each trial over all periods. */
  readonly means: Float64Array
  /** Sum, and sum of squares, of the distance from the trial's mean: block by block, `block · trials + n`. */
  readonly sums: Float64Array
  readonly squares: Float64Array
}

// Sums of distances from the mean, not of the returns: their squares then lose no digits to the mean.
function blockSums({ returns, trials, periods }: TrialReturns, blocks: number): BlockSums {
  const lengths = new Float64Array(blocks)
  const means = new Float64Array(trials)
  const sums = new Float64Array(blocks * trials)
  const squares = new Float64Array(blocks * trials)
  for (let n = 0; n < trials; n++) {
    let total = 0
    for (let t = 0; t < periods; t++) total += returns[n * periods + t] ?? 0
    const mean = total / periods
    means[n] = mean
    for (let block = 0; block < blocks; block++) {
      const from = Math.floor((block * periods) / blocks)
      const to = Math.floor(((block + 1) * periods) / blocks)
      lengths[block] = to - from
      let sum = 0
      let square = 0
      for (let t = from; t < to; t++) {
        const away = (returns[n * periods + t] ?? 0) - mean
        sum += away
        square += away * away
      }
      sums[block * trials + n] = sum
      squares[block * trials + n] = square
    }
  }
  return { blocks, trials, lengths, means, sums, squares }
}

const ROUNDING_VARIANCE = 1e-30

/** Sharpe ratio per period of each trial over the blocks whose bits are set. */
function sharpeRatios(block: BlockSums, mask: number, into: Float64Array): void {
  const { blocks, trials, lengths, means, sums, squares } = block
  let count = 0
  const members: number[] = []
  for (let b = 0; b < blocks; b++)
    if ((mask >>> b) & 1) {
      members.push(b * trials)
      count += lengths[b] ?? 0
    }
  for (let n = 0; n < trials; n++) {
    let sum = 0
    let square = 0
    for (let m = 0; m < members.length; m++) {
      const at = (members[m] ?? 0) + n
      sum += sums[at] ?? 0
      square += squares[at] ?? 0
    }
    const variance = (square - (sum * sum) / count) / (count - 1)
    const mean = (means[n] ?? 0) + sum / count
    into[n] = variance > ROUNDING_VARIANCE * (1 + mean * mean) ? mean / Math.sqrt(variance) : 0
  }
}

/** All sets of half of the blocks, as bits, ascending. */
function halves(blocks: number): Uint32Array {
  const masks: number[] = []
  for (let mask = 0; mask < 2 ** blocks; mask++) {
    let bits = 0
    for (let rest = mask; rest !== 0; rest &= rest - 1) bits++
    if (bits === blocks / 2) masks.push(mask)
  }
  return Uint32Array.from(masks)
}

function leastSquares(x: Float64Array, y: Float64Array): Overfitting['degradation'] {
  const count = x.length
  let meanX = 0
  let meanY = 0
  for (let i = 0; i < count; i++) {
    meanX += (x[i] ?? 0) / count
    meanY += (y[i] ?? 0) / count
  }
  let xx = 0
  let xy = 0
  let yy = 0
  for (let i = 0; i < count; i++) {
    const dx = (x[i] ?? 0) - meanX
    const dy = (y[i] ?? 0) - meanY
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
  }
  if (xx <= count * ROUNDING_VARIANCE) return null
  const slope = xy / xx
  return { slope, intercept: meanY - slope * meanX, r2: yy === 0 ? 1 : (xy * xy) / (xx * yy) }
}
