import { concat, keccak256, toHex } from 'viem'
import { type Hash, InvalidInputError } from '../core/index.ts'

/** Which decisions are checked instead of all. */
export type AuditSample = {
  /** How many; all when there are no more. */
  readonly size: number
  /**
   * Decides which. It must not be known to the agent when it decides, and not be chosen by who runs the agent: the hash
   * of a later block, say.
   */
  readonly seed: Hash
}

/**
 * Draws a sample without replacement from 0 to `population - 1`, ascending: the n-th draw is
 * keccak256(seed ‖ n as 32 bytes) modulo the population, and repetitions are drawn over, so that anybody draws the
 * same from the same seed. (The modulus favours no number by more than population / 2^256.)
 *
 * @throws InvalidInputError when the size is no whole number from 1.
 */
export function drawSample(population: number, { size, seed }: AuditSample): number[] {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new InvalidInputError(`A sample of ${size} decisions cannot be drawn.`, {
      facts: { size },
      hint: 'Ask for a whole number from 1.',
    })
  if (size >= population) return Array.from({ length: population }, (_, sequence) => sequence)
  const drawn = new Set<number>()
  for (let draw = 0; drawn.size < size; draw++)
    drawn.add(Number(BigInt(keccak256(concat([seed, toHex(draw, { size: 32 })]))) % BigInt(population)))
  return [...drawn].sort((a, b) => a - b)
}

/**
 * The most decisions of a population that can be wrong, with a confidence from 0 to 1, when `wrong` of `checked` that
 * were drawn at random are: the largest K for which drawing no more than `wrong` of them still has a probability
 * above 1 - confidence. It is the exact upper bound of the hypergeometric distribution; with nothing wrong in a large
 * population it is near the "rule of three", 3 / checked at 95 % (Hanley and Lippman-Hand, JAMA 1983).
 *
 * @see Cochran, Sampling Techniques, 3rd edition, section 3.6
 */
export function wrongAtMost(found: {
  readonly population: number
  readonly checked: number
  readonly wrong: number
  readonly confidence: number
}): number {
  const { population, checked, wrong, confidence } = found
  if (!(confidence > 0 && confidence < 1))
    throw new InvalidInputError(`${confidence} is no confidence.`, {
      facts: { confidence },
      hint: 'Choose one between 0 and 1, such as 0.95.',
    })
  // The more are wrong, the less likely are so few found: the bound is found by bisection.
  let [possible, excluded] = [wrong, population - (checked - wrong) + 1]
  while (excluded - possible > 1) {
    const middle = Math.floor((possible + excluded) / 2)
    if (probabilityOfAtMost(wrong, middle, found) > 1 - confidence) possible = middle
    else excluded = middle
  }
  return possible
}

/** Probability that a sample holds at most `wrong` of the `bad` decisions of a population. */
function probabilityOfAtMost(
  wrong: number,
  bad: number,
  { population, checked }: { readonly population: number; readonly checked: number },
): number {
  const good = population - bad
  let sum = 0
  for (let hits = Math.max(0, checked - good); hits <= Math.min(wrong, bad, checked); hits++)
    sum += Math.exp(logChoose(bad, hits) + logChoose(good, checked - hits) - logChoose(population, checked))
  return sum
}

/** Logarithm of the binomial coefficient, by a product over the smaller side. */
function logChoose(n: number, k: number): number {
  const side = Math.min(k, n - k)
  let sum = 0
  for (let step = 1; step <= side; step++) sum += Math.log((n - side + step) / step)
  return sum
}
