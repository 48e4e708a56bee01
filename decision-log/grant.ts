import { hashTypedData } from 'viem'
import {
  type Address,
  type Grant,
  type Hash,
  type Hex,
  IntegrityError,
  InvalidInputError,
  type UnixMs,
} from '../core/index.ts'
import { recoverSigner } from './batchSignature.ts'
import type { AgentSigner } from './createSigner.ts'
import { type LogDomain, typedDataDomain } from './decisionTypes.ts'

/** EIP-712 type of a grant, in the log's domain; `untilMs` is 0 for one without an end. */
export const GRANT_TYPES = {
  Grant: [
    { name: 'agent', type: 'address' },
    { name: 'publicKey', type: 'bytes32' },
    { name: 'fromMs', type: 'uint64' },
    { name: 'untilMs', type: 'uint64' },
  ],
} as const

type GrantTerms = Pick<Grant, 'agent' | 'publicKey' | 'fromMs' | 'untilMs'>

/** The EIP-712 hash of a grant: what the agent's key signs. */
export function hashGrant({ agent, publicKey, fromMs, untilMs }: GrantTerms, domain: LogDomain): Hash {
  return hashTypedData({
    domain: typedDataDomain(domain),
    types: GRANT_TYPES,
    primaryType: 'Grant',
    message: { agent, publicKey, fromMs: BigInt(fromMs), untilMs: BigInt(untilMs ?? 0) },
  })
}

/**
 * Makes and signs a grant of an agent's sealed decisions to a key.
 *
 * @param publicKey X25519 public key, 32 bytes.
 * @throws InvalidInputError when the key has another form, or the grant ends before it begins.
 */
export async function signGrant({
  signer,
  domain,
  publicKey,
  fromMs,
  untilMs,
}: {
  readonly signer: AgentSigner
  readonly domain: LogDomain
  readonly publicKey: string
  readonly fromMs: UnixMs
  readonly untilMs: UnixMs | null
}): Promise<Grant> {
  if (!/^0x[0-9a-fA-F]{64}$/.test(publicKey))
    throw new InvalidInputError('The public key to grant to has the wrong form.', {
      facts: { publicKey },
      hint: 'Pass an X25519 public key, 32 bytes as 0x and 64 hexadecimal digits, as its owner gave it.',
    })
  if (untilMs !== null && untilMs <= fromMs)
    throw new InvalidInputError('The grant ends before it begins.', {
      facts: { fromMs, untilMs },
      hint: 'Give a later end, or none.',
    })
  const terms = {
    agent: signer.agent,
    publicKey: `0x${publicKey.slice(2).toLowerCase()}`,
    fromMs,
    untilMs,
  } as const
  return { ...terms, revokedAtMs: null, signature: await signer.sign(hashGrant(terms, domain)) }
}

/**
 * Checks that a grant is the agent's.
 *
 * @param key The agent's key when it was made; its first one, which is its id, unless given.
 * @throws IntegrityError when another key signed it, or another grant.
 */
export async function verifyGrant({
  grant,
  domain,
  key = grant.agent,
}: {
  readonly grant: GrantTerms & { readonly signature: Hex }
  readonly domain: LogDomain
  readonly key?: Address
}): Promise<void> {
  const signer = await recoverSigner({ hash: hashGrant(grant, domain), signature: grant.signature })
  if (signer !== key)
    throw new IntegrityError(`The grant of agent ${grant.agent} to ${grant.publicKey} is not signed by it.`, {
      facts: {
        agent: grant.agent,
        publicKey: grant.publicKey,
        expected: key,
        actual: signer ?? 'not a signature',
      },
      hint: 'The stored grant was changed; make it again.',
    })
}

/** True while a grant stands. */
export function grantStands({ fromMs, untilMs, revokedAtMs }: Grant, nowMs: UnixMs): boolean {
  return (
    nowMs >= fromMs && (untilMs === null || nowMs < untilMs) && (revokedAtMs === null || nowMs < revokedAtMs)
  )
}
