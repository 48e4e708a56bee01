import type { Decision, Logged, Order } from '../core/index.ts'

/** Tells whether a logged decision is an order: what a venue takes. */
export function isOrder(decision: Logged<Decision>): decision is Logged<Decision<Order>> {
  return decision.output.kind === 'order'
}
