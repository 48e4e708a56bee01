import { hexToBytes, type PublicClient } from 'viem'
import { modelRegistryAbi } from '../contracts/abi/index.ts'
import { type Address, type Hash, IntegrityError, NotFoundError } from '../core/index.ts'
import { chainFailure, connect } from './logChain.ts'
import { modelHash } from './modelChunks.ts'

/** A model's program as the chain has it. */
export type ReadModel = {
  /** Its bytes, as `encodeProgram` writes them. */
  readonly program: Uint8Array
  /** SHA-256 of the card's canonical JSON. */
  readonly cardHash: Hash
}

/** How a registry is reached: through an HTTP JSON-RPC address, or a client that the caller has. */
export type RegistryAccess =
  | { readonly rpcUrl: string }
  | { readonly client: Pick<PublicClient, 'getCode' | 'readContract'> }

/**
 * Reads a published model's program, and checks that it is the model's: neither the node nor the registry has to be
 * trusted.
 *
 * @throws NotFoundError when the registry does not have the model.
 * @throws IntegrityError when what the node answers is not the model's program.
 * @throws UnavailableError when the node fails.
 */
export async function readPublishedModel(
  model: Hash,
  options: RegistryAccess & { readonly registry: Address },
): Promise<ReadModel> {
  const { registry } = options
  const client = 'client' in options ? options.client : connect(options.rpcUrl)
  const [chunks, cardHash] = await Promise.all([
    client.readContract({
      address: registry,
      abi: modelRegistryAbi,
      functionName: 'chunksOf',
      args: [model],
    }),
    client.readContract({ address: registry, abi: modelRegistryAbi, functionName: 'cardOf', args: [model] }),
  ]).catch(failed('read the model registry'))
  if (chunks.length === 0)
    throw new NotFoundError(`Model ${model} is not published in the registry ${registry}.`, {
      facts: { model, registry },
      hint: 'Check the hash and the registry, or publish the model.',
    })
  const codes = await Promise.all(chunks.map(address => client.getCode({ address }))).catch(
    failed("read the model's program"),
  )
  // Without the STOP that each begins with.
  const program = Buffer.concat(codes.map(code => hexToBytes(code ?? '0x').subarray(1)))
  const actual = modelHash(program, cardHash)
  if (actual !== model)
    throw new IntegrityError(`The program that the chain's node has for model ${model} is of ${actual}.`, {
      facts: { model, actual, registry },
      hint: 'Check the address of the registry, or ask another node.',
    })
  return { program: new Uint8Array(program), cardHash }
}

const failed = (doing: string) => (error: unknown) => {
  throw chainFailure(error, doing)
}
