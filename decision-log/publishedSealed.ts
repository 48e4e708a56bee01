import { keccak256 } from 'viem'
import type { AgentId, Hash, Hex, RecordedDecision, SealedBody, UnixMs } from '../core/index.ts'
import type { SealedEnvelope } from './sealedEnvelope.ts'

/** A decision as a feed's message has it while its body is kept back. */
export type PublishedSealed = {
  readonly agent: AgentId
  readonly sequence: number
  readonly leaf: Hash
  /** The agent's, over the leaf. */
  readonly signature: Hex
  readonly revealAtMs: UnixMs
  readonly keyHash: Hash
  /** The body, sealed under the key of its reveal time. */
  readonly ciphertext: Hex
  /** The agent's, over the envelope. */
  readonly envelopeSignature: Hex
}

/** A recorded decision as it is published while its body is kept back. */
export function publishSealed(
  { agent, sequence, leaf, signature }: Pick<RecordedDecision, 'agent' | 'sequence' | 'leaf' | 'signature'>,
  { revealAtMs, keyHash, ciphertext, signature: envelopeSignature }: SealedBody,
): PublishedSealed {
  return { agent, sequence, leaf, signature, revealAtMs, keyHash, ciphertext, envelopeSignature }
}

/** What the agent promises by a sealed decision: the envelope that it signed. */
export function envelopeIn({
  agent,
  sequence,
  leaf,
  revealAtMs,
  keyHash,
  ciphertext,
}: Omit<PublishedSealed, 'signature' | 'envelopeSignature'>): SealedEnvelope {
  return { agent, sequence, leaf, revealAtMs, keyHash, ciphertextHash: keccak256(ciphertext) }
}
