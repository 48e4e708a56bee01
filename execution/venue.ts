import type { Decision, Fill, Logged, MarketEvent, Order } from '../core/index.ts'

/** Where orders go. It takes only what is recorded. */
export interface Venue {
  /** Takes an order. Placing the same sequence again changes nothing. */
  place(order: Logged<Decision<Order>>): void
  /** What became of the orders placed, as this event shows it; call it once per event, in order. */
  onEvent(event: MarketEvent): readonly Fill[]
}
