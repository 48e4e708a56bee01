import { InvalidInputError } from '../../core/index.ts'
import { INT16_MAX, INT16_MIN, INT32_MAX, INT32_MIN, type Requantisation } from './program.ts'

/** Multipliers are below this: with an int32 beside them products stay under 2^47, exact in a binary64. */
export const MULTIPLIER_LIMIT = 65_536
/** Largest shift: beyond it every product of an int32 and a multiplier rounds to 0. */
export const SHIFT_LIMIT = 46

/** 2 to each shift. Doubled up: powers need not be the same bits on every machine. */
const POWERS_OF_TWO = new Float64Array(SHIFT_LIMIT + 1).fill(1)
for (let shift = 1; shift <= SHIFT_LIMIT; shift++) POWERS_OF_TWO[shift] = (POWERS_OF_TWO[shift - 1] ?? 1) * 2

/** 2^shift, for a shift of at most `SHIFT_LIMIT`. */
export function powerOfTwo(shift: number): number {
  return POWERS_OF_TWO[shift] ?? Number.NaN
}

/** An integer of at most 32 bits times multiplier / 2^shift, rounded half up; exact. */
export function requantise(value: number, { multiplier, shift }: Requantisation): number {
  return Math.floor((value * multiplier) / powerOfTwo(shift) + 0.5)
}

/** The nearest int16. */
export function saturate16(value: number): number {
  return value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value
}

/** The nearest int32. */
export function saturate32(value: number): number {
  return value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value
}

/**
 * The multiplier and shift nearest to a ratio at or above 0, of 16 significant bits.
 *
 * @throws InvalidInputError when the ratio is not finite, negative, or above what a multiplier holds.
 */
export function requantisationOf(ratio: number): Requantisation {
  let shift = 0
  // Powers of two scale exactly, so that this finds the same shift everywhere.
  let scaled = ratio
  while (shift < SHIFT_LIMIT && Math.round(scaled * 2) < MULTIPLIER_LIMIT) {
    scaled *= 2
    shift++
  }
  const multiplier = Math.round(scaled)
  if (!(multiplier >= 0 && multiplier < MULTIPLIER_LIMIT))
    throw new InvalidInputError(`A scale of ${ratio} cannot be written in integers.`, {
      facts: { ratio },
      hint: 'The weights are too large or not finite: train again with a lower learning rate or more `l2`.',
    })
  return { multiplier, shift }
}
