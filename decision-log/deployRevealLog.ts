import { revealLogAbi, revealLogBytecode } from '../contracts/abi/index.ts'
import type { Address } from '../core/index.ts'
import { openContractWriter } from './contractWriter.ts'
import type { Deployer } from './deployer.ts'

/**
 * Deploys a reveal log, which one chain needs one of, and waits until it is mined.
 *
 * @throws UnavailableError when the node fails or refuses the transaction.
 * @throws InvalidInputError when the private key has the wrong form.
 */
export async function deployRevealLog(
  options: Deployer & { readonly rpcUrl: string },
): Promise<{ readonly address: Address; readonly blockNumber: number }> {
  return openContractWriter(options).deploy(
    { abi: revealLogAbi, bytecode: revealLogBytecode },
    'deploy the reveal log',
  )
}
