import { E8, floorDivide, type PriceE8, type Quantity, quantity } from '../../../core/index.ts'

/** A balance of a rebasing token, which follows an index. */
export type RebasingBalance = {
  /** Brings the balance to an index, and returns it: what came or went since the last time, included. */
  rebase(held: Quantity, indexE8: PriceE8): Quantity
}

/**
 * Opens a rebasing balance. The first index seen changes nothing. What is received becomes shares rounded down,
 * what is given away takes shares rounded up: against the holder, as the token's pool does not lose by it.
 */
export function createRebasingBalance(terms: {
  readonly rounding: 'fromShares' | 'eachRebase'
  readonly precision: number
}): RebasingBalance {
  const scale = BigInt(terms.precision) * E8
  /** The unrebased token's smallest units at `precision`, and the balance that they stood for. */
  let shares = 0n
  let shown = 0n
  let index: bigint | null = null
  return {
    rebase(held, indexE8) {
      if (terms.rounding === 'eachRebase') {
        const after = index === null ? held : quantity((held * indexE8) / index)
        index = indexE8
        return after
      }
      // Traded since the last index, so at that one.
      const change = held - shown
      shares += floorDivide(change * scale, index ?? indexE8)
      // Rounding what was given up may reach one share beyond nothing.
      if (held === 0n || shares < 0n) shares = 0n
      const first = index === null
      index = indexE8
      shown = first ? held : (shares * indexE8) / scale
      return quantity(shown)
    },
  }
}
