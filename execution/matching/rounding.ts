// For denominators above zero, with one division each: these are the arithmetic of every fill.

/** Divides towards negative infinity: what is received rounds against the trader. */
export function floorDivide(numerator: bigint, denominator: bigint): bigint {
  return numerator >= 0n ? numerator / denominator : (numerator + 1n) / denominator - 1n
}

/** Divides towards positive infinity: what is paid, or required, rounds against the trader. */
export function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  return numerator > 0n ? (numerator - 1n) / denominator + 1n : numerator / denominator
}

export const smaller = <T extends bigint | number>(a: T, b: T): T => (a < b ? a : b)
export const larger = <T extends bigint | number>(a: T, b: T): T => (a > b ? a : b)
export const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)
