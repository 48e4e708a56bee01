/**
 * Adds the units that numbers rounded down lack to their total: one each to those with the largest remainders, the lower
 * place first among equal ones.
 */
export function addToLargestRemainders(
  whole: Float64Array | Int32Array,
  remainders: Float64Array,
  missing: number,
): void {
  const order = Uint32Array.from(remainders.keys()).sort(
    (a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b,
  )
  for (const place of order.subarray(0, Math.max(0, missing))) whole[place] = (whole[place] ?? 0) + 1
}
