import {
  modelRegistryAbi,
  modelRegistryBytecode,
  modelVerifierAbi,
  modelVerifierBytecode,
} from '../contracts/abi/index.ts'
import type { Address } from '../core/index.ts'
import { openContractWriter } from './contractWriter.ts'
import type { Deployer } from './deployer.ts'

/**
 * Deploys a registry of sealed models and waits until it is mined.
 *
 * @throws UnavailableError when the node fails or refuses the transaction.
 * @throws InvalidInputError when the private key has the wrong form.
 */
export async function deployModelRegistry(
  options: Deployer & { readonly rpcUrl: string },
): Promise<{ readonly address: Address; readonly blockNumber: number }> {
  return openContractWriter(options).deploy(
    { abi: modelRegistryAbi, bytecode: modelRegistryBytecode },
    'deploy the model registry',
  )
}

/**
 * Deploys a verifier, which runs the models of a registry, and waits until it is mined.
 *
 * @throws UnavailableError when the node fails or refuses the transaction.
 * @throws InvalidInputError when the private key has the wrong form.
 */
export async function deployModelVerifier(
  options: Deployer & { readonly rpcUrl: string; readonly registry: Address },
): Promise<{ readonly address: Address; readonly blockNumber: number }> {
  return openContractWriter(options).deploy(
    { abi: modelVerifierAbi, bytecode: modelVerifierBytecode, args: [options.registry] },
    'deploy the model verifier',
  )
}
