import type { Cancel, Decision, Logged, Order } from '../core/index.ts'

/** Tells whether a logged decision is what a venue takes: an order, or one taken back. */
export function isPlacement(decision: Logged<Decision>): decision is Logged<Decision<Order | Cancel>> {
  return decision.output.kind === 'order' || decision.output.kind === 'cancel'
}
