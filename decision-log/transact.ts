import {
  type Abi,
  BaseError,
  createWalletClient,
  decodeErrorResult,
  http,
  isHex,
  type TransactionReceipt,
} from 'viem'
import { type Address, type Hex, type TouchstoneError, UnavailableError } from '../core/index.ts'
import { accountOf, type Deployer } from './deployer.ts'
import { chainFailure, connect } from './logChain.ts'
import { waitForReceipt } from './waitForReceipt.ts'

/** An account that sends transactions, and the node that takes them. */
export type Sender = Deployer & { readonly rpcUrl: string }

/** A custom error of a contract, read. */
export type Refusal = { readonly name: string; readonly args: readonly unknown[] }

/** A call of a contract that may refuse it with an error of its own. */
export type Transaction = {
  readonly to: Address
  readonly data: Hex
  /** Names the custom errors that the call may end with. */
  readonly abi: Abi
  /** What is being done, as in "The chain's node failed to …". */
  readonly doing: string
  /** The error for a custom error of the contract. */
  readonly refused: (refusal: Refusal) => TouchstoneError
}

/**
 * Tries a transaction, sends it and waits until it is mined.
 *
 * @throws what `refused` makes of a custom error, before anything is sent.
 * @throws UnavailableError when the node fails, or the transaction is reverted after all.
 * @throws InvalidInputError when the private key has the wrong form.
 */
export async function transact(sender: Sender, transaction: Transaction): Promise<TransactionReceipt> {
  const { to, data, abi, doing, refused } = transaction
  const account = accountOf(sender)
  const client = connect(sender.rpcUrl)
  const call = { account, to, data }
  let receipt: TransactionReceipt
  try {
    await client.call(call)
    const wallet = createWalletClient({ account, transport: http(sender.rpcUrl) })
    const hash = await wallet.sendTransaction({ ...call, chain: null })
    receipt = await waitForReceipt(client, hash)
  } catch (error) {
    const refusal = refusalIn(error, abi)
    throw refusal === null ? chainFailure(error, doing) : refused(refusal)
  }
  if (receipt.status === 'success') return receipt
  throw new UnavailableError(`The transaction to ${doing} was reverted.`, {
    facts: { doing, transactionHash: receipt.transactionHash },
    hint: 'Something else came first, or its gas ran out: try again, and see what it then says.',
  })
}

/**
 * Tries a transaction at the latest block, and sends nothing.
 *
 * @throws as `transact` does before anything is sent.
 */
export async function tryTransaction(sender: Sender, transaction: Transaction): Promise<void> {
  const { to, data, abi, doing, refused } = transaction
  const account = accountOf(sender)
  try {
    await connect(sender.rpcUrl).call({ account, to, data })
  } catch (error) {
    const refusal = refusalIn(error, abi)
    throw refusal === null ? chainFailure(error, doing) : refused(refusal)
  }
}

/** The custom error that a call ended with; null where it ended otherwise, or with one that the ABI does not name. */
function refusalIn(error: unknown, abi: Abi): Refusal | null {
  const data = revertDataIn(error)
  if (data === null) return null
  try {
    const { errorName, args } = decodeErrorResult({ abi, data })
    return { name: errorName, args: args ?? [] }
  } catch {
    return null
  }
}

/** What a reverted call returned: nodes put it into the error's `data`, or one level below. */
function revertDataIn(error: unknown): Hex | null {
  if (!(error instanceof BaseError)) return null
  const inner: unknown = error.walk()
  let data: unknown = inner
  for (let depth = 0; depth < 2; depth++) {
    if (typeof data !== 'object' || data === null || !('data' in data)) return null
    data = data.data
    if (isHex(data)) return data
  }
  return null
}
