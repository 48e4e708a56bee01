/** What a fee or slippage model is asked about. */
export type Execution = {
  readonly instrument: number
  readonly timeMs: number
  readonly buy: boolean
  /** In smallest units, positive. */
  readonly quantity: bigint
  readonly priceE8: bigint
  /** Smallest units in one whole unit of the base. */
  readonly unit: bigint
  /** True when the order rested in the market, false when it took what was there. */
  readonly maker: boolean
  /** True when any part of it opens a position. */
  readonly entry: boolean
  /** Base traded in the bar, in 10⁻⁸ of a whole unit; zero where it is not known. */
  readonly volumeE8: number
  /** Worst price that the order takes; NaN, or left out, where it takes any. */
  readonly limitE8?: number
}

/** What a fill costs beside its price, in 10⁻⁸ of the quote currency: zero or more, rounded up. */
export type FeeModel = {
  (execution: Execution): bigint
  /** Shares of a fill's value that it is never below, in millionths, where they are known: a size is solved for by them. */
  readonly least?: LeastFee
  /** Left out where it is anything else: then it is asked at each fill. */
  readonly plain?: PlainFee
}

/** A fee that is a share of a fill's value, rounded up, and an amount beside it: fills compute it themselves. */
export type PlainFee = { readonly takerPpm: number; readonly makerPpm: number; readonly fixedE8: bigint }

/** Least fee as a share of a fill's value, in millionths: of what takes from the market, and of what rested in it. */
export type LeastFee = { readonly takerPpm: bigint; readonly makerPpm: bigint }

/**
 * The price that a taker gets instead: never better than the one given, rounded against the trader; null when
 * the market cannot take the size. It does not improve with size.
 */
export type SlippageModel = (execution: Execution) => bigint | null

/** When an order that is sent at a time reaches the venue: at that time or later. */
export type LatencyModel = (sentMs: number) => number

/** What trading costs, beside the prices themselves. Each part defaults to nothing. */
export type ExecutionModels = {
  readonly fees?: FeeModel
  readonly slippage?: SlippageModel
  readonly latency?: LatencyModel
}
