import type { BacktestFill } from '../roundTrips.ts'

/** What is held after the fills, negative when short, and the fills since the position was last zero. */
export function openFills(fills: readonly BacktestFill[]): {
  readonly held: bigint
  readonly since: readonly BacktestFill[]
} {
  let held = 0n
  let from = 0
  for (const [index, { side, quantity }] of fills.entries()) {
    const before = held
    held += side === 'buy' ? quantity : -quantity
    // A fill through zero begins what is held then.
    if (held !== 0n && (before === 0n || before > 0n !== held > 0n)) from = index
  }
  return { held, since: held === 0n ? [] : fills.slice(from) }
}
