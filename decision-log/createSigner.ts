import { createHmac } from 'node:crypto'
import { bytesToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import {
  type Address,
  type AgentId,
  type Hash,
  type Hex,
  InvalidInputError,
  type UnixMs,
} from '../core/index.ts'
import type { LogDomain } from './decisionTypes.ts'
import { lowerCase } from './lowerCase.ts'
import { createWordWriter } from './wordWriter.ts'

/** An agent's key, as far as recording and anchoring need it. The key itself cannot be read from it. */
export type AgentSigner = {
  /** Whom it signs for: for ever the address of the agent's first key, lower-case. */
  readonly agent: AgentId
  /** Address of the key itself, lower-case; another than the agent's id once the agent was given another key. */
  readonly key: Address
  /** The viem account of the key, for transactions. */
  readonly account: PrivateKeyAccount
  /** Signs a leaf (a record's EIP-712 hash): 65 bytes, deterministic (RFC 6979). */
  sign(leaf: Hash): Promise<Hex>
  /**
   * The salt of a record: HMAC-SHA256 under the key of its log and sequence. The same for the same record
   * after a restart, and not to be guessed without the key, even when other salts of the key are known.
   */
  saltFor(sequence: number, domain: LogDomain): Hash
  /**
   * The key that the decisions of a reveal time are sealed under: HMAC-SHA256 under a key of its log and time.
   * The same after a restart, and not to be guessed without the agent's key, even when keys of other times are
   * known.
   */
  revealKeyFor(revealAtMs: UnixMs, domain: LogDomain): Hash
}

/**
 * Opens an agent's key.
 *
 * @param privateKey 32 bytes as `0x` and 64 hexadecimal digits.
 * @param agent Whom the key signs for, where it is not the agent's first one.
 * @throws InvalidInputError when it has another form; the error never holds the key.
 */
export function createSigner(privateKey: string, agent?: AgentId): AgentSigner {
  const account = openAccount(privateKey)
  const key = lowerCase(account.address)
  const saltOf = keyedHash(privateKey, SALT_LABEL)
  const revealKeyOf = keyedHash(privateKey, REVEAL_LABEL)
  return {
    agent: agent ?? key,
    key,
    account,
    sign: leaf => account.sign({ hash: leaf }),
    saltFor: saltOf,
    revealKeyFor: revealKeyOf,
  }
}

const words = createWordWriter(3)

/** HMAC-SHA256 of a log and a number, under a key that the private key gives for one purpose. */
function keyedHash(privateKey: string, label: string): (value: number, domain: LogDomain) => Hash {
  const key = createHmac('sha256', Buffer.from(privateKey.slice(2), 'hex'))
    .update(label)
    .digest()
  return (value, { chainId, verifyingContract }) => {
    words.begin()
    words.unsigned(chainId, 256)
    words.unsigned(BigInt(verifyingContract), 160)
    words.unsigned(value, 64)
    // Over the text of the words, which salts were made of from the first.
    return `0x${createHmac('sha256', key).update(bytesToHex(words.end())).digest('hex')}`
  }
}

// Keep what is derived from a key for one purpose apart from what is derived for another.
const SALT_LABEL = 'touchstone record salt v1'
const REVEAL_LABEL = 'touchstone reveal key v1'

function openAccount(privateKey: string): PrivateKeyAccount {
  if (/^0x[0-9a-fA-F]{64}$/.test(privateKey)) {
    try {
      return privateKeyToAccount(`0x${privateKey.slice(2)}`)
    } catch {
      // Zero, or beyond the curve's order. The cause is left out: it may quote the key.
    }
  }
  throw new InvalidInputError('The private key has the wrong form.', {
    facts: { length: privateKey.length },
    hint: 'Pass 32 bytes as 0x and 64 hexadecimal digits, as wallets export it.',
  })
}
