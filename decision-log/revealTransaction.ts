import { encodeFunctionData, keccak256, type LocalAccount } from 'viem'
import { revealLogAbi } from '../contracts/abi/index.ts'
import { type Address, type AgentId, type Hash, UnavailableError, type UnixMs } from '../core/index.ts'
import { chainFailure, type connect, hasName, isUnpaid } from './logChain.ts'
import { revertedWith } from './revertedWith.ts'

/** A key whose time has come. */
export type DueKey = { readonly agent: AgentId; readonly revealAtMs: UnixMs; readonly key: Hash }

/** A transaction that posts keys, on its way. */
export type RevealTransaction = {
  readonly hash: Hash
  readonly nonce: number
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

export type RevealSender = {
  readonly client: ReturnType<typeof connect>
  readonly chainId: number
  /** The RevealLog. */
  readonly contract: Address
  /** Who pays. */
  readonly account: LocalAccount
  /** Wei. */
  readonly maxFeePerGas: bigint
}

/** A replacement must offer at least a tenth more: nodes refuse less. */
const RAISE_PERCENT = 13n

/**
 * Sends keys to the chain.
 *
 * @param replaced A transaction that is stuck: the new one takes its nonce and offers more.
 * @returns Null when the chain's clock has not reached their time yet: nothing was sent.
 * @throws UnavailableError when the node fails or refuses it.
 */
export async function sendReveals(
  { client, chainId, contract, account, maxFeePerGas }: RevealSender,
  keys: readonly DueKey[],
  replaced: RevealTransaction | null,
): Promise<RevealTransaction | null> {
  const data = encodeFunctionData({
    abi: revealLogAbi,
    functionName: 'revealMany',
    args: [keys.map(({ agent, revealAtMs, key }) => ({ agent, revealAtMs: BigInt(revealAtMs), key }))],
  })
  const capped = (fee: bigint) => (fee < maxFeePerGas ? fee : maxFeePerGas)
  const raised = (fee: bigint | undefined) =>
    fee === undefined ? 0n : fee + (fee * RAISE_PERCENT) / 100n + 1n
  const larger = (a: bigint, b: bigint) => (a > b ? a : b)
  try {
    const gas = await client.estimateGas({ account: account.address, to: contract, data })
    const estimate = await client.estimateFeesPerGas()
    const fees = {
      maxFeePerGas: capped(larger(estimate.maxFeePerGas, raised(replaced?.maxFeePerGas))),
      maxPriorityFeePerGas: capped(
        larger(estimate.maxPriorityFeePerGas, raised(replaced?.maxPriorityFeePerGas)),
      ),
    }
    const nonce =
      replaced?.nonce ?? (await client.getTransactionCount({ address: account.address, blockTag: 'pending' }))
    const serializedTransaction = await account.signTransaction({
      type: 'eip1559',
      chainId,
      nonce,
      to: contract,
      data,
      gas: gas + gas / 5n,
      ...fees,
    })
    await client.sendRawTransaction({ serializedTransaction })
    return { hash: keccak256(serializedTransaction), nonce, ...fees }
  } catch (error) {
    if (revertedWith(error, 'RevealTooEarly(uint64,uint64)')) return null
    if (isUnpaid(error))
      throw new UnavailableError(`Account ${account.address} cannot pay for revealing keys.`, {
        facts: { account: account.address },
        hint: "Send it some of the chain's own currency; the keys are posted then, late.",
      })
    throw chainFailure(error, 'take the keys of sealed decisions')
  }
}

/** What became of a transaction: mined in a block, with the node, or unknown to it. */
export type Whereabouts =
  | { readonly is: 'mined'; readonly blockNumber: number; readonly succeeded: boolean }
  | { readonly is: 'pooled' | 'unknown' }

/** Asks the node for a transaction. */
export async function findTransaction(
  client: RevealSender['client'],
  { hash }: RevealTransaction,
): Promise<Whereabouts> {
  try {
    const { blockNumber, status } = await client.getTransactionReceipt({ hash })
    return { is: 'mined', blockNumber: Number(blockNumber), succeeded: status === 'success' }
  } catch (error) {
    if (!hasName(error, 'TransactionReceiptNotFoundError'))
      throw chainFailure(error, `read the receipt of transaction ${hash}`)
  }
  try {
    await client.getTransaction({ hash })
    return { is: 'pooled' }
  } catch (error) {
    if (hasName(error, 'TransactionNotFoundError')) return { is: 'unknown' }
    throw chainFailure(error, `read transaction ${hash}`)
  }
}
