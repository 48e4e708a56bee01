import type { Address, DecisionRecord, Hash, Hex } from '../core/index.ts'
import type { LogDomain } from './decisionTypes.ts'
import { decryptGranted, type GrantedBody } from './grantCipher.ts'
import { checkOpened } from './openSealed.ts'
import type { SealedEnvelope } from './sealedEnvelope.ts'
import { envelopeFault, verifyEnvelope } from './verifyEnvelope.ts'

/**
 * Opens a sealed decision that was encrypted to a grantee, and checks that the agent signed the envelope, and that what
 * comes out is the record that was anchored.
 *
 * @param signer The agent's key at that sequence; its id unless given.
 * @throws IntegrityError naming the first step that fails.
 */
export async function openGranted({
  envelope,
  signature,
  granted,
  privateKey,
  domain,
  signer,
}: {
  readonly envelope: SealedEnvelope
  readonly signature: Hex
  readonly granted: GrantedBody
  readonly privateKey: Hash
  readonly domain: LogDomain
  readonly signer?: Address
}): Promise<{ body: string; record: DecisionRecord }> {
  await verifyEnvelope({ envelope, signature, domain, ...(signer === undefined ? {} : { key: signer }) })
  const body = await decryptGranted(granted, { privateKey, leaf: envelope.leaf })
  if (body === null)
    throw envelopeFault(envelope, 'the body for the grantee', 'a body', 'none that the private key opens')
  return { body, record: checkOpened({ envelope, body, domain }) }
}
