import { productQuotient } from '../../core/index.ts'
import { ceilDivide, floorDivide } from './rounding.ts'

/**
 * A whole number of any size, in one form only: a double as far as doubles are exact, else a bigint. So the money of
 * almost every account is computed at the speed of doubles, and all of it exactly. Equal numbers are `===`, and `<` and
 * `>` hold between both forms.
 */
export type Whole = number | bigint

const LARGEST = Number.MAX_SAFE_INTEGER
const BIG_LARGEST = BigInt(LARGEST)
const BIG_LEAST = -BIG_LARGEST
/** Up to which a quotient is sure to be exact before its rest is known. */
const LARGEST_QUOTIENT = 2 ** 53 - 2 ** 10

/** Takes a bigint in. */
export function whole(value: bigint): Whole {
  return value > BIG_LARGEST || value < BIG_LEAST ? value : Number(value)
}

/** Gives a bigint out. */
export function big(value: Whole): bigint {
  return typeof value === 'number' ? BigInt(value) : value
}

/** a + b. */
export function plus(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (isExact(sum)) return sum
  }
  return whole(big(a) + big(b))
}

/** a − b. */
export function minus(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (isExact(difference)) return difference
  }
  return whole(big(a) - big(b))
}

/** a · b. */
export function times(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (isExact(product)) return product
  }
  return whole(big(a) * big(b))
}

/** a · b / divisor, rounded towards negative infinity: what is received. Only `a` may be below zero; the divisor is above. */
export function quotientDown(a: Whole, b: Whole, divisor: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number' && typeof divisor === 'number')
    if (Math.abs(a) * b <= LARGEST_QUOTIENT * divisor)
      return a < 0 ? -productQuotient(-a, b, divisor, 'up') : productQuotient(a, b, divisor, 'down')
  return whole(floorDivide(big(a) * big(b), big(divisor)))
}

/** The same rounded towards positive infinity: what is paid, or required. */
export function quotientUp(a: Whole, b: Whole, divisor: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number' && typeof divisor === 'number')
    if (Math.abs(a) * b <= LARGEST_QUOTIENT * divisor)
      return a < 0 ? -productQuotient(-a, b, divisor, 'down') : productQuotient(a, b, divisor, 'up')
  return whole(ceilDivide(big(a) * big(b), big(divisor)))
}

export const negative = (value: Whole): Whole => (typeof value === 'number' ? 0 - value : -value)
export const absolute = (value: Whole): Whole => (value < 0 ? negative(value) : value)

// What is rounded to a double within the range was exact: the next whole numbers beyond it round out of it.
const isExact = (double: number): boolean => double >= -LARGEST && double <= LARGEST
