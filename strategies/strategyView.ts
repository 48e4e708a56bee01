import type {
  CashE8,
  InstrumentId,
  OrderTerms,
  Ppm,
  Prediction,
  PriceE8,
  Quantity,
  UnixMs,
} from '../core/index.ts'

/** An order of the agent that may still trade. */
export type OpenOrder = {
  /** Its sequence in the agent's log, which a conclusion takes it back by. */
  readonly sequence: number
  readonly decidedMs: UnixMs
  readonly terms: OrderTerms
}

/** One traded instrument at a decision instant. */
export type MarketView = {
  readonly instrument: InstrumentId
  /** Newest price: the middle of bid and ask where there are two; without a market, the NAV. */
  readonly priceE8: PriceE8
  readonly bidE8: PriceE8
  readonly askE8: PriceE8
  /** Newest NAV; null before the first, and for what has none. */
  readonly navE8: PriceE8 | null
  /**
   * Value of one of the agent's features, or null while it has none (too little history, say).
   *
   * @throws InvalidInputError for a name that is not among the agent's features.
   */
  feature(name: string): number | null
  /** The model's output, or null for an agent without a model. */
  readonly prediction: Prediction | null
  /** Value of the position as a share of equity, negative when short, rounded towards zero. */
  readonly exposure: Ppm
  /** The position, negative when short; with what an issuer still owes. */
  readonly quantity: Quantity
  /** Oldest first. */
  readonly openOrders: readonly OpenOrder[]
}

/** All that a strategy may know at a decision instant. The fields of its first market stand at the top. */
export type StrategyView = MarketView & {
  /** The `knownAt` of the event that caused the decision. */
  readonly nowMs: UnixMs
  /** Cash plus every position at its price. */
  readonly equityE8: CashE8
  /** Cash that is free to trade with: less than the equity, and less than nothing on margin. */
  readonly cashE8: CashE8
  /** Every traded instrument, in the order of the agent's definition. */
  readonly markets: readonly MarketView[]
}
