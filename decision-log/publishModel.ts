import { BaseError, ContractFunctionRevertedError } from 'viem'
import { modelRegistryAbi, modelVerifierAbi } from '../contracts/abi/index.ts'
import { type Address, type Hash, InvalidInputError, sha256, type TouchstoneError } from '../core/index.ts'
import { type ContractWriter, openContractWriter } from './contractWriter.ts'
import type { Deployer } from './deployer.ts'
import { chainFailure } from './logChain.ts'
import { lowerCase } from './lowerCase.ts'
import { modelChunks, modelHash } from './modelChunks.ts'

export type PublishModelOptions = Deployer & {
  readonly rpcUrl: string
  /** Address of the model registry. */
  readonly registry: Address
  /** Address of the verifier that is to run the model; it is only published unless given. */
  readonly verifier?: Address
  /** The program's bytes, as `encodeProgram` writes them. */
  readonly program: Uint8Array
  /** The card's canonical JSON, of which the model's hash is made. */
  readonly card: string
  /** Publishes the card's text too, in an event, also where it was before; only its hash unless set. */
  readonly withCard?: boolean
}

export type PublishedModel = {
  /** Hash of the model. */
  readonly model: Hash
  /** Where the program's bytes are, in order. */
  readonly chunks: readonly Address[]
  /** Transactions that were needed; 0 when all was done before. */
  readonly transactions: number
  /** Their gas. */
  readonly gasUsed: bigint
}

/**
 * Publishes a sealed model, and compiles it for a verifier. What is on the chain already, by whomever, is not done
 * again: after a failure, call it again.
 *
 * @throws InvalidInputError when the program is empty, when the verifier refuses it (a model over several vectors, say),
 * or when the private key has the wrong form.
 * @throws UnavailableError when the node fails or refuses a transaction.
 */
export async function publishModel(options: PublishModelOptions): Promise<PublishedModel> {
  const { registry, verifier, program, card, withCard = false } = options
  if (program.length === 0)
    throw new InvalidInputError('The program to publish has no bytes.', {
      hint: 'Pass what `encodeProgram` wrote.',
    })
  const writer = openContractWriter(options)
  const cardHash = sha256(card)
  const model = modelHash(program, cardHash)
  const chunks = await publishProgram(writer, registry, { program, cardHash, model })
  if (verifier !== undefined) await compile(writer, verifier, model)
  if (withCard)
    await writer.write(
      registry,
      {
        abi: modelRegistryAbi,
        functionName: 'publishCard',
        args: [`0x${Buffer.from(card).toString('hex')}`],
      },
      "publish the model's card",
    )
  return { model, chunks, transactions: writer.transactions(), gasUsed: writer.gasUsed() }
}

async function publishProgram(
  writer: ContractWriter,
  registry: Address,
  { program, cardHash, model }: { program: Uint8Array; cardHash: Hash; model: Hash },
): Promise<readonly Address[]> {
  const present = await readChunks(writer, registry, model)
  if (present.length > 0) return present
  const chunks = modelChunks(program, registry)
  for (const { address, data } of chunks) {
    const code = await writer.client.getCode({ address }).catch(failed('read a chunk'))
    if (code === undefined)
      await writer.write(
        registry,
        { abi: modelRegistryAbi, functionName: 'storeChunk', args: [data] },
        "store part of the model's program",
      )
  }
  const addresses = chunks.map(({ address }) => address)
  await writer.write(
    registry,
    { abi: modelRegistryAbi, functionName: 'publish', args: [addresses, cardHash] },
    'publish the model',
  )
  return addresses
}

async function readChunks(
  { client }: ContractWriter,
  registry: Address,
  model: Hash,
): Promise<readonly Address[]> {
  const chunks = await client
    .readContract({ address: registry, abi: modelRegistryAbi, functionName: 'chunksOf', args: [model] })
    .catch(failed('read the model registry'))
  return chunks.map(lowerCase)
}

async function compile(writer: ContractWriter, verifier: Address, model: Hash): Promise<void> {
  const { client } = writer
  const isCompiled = () =>
    client
      .readContract({ address: verifier, abi: modelVerifierAbi, functionName: 'isCompiled', args: [model] })
      .catch(failed('read the model verifier'))
  while (!(await isCompiled())) {
    const step = { abi: modelVerifierAbi, functionName: 'compile', args: [model] } as const
    // Asked first: a verifier says why it refuses a program, a transaction that it reverts only costs.
    await client.simulateContract({ address: verifier, ...step }).catch((error: unknown) => {
      throw refusal(error, model)
    })
    await writer.write(verifier, step, 'compile the model')
  }
}

/** Why a verifier does not compile a model. */
function refusal(error: unknown, model: Hash): TouchstoneError {
  const reverted =
    error instanceof BaseError ? error.walk(cause => cause instanceof ContractFunctionRevertedError) : null
  const name = reverted instanceof ContractFunctionRevertedError ? reverted.data?.errorName : undefined
  const reason = name === undefined ? undefined : REFUSALS[name]
  if (reason === undefined) return chainFailure(error, 'compile the model')
  return new InvalidInputError(`The verifier does not run model ${model}: ${reason}.`, {
    facts: { model, reason },
    hint: 'Publish it without the verifier, or use a network over one vector, or trees.',
  })
}

/** By the name of the verifier's error. */
const REFUSALS: Readonly<Record<string, string>> = {
  SeveralSteps: 'it looks at more than one feature vector',
  MalformedProgram: 'the program is malformed',
}

const failed = (doing: string) => (error: unknown) => {
  throw chainFailure(error, doing)
}
