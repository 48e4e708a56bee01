import { keccak256 } from 'viem'
import type { Address, DecisionRecord, Hash, Hex } from '../core/index.ts'
import type { LogDomain } from './decisionTypes.ts'
import { hashRecord } from './hashRecord.ts'
import { parseBody } from './recordBody.ts'
import { keyHashOf, sealedSaltOf } from './revealKeys.ts'
import { openBody } from './sealBody.ts'
import type { SealedEnvelope } from './sealedEnvelope.ts'
import { envelopeFault, verifyEnvelope } from './verifyEnvelope.ts'

/**
 * Opens a sealed decision with its key, and checks every step: that the agent signed the envelope, that ciphertext and
 * key are the ones it names, and that what comes out is the record that was anchored, bound to this key.
 *
 * @param key The key that was posted for the reveal time.
 * @param signer The agent's key at that sequence; its id unless given.
 * @throws IntegrityError naming the first step that fails.
 */
export async function openSealed({
  envelope,
  signature,
  ciphertext,
  key,
  domain,
  signer,
}: {
  readonly envelope: SealedEnvelope
  readonly signature: Hex
  readonly ciphertext: Hex
  readonly key: Hash
  readonly domain: LogDomain
  readonly signer?: Address
}): Promise<{ body: string; record: DecisionRecord }> {
  await verifyEnvelope({ envelope, signature, domain, ...(signer === undefined ? {} : { key: signer }) })
  const { leaf, keyHash, ciphertextHash } = envelope
  const require = (step: string, expected: string | number, actual: string | number) => {
    if (expected !== actual) throw envelopeFault(envelope, step, expected, actual)
  }
  require('the hash of the ciphertext', ciphertextHash, keccak256(ciphertext))
  require('the hash of the key', keyHash, keyHashOf(key))
  const body = openBody(ciphertext, { key, leaf })
  // Key and ciphertext are the ones that the agent signed: it sealed what they do not open.
  if (body === null) throw envelopeFault(envelope, 'the sealed body', 'a body', 'none that the key opens')
  return { body, record: checkOpened({ envelope, body, key, domain }) }
}

/**
 * Checks that an opened body is the record of its envelope, and bound to its key, where that is known.
 *
 * @throws IntegrityError naming the first step that fails.
 */
export function checkOpened({
  envelope,
  body,
  key,
  domain,
}: {
  readonly envelope: SealedEnvelope
  readonly body: string
  readonly key?: Hash
  readonly domain: LogDomain
}): DecisionRecord {
  const record = parseBody(body)
  const salt = key === undefined ? record.salt : sealedSaltOf(key, record.sequence)
  const found: readonly (readonly [string, string | number, string | number])[] = [
    ['the hash of the body', envelope.leaf, hashRecord(record, domain)],
    ['the agent of the record', envelope.agent, record.agent],
    ['the sequence of the record', envelope.sequence, record.sequence],
    ['the reveal time of the record', envelope.revealAtMs, record.revealAtMs],
    ['the salt of the record', salt, record.salt],
  ]
  for (const [step, expected, actual] of found)
    if (expected !== actual) throw envelopeFault(envelope, step, expected, actual)
  return record
}
