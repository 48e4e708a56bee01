import type { OrderTerms } from './orderTerms.ts'

/** What the oracle is told about costs: parameters, not models. */
export type OracleCosts = {
  readonly takerPpm: bigint
  readonly makerPpm: bigint
  readonly fixedE8: bigint
  readonly halfSpreadPpm: bigint
  readonly entrySpreadPpm: bigint
  readonly latencyMs: number
}

export type OracleInstrument = {
  readonly decimals: number
  readonly sizeStep: bigint
  readonly minimumSize: bigint
  readonly initialMarginPpm: bigint
  readonly maintenanceMarginPpm: bigint
}

export type OracleTerms = {
  readonly instruments: readonly OracleInstrument[]
  readonly cashE8: bigint
  readonly hedging: boolean
  readonly thisClose: boolean
  readonly costs: OracleCosts
}

export type Ohlc = {
  readonly open: bigint
  readonly high: bigint
  readonly low: bigint
  readonly close: bigint
}

/** A bar, or a price: a bar whose times and prices are one. */
export type OracleEvent = {
  readonly instrument: number
  readonly isBar: boolean
  readonly openMs: number
  readonly closeMs: number
  readonly bid: Ohlc
  readonly ask: Ohlc
}

/** An order that was taken and is not done. */
export type Placed = {
  id: number
  terms: OrderTerms
  role: 'order' | 'stopLoss' | 'takeProfit'
  /** The lot of a bracket's leg. */
  legOf: number | null
  sentMs: number
  arrivesMs: number
  endsMs: number | null
  equityThen: bigint
  stop: bigint | null
  best: bigint | null
  isLimitNow: boolean
  /** The event that turned it into a limit inside the bar. */
  turned: OracleEvent | null
  born: OracleEvent | null
  sees: 'everything' | 'limits' | 'the end' | 'nothing'
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }
