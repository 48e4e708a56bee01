import type { Adjustment, CashE8, Fill, Logged, MarketColumns, Quantity, Settlement } from '../core/index.ts'
import type { FillAtRow, Placement } from './decisionBuffer.ts'

/** Something that happened to an agent's orders or holdings. */
export type VenueOutcome = {
  /** Index among the agent's traded instruments. */
  readonly market: number
  /** A fill without `pricedBy` has its price of the row that tells of it. */
  readonly output: Fill | FillAtRow | Settlement | Adjustment
  /** What traded, where that is a fill which doubles hold: to ask for it makes nothing. */
  readonly traded?: TradedNumbers | null
  /** When it happened: of a fill at a bar's open, that. */
  readonly timeMs: number
  /** True when the order that it concerns is done; its bracket may stay. */
  readonly isDone: boolean
}

/** A fill as columns keep it, exact in doubles. */
export type TradedNumbers = {
  /** Sequence of the order's decision; null for a liquidation. */
  readonly order: number | null
  /** In smallest units, above zero for a purchase. */
  readonly quantity: number
  readonly priceE8: number
  readonly feeE8: number
}

/** The order that an outcome concerns, by the sequence of its decision; null for none. */
export function orderOf(outcome: VenueOutcome): number | null {
  const { traded } = outcome
  if (traded !== undefined && traded !== null) return traded.order
  return 'order' in outcome.output ? outcome.output.order : null
}

/**
 * What an agent holds at a venue. It changes only with outcomes, which may still wait to be taken. Doubles are for
 * estimates, never for money.
 */
export interface Holdings {
  /** Cash, free or under way. */
  readonly cashE8: CashE8
  readonly cashNumber: number
  /** Cash that is free to trade with. */
  readonly freeE8: CashE8
  /** Position in a traded instrument, negative when short; with what is under way. */
  quantity(market: number): Quantity
  /** The same in whole units. */
  units(market: number): number
  /** Cash paid for what is open, before fees; negative when short. */
  costE8(market: number): CashE8
}

/** How a venue takes rows of a market's bars at which nothing happens to what an agent has there. */
export interface QuietRows {
  /**
   * The first row from `row` on, before `end`, at which something may happen, if nothing is placed until then; else `end`.
   * Rows that are no bars of the market are looked at as though they were.
   */
  to(columns: MarketColumns, row: number, end: number, market: number): number
  /** Says, in place of `onRow` at each of them, which row was the last of those at which nothing happened. */
  pass(columns: MarketColumns, row: number, market: number): void
}

/** Where orders go. It takes only what is recorded. Synchronous, without clock or randomness. */
export interface Venue {
  readonly holdings: Holdings
  /** Takes an order, or takes one back. Placing the same sequence again changes nothing. */
  place(placement: Logged<Placement>): void
  /**
   * Lets a row of events act; call it once per row, in order.
   *
   * @param market Index of the row's instrument among those that the agent trades; -1 for another.
   */
  onRow(columns: MarketColumns, row: number, market: number): void
  /** Takes many rows together; left out where the venue takes none but one by one. */
  readonly quiet?: QuietRows
  /** True once nothing is left to trade with: no order is taken any more. */
  readonly isClosed: boolean
  /** What has happened and was not taken yet, in order; valid until the next call. */
  readonly outcomes: readonly VenueOutcome[]
  /** Takes the outcomes. */
  clearOutcomes(): void
}
