import { zeroAddress } from 'viem'
import { decisionLogAbi, decisionLogBytecode } from '../contracts/abi/index.ts'
import type { Address } from '../core/index.ts'
import { openContractWriter } from './contractWriter.ts'
import type { Deployer } from './deployer.ts'

/**
 * Deploys a decision log and waits until it is mined.
 *
 * @throws UnavailableError when the node fails or refuses the transaction.
 * @throws InvalidInputError when the private key has the wrong form.
 */
export async function deployDecisionLog(
  options: Deployer & {
    readonly rpcUrl: string
    /** ERC-8004 identity registry whose owners may replace their agents' keys; none unless given. */
    readonly identityRegistry?: Address
  },
): Promise<{ readonly address: Address; readonly blockNumber: number }> {
  const args = [options.identityRegistry ?? zeroAddress] as const
  return openContractWriter(options).deploy(
    { abi: decisionLogAbi, bytecode: decisionLogBytecode, args },
    'deploy the decision log',
  )
}
