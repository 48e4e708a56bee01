import { type InstrumentId, InvalidInputError, type OrderTerms, PPM, type Ppm } from '../core/index.ts'

/** What a strategy concludes about an instrument. */
export type StrategySignal = {
  readonly direction: -1 | 0 | 1
  /** Size of the conviction, 0 to 1,000,000. */
  readonly strength: Ppm
  /** Probability that the direction is right, 0 to 1,000,000; 500,000 where nothing says. */
  readonly confidence: Ppm
  /** How far ahead the signal looks, in milliseconds. */
  readonly horizonMs: number
}

/** A signal, and what to do about it: a target, or orders, or neither (keep the position). */
export type StrategyConclusion = {
  /** One of the agent's instruments; the first unless given. */
  readonly instrument?: InstrumentId | undefined
  readonly signal: StrategySignal
  /** Position value to hold as a share of equity; negative is short. The agent orders the difference. */
  readonly target?: { readonly exposure: Ppm } | undefined
  readonly orders?: readonly OrderTerms[] | undefined
  /** Orders that are taken back, by sequence, before the new ones are given. */
  readonly cancel?: readonly number[] | undefined
}

/** Largest exposure that a target may name, as a multiple of equity; beyond it is surely a wrong unit. */
export const MAX_EXPOSURE_MULTIPLE = 100

/**
 * Checks a conclusion before it is acted on, since a strategy is a user's code. What an order's terms must be
 * beyond that, the venue judges.
 *
 * @throws InvalidInputError naming the strategy and the field that is out of its range.
 */
export function checkConclusion(strategy: string, conclusion: StrategyConclusion): StrategyConclusion {
  const { signal, target, orders, cancel } = conclusion
  const { direction, strength, confidence, horizonMs } = signal
  if (direction !== -1 && direction !== 0 && direction !== 1)
    throw outOfRange(strategy, 'signal.direction', direction, '-1, 0 or 1')
  if (!isShare(strength)) throw outOfRange(strategy, 'signal.strength', strength, SHARE)
  if (!isShare(confidence)) throw outOfRange(strategy, 'signal.confidence', confidence, SHARE)
  if (!Number.isSafeInteger(horizonMs) || horizonMs <= 0)
    throw outOfRange(strategy, 'signal.horizonMs', horizonMs, 'a positive whole number of milliseconds')
  if (target !== undefined) {
    const { exposure } = target
    if (!Number.isSafeInteger(exposure) || Math.abs(exposure) > MAX_EXPOSURE_MULTIPLE * PPM)
      throw outOfRange(strategy, 'target.exposure', exposure, EXPOSURE)
    if (orders !== undefined && orders.length > 0)
      throw new InvalidInputError(`Strategy "${strategy}" concluded both a target and orders.`, {
        facts: { strategy },
        hint: 'Return one of the two.',
      })
  }
  if (orders !== undefined) for (const order of orders) checkOrderTerms(strategy, order)
  if (cancel !== undefined)
    for (const sequence of cancel)
      if (!Number.isSafeInteger(sequence) || sequence < 0)
        throw outOfRange(strategy, 'cancel', sequence, 'the sequence of an open order')
  return conclusion
}

function checkOrderTerms(strategy: string, terms: OrderTerms): void {
  const size =
    terms.kind === 'subscribe'
      ? terms.amountE8
      : terms.kind === 'redeem'
        ? terms.shares
        : 'units' in terms.size
          ? terms.size.units
          : 'cashE8' in terms.size
            ? terms.size.cashE8
            : terms.size.equityPpm
  if (typeof size === 'number' && !Number.isSafeInteger(size))
    throw outOfRange(strategy, 'orders.size', size, 'a whole number of millionths of equity')
  if (size <= 0) throw outOfRange(strategy, 'orders.size', size, 'positive: the side says the direction')
}

const SHARE = 'a whole number from 0 to 1,000,000 (use ppm())'
const EXPOSURE = `whole millionths of equity, at most ${MAX_EXPOSURE_MULTIPLE} times it`

const isShare = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= PPM

function outOfRange(
  strategy: string,
  field: string,
  value: number | bigint,
  range: string,
): InvalidInputError {
  return new InvalidInputError(`Strategy "${strategy}" concluded ${field} ${value}.`, {
    facts: { strategy, field, value },
    hint: `It must be ${range}.`,
  })
}
