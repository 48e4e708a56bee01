import { type HttpTransport, keccak256, type LocalAccount, type PublicClient } from 'viem'
import { type Address, type Hash, type Hex, UnavailableError, type UnixMs } from '../core/index.ts'
import type { AnchorLogger } from './anchorContext.ts'
import { chainFailure, isUnpaid, reasonOf } from './logChain.ts'

/** The most that a replacement is raised over the transaction it replaces each time: nodes ask for 10 %. */
const RAISE_PER_MILLE = 125n
/** Attempts within one call when a node finds the offered fee too low to replace what it holds. */
const MAX_RAISES = 20

/** What a transaction offers for a unit of gas, in wei (EIP-1559). */
export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/** A signed transaction that may be on its way. */
export type SentTransaction = Fees & { readonly transactionHash: Hash; readonly nonce: number }

/** The transactions of one account: one nonce after the other, one on its way at a time. */
export type TransactionLine = {
  readonly client: PublicClient<HttpTransport>
  /** Hands a signed transaction to the other nodes too. */
  readonly broadcast: (signed: Hex) => void
  readonly account: LocalAccount
  readonly contract: Address
  readonly chainId: number
  readonly maxFeePerGas: bigint
  readonly now: () => UnixMs
  readonly logger: AnchorLogger
  /** When this process sent, or first saw, each transaction on its way. */
  readonly sentAt: Map<Hash, UnixMs>
}

/** The fees of the transactions before that a new one must at least offer. */
export type Replacing = {
  readonly floor?: Fees
  /** Offer more than `floor`: the node may still hold the transaction that offered it. */
  readonly raise?: boolean
}

/**
 * Signs a call of the contract, saves it, and only then sends it: whatever happens in between, the store knows
 * every transaction that can be on its way. Always takes the account's next nonce, so that at most one version
 * can be mined and a gap cannot come about.
 *
 * @param save Makes the signed transaction durable; when it throws, nothing is sent.
 * @returns False when the account's nonce moved meanwhile, or the call would fail now: look again.
 * @throws UnavailableError when the node fails or refuses it.
 */
export async function sendOnLine(
  line: TransactionLine,
  call: {
    readonly data: Hex
    /** True of an error that says that the contract has moved on. */
    readonly isOutdated: (error: unknown) => boolean
    readonly save: (sent: SentTransaction) => Promise<void>
  } & Replacing,
): Promise<boolean> {
  const { client, account, contract: to, chainId, sentAt, now } = line
  const gas = await estimateGas(line, call)
  if (gas === null) return false
  const nonce = await client
    .getTransactionCount({ address: account.address, blockTag: 'latest' })
    .catch(failed('tell a nonce'))

  let fees = await offer(line, call)
  for (let attempt = 0; attempt < MAX_RAISES; attempt++) {
    const signed = await account.signTransaction({
      ...{ type: 'eip1559', chainId, nonce, to, data: call.data, gas },
      ...fees,
    })
    const transactionHash = keccak256(signed)
    await call.save({ transactionHash, nonce, ...fees })
    try {
      await client.sendRawTransaction({ serializedTransaction: signed })
      sentAt.set(transactionHash, now())
      line.broadcast(signed)
      return true
    } catch (error) {
      const reason = reasonOf(error)
      if (/already (known|imported)/i.test(reason)) {
        sentAt.set(transactionHash, now())
        return true
      }
      if (/nonce too low|nonce is too low/i.test(reason)) return false
      if (!/underpriced/i.test(reason)) throw sendFailure(error, line)
      fees = raised(line, fees)
    }
  }
  throw new UnavailableError(`The node holds a transaction of nonce ${nonce} that no offered fee replaces.`, {
    facts: { account: account.address, nonce, maxFeePerGas: fees.maxFeePerGas },
    hint: 'Use the key for nothing else, or raise the highest fee.',
  })
}

/** Gas limit of a call, with a margin; null when it would fail because the contract has moved on. */
async function estimateGas(
  line: TransactionLine,
  { data, isOutdated }: { data: Hex; isOutdated: (error: unknown) => boolean },
): Promise<bigint | null> {
  const { client, account, contract: to } = line
  try {
    const gas = await client.estimateGas({ account: account.address, to, data, blockTag: 'latest' })
    // A margin for what other blocks may change, such as a first write of the agent's slot.
    return gas + gas / 5n
  } catch (error) {
    if (isOutdated(error)) return null
    throw sendFailure(error, line)
  }
}

async function offer(line: TransactionLine, { floor, raise }: Replacing): Promise<Fees> {
  const { client, logger, maxFeePerGas: limit } = line
  const estimate: Fees = await client.estimateFeesPerGas().catch(failed('estimate fees'))
  if (estimate.maxFeePerGas > limit)
    logger.warn(
      { estimate: estimate.maxFeePerGas, limit },
      `Fees are at ${estimate.maxFeePerGas} wei per gas; no more than ${limit} is offered, and the commit may wait.`,
    )
  const least = floor === undefined ? estimate : raise ? raised(line, floor) : floor
  return capped(line, {
    maxFeePerGas: larger(estimate.maxFeePerGas, least.maxFeePerGas),
    maxPriorityFeePerGas: larger(estimate.maxPriorityFeePerGas, least.maxPriorityFeePerGas),
  })
}

/** Fees that replace a transaction: both 12.5 % higher, rounded up, but never above the line's highest. */
function raised(line: TransactionLine, { maxFeePerGas, maxPriorityFeePerGas }: Fees): Fees {
  const more = (fee: bigint) => fee + (fee * RAISE_PER_MILLE + 999n) / 1_000n + 1n
  const fees = { maxFeePerGas: more(maxFeePerGas), maxPriorityFeePerGas: more(maxPriorityFeePerGas) }
  if (maxFeePerGas < line.maxFeePerGas) return capped(line, fees)
  throw new UnavailableError(
    `The commit is stuck at the highest fee that the worker may offer, ${line.maxFeePerGas} wei per gas.`,
    {
      facts: { account: line.account.address, maxFeePerGas: line.maxFeePerGas },
      hint: 'Wait until fees fall, or raise the highest fee.',
    },
  )
}

function capped({ maxFeePerGas: limit }: TransactionLine, fees: Fees): Fees {
  return {
    maxFeePerGas: smaller(fees.maxFeePerGas, limit),
    maxPriorityFeePerGas: smaller(fees.maxPriorityFeePerGas, limit),
  }
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** The larger of each fee of several transactions; undefined for none. */
export function highestFees(sent: readonly Fees[]): Fees | undefined {
  return sent.reduce<Fees | undefined>(
    (most, fees) =>
      most === undefined
        ? fees
        : {
            maxFeePerGas: larger(most.maxFeePerGas, fees.maxFeePerGas),
            maxPriorityFeePerGas: larger(most.maxPriorityFeePerGas, fees.maxPriorityFeePerGas),
          },
    undefined,
  )
}

const failed = (doing: string) => (error: unknown) => {
  throw chainFailure(error, doing)
}

function sendFailure(error: unknown, { account, maxFeePerGas }: TransactionLine): UnavailableError {
  const payer = account.address.toLowerCase()
  const reason = reasonOf(error)
  if (isUnpaid(error))
    return new UnavailableError(`Account ${payer} cannot pay for its anchors.`, {
      facts: { account: payer },
      hint: `Send it some of the chain's own currency; decisions stay recorded and are anchored then.`,
    })
  if (/less than block base fee|lower than the block base fee|fee cap less than/i.test(reason))
    return new UnavailableError(
      `Fees are above the highest that the worker may offer, ${maxFeePerGas} wei per gas.`,
      {
        facts: { account: payer, maxFeePerGas },
        hint: 'Wait until fees fall, or raise the highest fee; decisions stay recorded and are anchored then.',
      },
    )
  return chainFailure(error, 'take the commit of a batch')
}
