import type { CashE8, PriceE8, Quantity } from './money.ts'

/** What an agent holds in one instrument. */
export type Position = {
  /** Negative when short. */
  readonly quantity: Quantity
  /** Average price of what is open; zero when flat. */
  readonly entryPriceE8: PriceE8
}

/** Cash and positions of one agent, valued at their last prices. */
export type Portfolio = {
  readonly cashE8: CashE8
  /** In the first instrument that the agent trades. */
  readonly position: Position
  /** One for each instrument that the agent trades, in the order of its definition. */
  readonly positions: readonly Position[]
  /** Cash plus the positions at the last prices. */
  readonly equityE8: CashE8
}
