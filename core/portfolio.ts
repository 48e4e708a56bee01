import type { CashE8, PriceE8, Quantity } from './money.ts'

/** What an agent holds in one instrument. */
export type Position = {
  /** Negative when short. */
  readonly quantity: Quantity
  /** Average price of what is open; zero when flat. */
  readonly entryPriceE8: PriceE8
}

/** Cash and position of one agent, valued at a price. */
export type Portfolio = {
  readonly cashE8: CashE8
  readonly position: Position
  /** Cash plus the position at the last price. */
  readonly equityE8: CashE8
}
