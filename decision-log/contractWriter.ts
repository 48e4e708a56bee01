import {
  createWalletClient,
  type EncodeDeployDataParameters,
  type EncodeFunctionDataParameters,
  encodeDeployData,
  encodeFunctionData,
  http,
  type TransactionReceipt,
  type Address as ViemAddress,
} from 'viem'
import { type Address, type Hex, UnavailableError } from '../core/index.ts'
import { accountOf, type Deployer } from './deployer.ts'
import { chainFailure, connect } from './logChain.ts'
import { lowerCase } from './lowerCase.ts'
import { waitForReceipt } from './waitForReceipt.ts'

/** An account that sends transactions one after the other, each when the one before is mined. */
export type ContractWriter = {
  readonly client: ReturnType<typeof connect>
  /** Gas of all transactions so far. */
  gasUsed(): bigint
  /** How many they are. */
  transactions(): number
  /**
   * Deploys a contract and waits until it is mined.
   *
   * @param doing what failed in an error's sentence: "deploy the model registry".
   * @throws UnavailableError when the node fails, or the transaction is reverted.
   */
  deploy(
    parameters: EncodeDeployDataParameters,
    doing: string,
  ): Promise<{ readonly address: Address; readonly blockNumber: number }>
  /** Calls a contract in the same way. */
  write(to: Address, parameters: EncodeFunctionDataParameters, doing: string): Promise<TransactionReceipt>
}

/**
 * Opens an account for writing.
 *
 * @throws InvalidInputError when the private key has the wrong form.
 */
export function openContractWriter(options: Deployer & { readonly rpcUrl: string }): ContractWriter {
  const { rpcUrl } = options
  const wallet = createWalletClient({ account: accountOf(options), transport: http(rpcUrl) })
  const client = connect(rpcUrl)
  let gasUsed = 0n
  let transactions = 0
  const send = async (data: Hex, to: ViemAddress | undefined, doing: string) => {
    const receipt = await wallet
      .sendTransaction({ data, to, chain: null })
      .then(hash => waitForReceipt(client, hash))
      .catch((error: unknown) => {
        throw chainFailure(error, doing)
      })
    gasUsed += receipt.gasUsed
    transactions += 1
    if (receipt.status === 'success') return receipt
    throw new UnavailableError(`The transaction to ${doing} was reverted.`, {
      facts: { doing, transactionHash: receipt.transactionHash },
      hint: 'Check that the chain runs at least the Cancun rules and that the account has funds.',
    })
  }
  return {
    client,
    gasUsed: () => gasUsed,
    transactions: () => transactions,
    async deploy(parameters, doing) {
      const { contractAddress, blockNumber, transactionHash } = await send(
        encodeDeployData(parameters),
        undefined,
        doing,
      )
      if (!contractAddress)
        throw new UnavailableError(`The node names no contract for the transaction to ${doing}.`, {
          facts: { doing, transactionHash },
          hint: 'Ask another node.',
        })
      return { address: lowerCase(contractAddress), blockNumber: Number(blockNumber) }
    },
    write: (to, parameters, doing) => send(encodeFunctionData(parameters), to, doing),
  }
}
