import { type Address, type Hex, IntegrityError, type RecordedDecision } from '../core/index.ts'
import { recoverSigner } from './batchSignature.ts'
import type { LogDomain } from './decisionTypes.ts'
import { envelopeIn } from './publishedSealed.ts'
import { hashEnvelope, type SealedEnvelope } from './sealedEnvelope.ts'

/** The envelope of a recorded decision; null for one that was never sealed. */
export function envelopeOf({
  agent,
  sequence,
  leaf,
  sealed,
}: Pick<RecordedDecision, 'agent' | 'sequence' | 'leaf' | 'sealed'>): SealedEnvelope | null {
  return sealed === undefined ? null : envelopeIn({ agent, sequence, leaf, ...sealed })
}

/**
 * Checks that an envelope is the agent's.
 *
 * @param key The agent's key at that sequence; its first one, which is its id, unless given.
 * @throws IntegrityError when another key signed it, or another envelope.
 */
export async function verifyEnvelope({
  envelope,
  signature,
  domain,
  key = envelope.agent,
}: {
  readonly envelope: SealedEnvelope
  readonly signature: Hex
  readonly domain: LogDomain
  readonly key?: Address
}): Promise<void> {
  const signer = await recoverSigner({ hash: hashEnvelope(envelope, domain), signature })
  if (signer !== key)
    throw envelopeFault(envelope, 'the signature of the envelope', key, signer ?? 'not a signature')
}

/** What is wrong with a sealed decision, as an error that names the step. */
export function envelopeFault(
  { agent, sequence }: Pick<SealedEnvelope, 'agent' | 'sequence'>,
  step: string,
  expected: string | number,
  actual: string | number,
): IntegrityError {
  return new IntegrityError(
    `The sealed decision ${sequence} of agent ${agent} fails at ${step}: expected ${expected}, found ${actual}.`,
    {
      facts: { agent, sequence, step, expected, actual },
      hint: 'Do not rely on this decision; ask its publisher, and compare with another subscriber.',
    },
  )
}
