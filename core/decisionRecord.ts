import type { AgentId, Decision, DecisionKind, DecisionOutput } from './decision.ts'
import type { Hash, Hex } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import { type UnixMs, unixMs } from './time.ts'

/** The `revealAtMs` of a record that is public at once. */
export const NOT_SEALED = unixMs(0)

/** A decision as it is hashed and signed. */
export type DecisionRecord<O extends DecisionOutput = DecisionOutput> = Decision<O> & {
  /** Binds every observation the agent has seen so far (`extendDataRoot`). */
  readonly dataRoot: Hash
  /** When the body is made public at the latest; `NOT_SEALED` when it is public at once. */
  readonly revealAtMs: UnixMs
  /** Makes a sealed record unguessable. */
  readonly salt: Hash
}

/** What keeps a decision back until its reveal time. All of this is public at once; the key is not in it. */
export type SealedBody = {
  readonly revealAtMs: UnixMs
  /** keccak256 of the key that is made public at the reveal time. */
  readonly keyHash: Hash
  /** The body, sealed under that key. */
  readonly ciphertext: Hex
  /** The agent's signature of the envelope, 65 bytes. */
  readonly signature: Hex
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
  /** Absent where the decision is public at once. Until the reveal time, all but ids, leaf and signature is private. */
  readonly sealed?: SealedBody
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
