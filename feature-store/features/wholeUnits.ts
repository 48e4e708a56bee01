/** Powers of ten as the nearest doubles, up to the most decimals that a token has: made once, since each takes long. */
const POWERS: readonly number[] = Array.from({ length: 78 }, (_, decimals) => Number(10n ** BigInt(decimals)))

/** An integer amount in units of 10^-decimals as the nearest double of whole units. */
export function wholeUnits(amount: bigint, decimals: number): number {
  return Number(amount) / (POWERS[decimals] ?? Number(10n ** BigInt(decimals)))
}

/** A price or cash amount in 10⁻⁸ as a double. */
export function fromE8(value: bigint): number {
  return Number(value) / 1e8
}
