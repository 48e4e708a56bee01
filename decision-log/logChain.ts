import {
  BaseError,
  createPublicClient,
  HttpRequestError,
  type HttpTransport,
  http,
  type PublicClient,
  TimeoutError,
} from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type Address, type AgentId, type Hash, InvalidInputError, UnavailableError } from '../core/index.ts'
import { type Head, headFromNumber } from './merkle.ts'

/** A viem client of the chain that holds the decision log. */
export type LogClient = Pick<
  PublicClient,
  'getBlock' | 'getChainId' | 'getLogs' | 'getTransaction' | 'getTransactionReceipt' | 'readContract'
>

/** How a function reaches the chain: through an HTTP JSON-RPC address, or a client that the caller has. */
export type ChainAccess = { readonly rpcUrl: string } | { readonly client: LogClient }

/** The client of an access. */
export function clientOf(access: ChainAccess): LogClient {
  return 'client' in access ? access.client : connect(access.rpcUrl)
}

/** A viem client over HTTP without multicall or a chain definition: it serves any EVM chain. */
export function connect(rpcUrl: string, retryCount = 3): PublicClient<HttpTransport> {
  return createPublicClient({ transport: http(rpcUrl, { retryCount }), cacheTime: 0, pollingInterval: 50 })
}

/**
 * The chain's latest block. Its hash is a number that nobody chose and nobody knew before.
 *
 * @throws UnavailableError when the node fails.
 */
export async function latestBlock(client: LogClient): Promise<{ number: number; hash: Hash }> {
  try {
    const { number, hash } = await client.getBlock()
    return { number: Number(number), hash }
  } catch (error) {
    throw chainFailure(error, 'read its latest block')
  }
}

/** What the contract keeps for an agent, at one block. */
export type ChainHead = {
  readonly head: Head
  readonly nextSequence: number
  /** Times that the agent was taken over. */
  readonly epoch: number
}

/** The word that the contract keeps for an agent, which a commit names: head, epoch, next sequence. */
export function stateWord({ head, nextSequence, epoch }: ChainHead): Hash {
  return `${head}${hexadecimal(epoch, 4)}${hexadecimal(nextSequence, 12)}`
}

const hexadecimal = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/**
 * Reads an agent's head as of a block.
 *
 * @throws InvalidInputError when no decision log is at the address.
 * @throws UnavailableError when the node fails.
 */
export async function readHead(
  client: LogClient,
  contract: Address,
  agent: AgentId,
  blockNumber: bigint,
): Promise<ChainHead> {
  try {
    const [head, nextSequence, epoch] = await client.readContract({
      address: contract,
      abi: decisionLogAbi,
      functionName: 'headOf',
      args: [agent],
      blockNumber,
    })
    return { head: headFromNumber(head), nextSequence: Number(nextSequence), epoch }
  } catch (error) {
    if (hasName(error, 'ContractFunctionZeroDataError')) throw noSuchLog(contract)
    throw chainFailure(error, 'read the head of the decision log')
  }
}

function noSuchLog(contract: Address): InvalidInputError {
  return new InvalidInputError(`There is no decision log at ${contract} on this chain.`, {
    facts: { contract },
    hint: 'Check the contract address and the chain, or deploy a DecisionLog.',
  })
}

/** True when an error, or one that caused it, has the name. */
export function hasName(error: unknown, name: string): boolean {
  return (
    error instanceof BaseError && error.walk(cause => cause instanceof Error && cause.name === name) !== null
  )
}

/** True when the node could not be reached at all, or did not answer, so that other parameters cannot help. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false
  const cause = error.walk(inner => inner instanceof HttpRequestError || inner instanceof TimeoutError)
  if (cause instanceof HttpRequestError)
    return cause.status === undefined || [401, 403, 429, 502, 503, 504].includes(cause.status)
  return cause !== null
}

/**
 * An error of the node as one that a user may see. viem's own text is left out, and the error itself is no
 * cause, because they quote the RPC address, which often holds a key.
 */
export function chainFailure(error: unknown, doing: string): UnavailableError {
  const reason = reasonOf(error)
  return new UnavailableError(`The chain's node failed to ${doing}: ${reason}.`, {
    facts: { doing, reason },
    hint: 'Check that the node runs and that its RPC address is right, then try again.',
  })
}

/** True when a node refused a transaction because its account cannot pay for it. */
export function isUnpaid(error: unknown): boolean {
  return /insufficient funds|exceeds the balance|gas required exceeds allowance/i.test(reasonOf(error))
}

/** What a node said, in one line and without any address. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof BaseError))
    return error instanceof Error ? withoutAddresses(error.message) : 'unknown'
  const inner = error.walk()
  const text = inner instanceof BaseError ? inner.details || inner.shortMessage : inner.message
  return withoutAddresses(text)
}

function withoutAddresses(text: string): string {
  const [line = ''] = text.split('\n')
  return line.replace(/\b(?:https?|wss?):\/\/\S+/g, '(address)').replace(/\.$/, '')
}
