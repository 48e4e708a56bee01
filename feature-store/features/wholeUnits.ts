/** An integer amount in units of 10^-decimals as the nearest double of whole units. */
export function wholeUnits(amount: bigint, decimals: number): number {
  return Number(amount) / Number(10n ** BigInt(decimals))
}

/** A price or cash amount in 10⁻⁸ as a double. */
export function fromE8(value: bigint): number {
  return Number(value) / 1e8
}
