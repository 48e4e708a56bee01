import {
  identityRegistryAbi,
  identityRegistryBytecode,
  validationRegistryAbi,
  validationRegistryBytecode,
} from '../contracts/abi/index.ts'
import type { Address } from '../core/index.ts'
import { openContractWriter } from './contractWriter.ts'
import type { Deployer } from './deployer.ts'

/**
 * Deploys conforming ERC-8004 registries where a chain has none, or a validation registry beside the chain's identity
 * registry, and waits until they are mined.
 *
 * @throws UnavailableError when the node fails or refuses a transaction.
 * @throws InvalidInputError when the private key has the wrong form.
 */
export async function deployIdentityRegistries(
  options: Deployer & {
    readonly rpcUrl: string
    /** Identity registry that the chain has; deployed too unless given. */
    readonly identity?: Address
  },
): Promise<{ readonly identity: Address; readonly validation: Address }> {
  const writer = openContractWriter(options)
  const identity = options.identity ?? (await deployIdentity(writer))
  const { address: validation } = await writer.deploy(
    { abi: validationRegistryAbi, bytecode: validationRegistryBytecode, args: [identity] },
    'deploy the validation registry',
  )
  return { identity, validation }
}

async function deployIdentity(writer: ReturnType<typeof openContractWriter>): Promise<Address> {
  const { address } = await writer.deploy(
    { abi: identityRegistryAbi, bytecode: identityRegistryBytecode },
    'deploy the identity registry',
  )
  return address
}
