import { createWalletClient, http, type LocalAccount } from 'viem'
import { decisionLogAbi, decisionLogBytecode } from '../contracts/abi/index.ts'
import { type Address, UnavailableError } from '../core/index.ts'
import { createSigner } from './createSigner.ts'
import { chainFailure, connect } from './logChain.ts'

/** Who pays for a deployment. */
export type Deployer = { readonly account: LocalAccount } | { readonly privateKey: string }

/**
 * Deploys a decision log and waits until it is mined.
 *
 * @throws UnavailableError when the node fails or refuses the transaction.
 * @throws InvalidInputError when the private key has the wrong form.
 */
export async function deployDecisionLog(
  options: Deployer & { readonly rpcUrl: string },
): Promise<{ address: Address; blockNumber: number }> {
  const { rpcUrl } = options
  const account = 'account' in options ? options.account : createSigner(options.privateKey).account
  const wallet = createWalletClient({ account, transport: http(rpcUrl) })
  try {
    const hash = await wallet.deployContract({
      abi: decisionLogAbi,
      bytecode: decisionLogBytecode,
      chain: null,
    })
    const receipt = await connect(rpcUrl).waitForTransactionReceipt({ hash })
    if (receipt.status === 'success' && receipt.contractAddress)
      return { address: lowerCase(receipt.contractAddress), blockNumber: Number(receipt.blockNumber) }
  } catch (error) {
    throw chainFailure(error, 'deploy the decision log')
  }
  throw new UnavailableError('The deployment of the decision log was reverted.', {
    hint: 'Check that the chain runs at least the Cancun rules and that the account has funds.',
  })
}

function lowerCase(address: Address): Address {
  return `0x${address.slice(2).toLowerCase()}`
}
