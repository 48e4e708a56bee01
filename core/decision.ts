import type { Address, Hash, Hex } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import type { CashE8, Ppm, PriceE8, Quantity } from './money.ts'
import type { SourcePosition } from './observation.ts'
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
  /** The model's output as the 32 bits of a binary32, or null without a model. */
  readonly predictionBits: number | null
}

/** Terms of an order. Its id is the sequence of its decision. */
export type Order = {
  readonly kind: 'order'
  readonly side: 'buy' | 'sell'
  /** Always positive. */
  readonly quantity: Quantity
  /** Price that the size was computed from. */
  readonly referencePriceE8: PriceE8
}

/** What became of an order. */
export type Fill = {
  readonly kind: 'fill'
  /** Sequence of the order's decision. */
  readonly order: number
  readonly side: 'buy' | 'sell'
  readonly outcome: 'filled' | 'expired'
  /** Always positive; zero when expired. */
  readonly quantity: Quantity
  /** Price paid or received before fees; zero when expired. */
  readonly priceE8: PriceE8
  readonly feeE8: CashE8
  /** Observation that gave the price. */
  readonly pricedBy: SourcePosition
}

export type HaltReason = 'position' | 'orderSize' | 'dailyLoss' | 'staleness' | 'reorg' | 'operator'

/** The agent stops trading; after it, nothing but fills of orders already placed. */
export type Halt = {
  readonly kind: 'halt'
  readonly reason: HaltReason
  /** The limit and what was observed, in the limit's own unit (10⁻⁸ of the quote currency, or milliseconds). */
  readonly limit: bigint
  readonly observed: bigint
}

/** The agent changes its model. */
export type ModelChange = { readonly kind: 'modelChange'; readonly from: Hash; readonly to: Hash }

export type DecisionOutput = Signal | Order | Fill | Halt | ModelChange
export type DecisionKind = DecisionOutput['kind']

/** The kinds in the order of their on-chain number (EIP-712 `uint8 kind`). */
export const DECISION_KINDS = [
  'signal',
  'order',
  'fill',
  'halt',
  'modelChange',
] as const satisfies readonly DecisionKind[]

/** How much one feature moved a prediction: its change, in millionths of probability, when it is replaced. */
export type Attribution = { readonly feature: string; readonly effectPpm: number }

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

/** A decision as it is hashed and signed. */
export type DecisionRecord<O extends DecisionOutput = DecisionOutput> = Decision<O> & {
  /** Binds every observation the agent has seen so far (`extendDataRoot`). */
  readonly dataRoot: Hash
  /** Makes a sealed record unguessable. */
  readonly salt: Hash
}

/** A durable, signed decision. */
export type RecordedDecision = {
  readonly agent: AgentId
  readonly sequence: number
  /** Gapless over all agents of a store, from 0: the feed's cursor. Assigned by the store. */
  readonly feedSequence: number
  readonly kind: DecisionKind
  readonly instrument: InstrumentId
  readonly timeMs: UnixMs
  /** Canonical JSON of the `DecisionRecord`. */
  readonly body: string
  /** EIP-712 hash of the record: the leaf. */
  readonly leaf: Hash
  /** The agent's signature of the leaf, 65 bytes. */
  readonly signature: Hex
}

/** Proof that a decision is durably recorded. */
export type LogReceipt = {
  readonly agent: AgentId
  readonly sequence: number
  readonly leaf: Hash
  readonly signature: Hex
}

declare const logged: unique symbol

/** A decision that carries the receipt of its record. Only a decision log makes one: a venue takes no less. */
export type Logged<D> = D & { readonly receipt: LogReceipt; readonly [logged]: true }

/** Identifies a decision for people: `0x…/12`. */
export type DecisionId = `${AgentId}/${number}`
export const decisionId = (agent: AgentId, sequence: number): DecisionId => `${agent}/${sequence}`
