import type { Address, Hash, Hex } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import type { CashE8, Ppm, PriceE8, Quantity } from './money.ts'
import type { SourcePosition } from './observation.ts'
import type { OrderTerms } from './orderTerms.ts'
import type { UnixMs } from './time.ts'

/** An agent is named by the address of its key. */
export type AgentId = Address

/** What an agent concludes about an instrument. */
export type Signal = {
  readonly kind: 'signal'
  readonly direction: -1 | 0 | 1
  /** Size of the conviction, 0 to 1,000,000. */
  readonly strength: Ppm
  /** Probability that the direction is right, 0 to 1,000,000; 500,000 where no model says. */
  readonly confidence: Ppm
  /** How far ahead the signal looks. */
  readonly horizonMs: number
  /** What the model said; null without one. */
  readonly prediction: ModelOutput | null
}

/** A model's output as it is recorded: integers, so that anybody computes the same. */
export type ModelOutput = {
  /** The sealed model's own, an int32 in 1 / `SCORE_ONE`. */
  readonly score: number
  /** The score as the calibrated probability of a rise, 0 to 1,000,000. */
  readonly probabilityUp: Ppm
}

/** An order. Its id is the sequence of its decision, its instrument the decision's. */
export type Order = {
  readonly kind: 'order'
  readonly terms: OrderTerms
  /** Price that the order was decided at; of a request to an issuer, the last NAV known. */
  readonly referencePriceE8: PriceE8
}

/** The agent takes an order back. */
export type Cancel = {
  readonly kind: 'cancel'
  /** Sequence of the order's decision. */
  readonly order: number
}

/** What traded: the order itself, a leg of its bracket, what an exclusive order closes first, or a forced close. */
export type FillCause = 'order' | 'stopLoss' | 'takeProfit' | 'close' | 'liquidation'

/** Why an order, or what was left of it, ended without a fill. */
export type EndReason =
  /** Its time was up. */
  | 'goodTill'
  /** The first price that could have filled it came too late after it. */
  | 'priceAge'
  /** The agent took it back. */
  | 'cancelled'
  /** An exclusive order took its place. */
  | 'exclusive'
  /** The account was liquidated or closed. */
  | 'liquidated'
  | 'accountClosed'
  | 'marketClosed'
  /** It is smaller than the venue takes, or no multiple of its step. */
  | 'size'
  /** A price in its terms is on the wrong side of the market. */
  | 'price'
  /** The account has not the margin. */
  | 'margin'
  | 'nothingToReduce'
  /** The market, or the issuer, cannot take the size. */
  | 'liquidity'
  /** The terms contradict each other, or the venue does not offer them. */
  | 'notOffered'
  /** The issuer's rules: who may hold, minimum, capacity, a frozen or paused token. */
  | 'compliance'
  | 'belowMinimum'
  | 'aboveCapacity'
  | 'insufficientCash'
  | 'insufficientShares'
  /** The issuer has no NAV, or too old a one. */
  | 'nav'
  /** Only NAVs price it, and no market: it is subscribed and redeemed with its issuer. */
  | 'noMarket'

/**
 * What became of an order. One order may have several fills: parts of a request, the legs of a bracket, the
 * closing of an exclusive order.
 */
export type Fill = {
  readonly kind: 'fill'
  /** Sequence of the order's decision; null for a liquidation. */
  readonly order: number | null
  readonly cause: FillCause
  readonly side: 'buy' | 'sell'
  /** `filled`: traded, or priced by an issuer. `ended`: nothing (more) will be. */
  readonly outcome: 'filled' | 'ended'
  /** Null when filled. */
  readonly reason: EndReason | null
  /** Always positive; zero when ended. */
  readonly quantity: Quantity
  /** Price paid or received before fees; zero when ended. */
  readonly priceE8: PriceE8
  readonly feeE8: CashE8
  /** Observation that gave the price, or that the order ended at. */
  readonly pricedBy: SourcePosition
}

/** An issuer delivered what was priced before: shares that can be used now, or cash. It changes no equity. */
export type Settlement = {
  readonly kind: 'settlement'
  /** Sequence of the order's decision. */
  readonly order: number
  readonly quantity: Quantity
  readonly cashE8: CashE8
}

export type AdjustmentReason = 'distribution' | 'rebase' | 'forcedTransfer' | 'recovery' | 'reconciliation'

/** Cash or shares came or went without an order: yield, or what an issuer did. */
export type Adjustment = {
  readonly kind: 'adjustment'
  readonly reason: AdjustmentReason
  /** Change of the position, negative when shares are gone. */
  readonly quantity: bigint
  /** Change of the cash. */
  readonly cashE8: CashE8
}

export type HaltReason = 'position' | 'orderSize' | 'dailyLoss' | 'staleness' | 'reorg' | 'operator' | 'ruin'

/** The agent stops trading; after it, nothing but what becomes of what it has decided and holds. */
export type Halt = {
  readonly kind: 'halt'
  readonly reason: HaltReason
  /** The limit and what was observed, in the limit's own unit (10⁻⁸ of the quote currency, or milliseconds). */
  readonly limit: bigint
  readonly observed: bigint
}

/** Why another model serves, or runs beside the one that does. */
export type ModelChangeCause =
  /** The first model of the agent. */
  | 'deployed'
  /** The next model of a walk-forward. */
  | 'scheduled'
  /** It predicts beside the serving model from now on, and is judged against it. */
  | 'admitted'
  /** It was better than the serving model, by the rule that the agent's definition states. */
  | 'promoted'
  /** The operator returned to it. */
  | 'rolledBack'

/** The agent changes its model, or, where one is `admitted`, the model that predicts beside it. */
export type ModelChange = {
  readonly kind: 'modelChange'
  readonly cause: ModelChangeCause
  /** The zero hash where there was none. */
  readonly from: Hash
  readonly to: Hash
}

/**
 * What came of a signal: the last price known when it was made, and the last known when its horizon ended. Whether it was
 * right follows from these alone. A signal that says nothing, flat and without a prediction, has none.
 */
export type Outcome = {
  readonly kind: 'outcome'
  /** Sequence of the signal's decision. */
  readonly signal: number
  /** The middle of bid and ask, rounded down; of what has no market its NAV. */
  readonly entryPriceE8: PriceE8
  /** Observation that gave the price. */
  readonly entryPricedBy: SourcePosition
  readonly exitPriceE8: PriceE8
  readonly exitPricedBy: SourcePosition
}

/** What an agent holds of an instrument that it has traded, perhaps nothing, and the last price known. */
export type ValuedPosition = {
  readonly instrument: InstrumentId
  /** Decimal places of the quantity: smallest units in one whole unit are 10 to this power. */
  readonly decimals: number
  /** Negative when short; with what is under way at an issuer. */
  readonly quantity: Quantity
  readonly priceE8: PriceE8
  /** Observation that gave the price. */
  readonly pricedBy: SourcePosition
}

/**
 * What an agent was worth when a UTC day ended, or an hour where it decides more often than that, at the last prices
 * known. Recorded at the first event known after it, for every day or hour in which something was known since the agent
 * began.
 */
export type Valuation = {
  readonly kind: 'valuation'
  /** When the day or hour ended; what is known at it counts. */
  readonly asOfMs: UnixMs
  /** With what is under way at an issuer. */
  readonly cashE8: CashE8
  /** Cash and every position at its price, each rounded down. */
  readonly equityE8: CashE8
  /** One for each instrument that the agent has ever traded. */
  readonly positions: readonly ValuedPosition[]
}

export type DecisionOutput =
  | Signal
  | Order
  | Fill
  | Halt
  | ModelChange
  | Cancel
  | Settlement
  | Adjustment
  | Outcome
  | Valuation
export type DecisionKind = DecisionOutput['kind']

/** The kinds in the order of their on-chain number (EIP-712 `uint8 kind`). */
export const DECISION_KINDS = [
  'signal',
  'order',
  'fill',
  'halt',
  'modelChange',
  'cancel',
  'settlement',
  'adjustment',
  'outcome',
  'valuation',
] as const satisfies readonly DecisionKind[]

/**
 * How much of a model's score one feature accounts for: its Shapley value, an int32 in 1 / `SCORE_ONE`. Those of a
 * prediction add up to its score less the model's score of nothing known.
 */
export type Attribution = { readonly feature: string; readonly effect: number }

/** What an agent decided, why, and from what: the kernel's output, before it is recorded. */
export type Decision<O extends DecisionOutput = DecisionOutput> = {
  readonly agent: AgentId
  /** Gapless per agent, from 0. */
  readonly sequence: number
  readonly instrument: InstrumentId
  /** The `knownAt` of the event that caused it. */
  readonly timeMs: UnixMs
  /** The last observation seen. */
  readonly observed: SourcePosition
  /** Names and versions of the features, hashed; zero when none were used. */
  readonly featureSet: Hash
  /** The feature vector: binary32, big-endian, one quiet NaN (0x7fc00000) for a missing value. */
  readonly features: Hex
  readonly model: Hash
  readonly strategy: Hash
  readonly output: O
  readonly attributions: readonly Attribution[]
}
