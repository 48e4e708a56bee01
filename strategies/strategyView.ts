import type { CashE8, Ppm, Prediction, PriceE8, Quantity, UnixMs } from '../core/index.ts'

/** All that a strategy may know at a decision instant. */
export type StrategyView = {
  /** The `knownAt` of the event that caused the decision. */
  readonly nowMs: UnixMs
  /** Newest price of the traded instrument. */
  readonly priceE8: PriceE8
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
  /** The position, negative when short. */
  readonly quantity: Quantity
  /** Cash plus the position at `priceE8`. */
  readonly equityE8: CashE8
}
