import { exactLog, PPM } from '../core/index.ts'

/** When a challenger takes the serving model's place. Part of an agent's definition: it stands before the data. */
export type PromotionRule = {
  /** Outcomes of both models that must be known, none of which overlaps another. */
  readonly minOutcomes: number
  /** How much lower the challenger's mean log loss must be, in nats. */
  readonly minAdvantage: number
  /** The mean advantage in standard errors of it; 1.64 is 95 % one-sided, were it looked at once. */
  readonly minTStatistic: number
}

/** What is known of a contest: the challenger's advantage is the serving model's log loss less its own, in nats. */
export type ContestStanding = {
  readonly outcomes: number
  readonly meanAdvantage: number
  /** Null before two outcomes, or where they are all alike. */
  readonly tStatistic: number | null
}

/** Probabilities are kept this far from 0 and 1, so that one certain mistake does not decide a contest alone. */
const LEAST_PPM = 1_000

/**
 * Judges a challenger against the serving model on outcomes that neither has seen: each pair of predictions is kept
 * until its horizon is over, then scored by the price of then. Predictions whose horizon overlaps that of one before
 * are left out, so that the outcomes are not counted twice. Whatever it says follows from the rows alone.
 */
export class ModelContest {
  /** When the predictions at hand are scored; infinite without any. */
  dueMs = Number.POSITIVE_INFINITY
  readonly #rule: PromotionRule
  #entryPrice = 0
  #serving = 0
  #challenger = 0
  #outcomes = 0
  #sum = 0
  #squares = 0

  constructor(rule: PromotionRule) {
    this.#rule = rule
  }

  /**
   * Takes down what both predict now, unless an earlier pair is still to be scored.
   *
   * @param servingPpm Probability of a rise in millionths, by the serving model.
   */
  predict(nowMs: number, horizonMs: number, price: number, servingPpm: number, challengerPpm: number): void {
    if (this.dueMs !== Number.POSITIVE_INFINITY) return
    this.dueMs = nowMs + horizonMs
    this.#entryPrice = price
    this.#serving = servingPpm
    this.#challenger = challengerPpm
  }

  /** Scores the pair at hand by the last price known when its horizon ended. */
  settle(price: number): void {
    const rose = price > this.#entryPrice
    const advantage = lossOf(this.#serving, rose) - lossOf(this.#challenger, rose)
    this.#outcomes++
    this.#sum += advantage
    this.#squares += advantage * advantage
    this.dueMs = Number.POSITIVE_INFINITY
  }

  standing(): ContestStanding {
    const outcomes = this.#outcomes
    const meanAdvantage = outcomes === 0 ? 0 : this.#sum / outcomes
    if (outcomes < 2) return { outcomes, meanAdvantage, tStatistic: null }
    const variance = (this.#squares - outcomes * meanAdvantage * meanAdvantage) / (outcomes - 1)
    if (!(variance > 0)) return { outcomes, meanAdvantage, tStatistic: null }
    return { outcomes, meanAdvantage, tStatistic: meanAdvantage / Math.sqrt(variance / outcomes) }
  }

  /** Whether the rule says that the challenger has won. */
  isWon(): boolean {
    const { minOutcomes, minAdvantage, minTStatistic } = this.#rule
    if (this.#outcomes < minOutcomes) return false
    const { meanAdvantage, tStatistic } = this.standing()
    return meanAdvantage >= minAdvantage && tStatistic !== null && tStatistic >= minTStatistic
  }
}

function lossOf(probabilityPpm: number, rose: boolean): number {
  const given = rose ? probabilityPpm : PPM - probabilityPpm
  return -exactLog(Math.min(PPM - LEAST_PPM, Math.max(LEAST_PPM, given)) / PPM)
}
