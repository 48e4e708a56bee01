import { createHmac } from 'node:crypto'
import { encodeAbiParameters } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { type AgentId, type Hash, type Hex, InvalidInputError } from '../core/index.ts'
import type { LogDomain } from './decisionTypes.ts'

/** An agent's key, as far as recording and anchoring need it. The key itself cannot be read from it. */
export type AgentSigner = {
  /** Address of the key, lower-case: the agent's id. */
  readonly agent: AgentId
  /** The viem account of the key, for transactions. */
  readonly account: PrivateKeyAccount
  /** Signs a leaf (a record's EIP-712 hash): 65 bytes, deterministic (RFC 6979). */
  sign(leaf: Hash): Promise<Hex>
  /**
   * The salt of a record: HMAC-SHA256 under the key of its log and sequence. The same for the same record
   * after a restart, and not to be guessed without the key, even when other salts of the key are known.
   */
  saltFor(sequence: number, domain: LogDomain): Hash
}

/**
 * Opens an agent's key.
 *
 * @param privateKey 32 bytes as `0x` and 64 hexadecimal digits.
 * @throws InvalidInputError when it has another form; the error never holds the key.
 */
export function createSigner(privateKey: string): AgentSigner {
  const account = openAccount(privateKey)
  const agent = lowerCase(account.address)
  const saltKey = createHmac('sha256', Buffer.from(privateKey.slice(2), 'hex'))
    .update(SALT_LABEL)
    .digest()
  return {
    agent,
    account,
    sign: leaf => account.sign({ hash: leaf }),
    saltFor: (sequence, { chainId, verifyingContract }) =>
      `0x${createHmac('sha256', saltKey)
        .update(
          encodeAbiParameters(
            [{ type: 'uint256' }, { type: 'address' }, { type: 'uint64' }],
            [BigInt(chainId), verifyingContract, BigInt(sequence)],
          ),
        )
        .digest('hex')}`,
  }
}

// Keeps the salts apart from anything else that may ever be derived from the key.
const SALT_LABEL = 'touchstone record salt v1'

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

function lowerCase(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase()}`
}
