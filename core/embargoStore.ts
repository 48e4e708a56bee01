import type { AgentId } from './decision.ts'
import type { Hash, Hex } from './hex.ts'
import type { UnixMs } from './time.ts'

/** A time at which sealed decisions of an agent are revealed, and the hash of the key that opens them. */
export type RevealTime = { readonly revealAtMs: UnixMs; readonly keyHash: Hash }

/** Lets the holder of a key read an agent's sealed decisions at once. */
export type Grant = {
  readonly agent: AgentId
  /** X25519 public key that bodies are encrypted to. */
  readonly publicKey: Hash
  readonly fromMs: UnixMs
  /** Null without an end. */
  readonly untilMs: UnixMs | null
  /** Null while it stands. */
  readonly revokedAtMs: UnixMs | null
  /** The agent's signature of the grant, 65 bytes. */
  readonly signature: Hex
}

/** What is kept of decisions under embargo, beside the decisions themselves. */
export interface EmbargoStore {
  /** When an agent's decisions are revealed, after one time and up to another, ascending, each once. */
  revealTimes(agent: AgentId, afterMs: UnixMs, throughMs: UnixMs): Promise<RevealTime[]>
  /** Inserts or replaces the grant of an agent to a key. */
  saveGrant(grant: Grant): Promise<void>
  /** All grants to a key, or of an agent, ordered by agent and key. */
  grants(of: { readonly publicKey: Hash } | { readonly agent: AgentId }): Promise<Grant[]>
}
