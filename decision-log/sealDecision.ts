import { keccak256 } from 'viem'
import type { Hash, SealedBody, UnixMs } from '../core/index.ts'
import type { AgentSigner } from './createSigner.ts'
import type { LogDomain } from './decisionTypes.ts'
import { keyHashOf } from './revealKeys.ts'
import { sealBody } from './sealBody.ts'
import { hashEnvelope } from './sealedEnvelope.ts'

/** Seals a decision's body until its reveal time, and signs the envelope. */
export async function sealDecision({
  signer,
  domain,
  key,
  sequence,
  body,
  leaf,
  revealAtMs,
}: {
  readonly signer: AgentSigner
  readonly domain: LogDomain
  /** Key of the reveal time. */
  readonly key: Hash
  readonly sequence: number
  readonly body: string
  readonly leaf: Hash
  readonly revealAtMs: UnixMs
}): Promise<SealedBody> {
  const ciphertext = sealBody(body, { key, leaf })
  const keyHash = keyHashOf(key)
  const { agent } = signer
  const envelope = { agent, sequence, leaf, revealAtMs, keyHash, ciphertextHash: keccak256(ciphertext) }
  return { revealAtMs, keyHash, ciphertext, signature: await signer.sign(hashEnvelope(envelope, domain)) }
}
