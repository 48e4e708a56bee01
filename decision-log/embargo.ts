import { InvalidInputError, type RecordedDecision, type UnixMs, unixMs } from '../core/index.ts'

/** How long an agent keeps its decisions to itself. */
export type Embargo = {
  /** The shortest time between a decision and its reveal. */
  readonly delayMs: number
  /**
   * Reveal times are multiples of this: the decisions of one period share a key, which is posted once. The reveal
   * time of a decision, which is public at once, tells its time no closer than this.
   */
  readonly periodMs: number
}

/**
 * When a decision is revealed: `delayMs` after it was made, and then at the next multiple of `periodMs`.
 *
 * @throws InvalidInputError when a duration is no whole number, the delay negative or the period not positive.
 */
export function revealTimeOf(timeMs: UnixMs, { delayMs, periodMs }: Embargo): UnixMs {
  if (!Number.isSafeInteger(delayMs) || delayMs < 0 || !Number.isSafeInteger(periodMs) || periodMs < 1)
    throw new InvalidInputError(
      `An embargo of ${delayMs} ms in periods of ${periodMs} ms is none that can be kept.`,
      {
        facts: { delayMs, periodMs },
        hint: 'Give a delay of 0 or more and a period of 1 or more, both whole milliseconds.',
      },
    )
  return unixMs(Math.ceil((timeMs + delayMs) / periodMs) * periodMs)
}

/** True while a decision's body is nobody's but the agent's and its grantees'. */
export function isSealedAt({ sealed }: Pick<RecordedDecision, 'sealed'>, nowMs: UnixMs): boolean {
  return sealed !== undefined && sealed.revealAtMs > nowMs
}
