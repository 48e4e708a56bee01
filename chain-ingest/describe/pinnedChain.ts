import { type Client, createPublicClient, custom, type PublicClient } from 'viem'
import { unavailable } from '../sources/endpoint.ts'

/** A chain as it is at one block, so that all answers about a contract fit together. */
export type PinnedChain = {
  /** Puts the calls that are made at once into one request, without a contract on the chain (deployless multicall). */
  readonly client: PublicClient
  /** Makes them one by one, for a node that refuses such a request. */
  readonly plain: PublicClient
  readonly blockNumber: bigint
  /** What an error calls the node. */
  readonly endpoint: string
}

export type PinOptions = {
  /** Block to ask at; the latest unless given. */
  readonly blockNumber?: bigint | undefined
  /** What an error calls the node: its host, never its whole URL. */
  readonly endpoint?: string | undefined
}

/**
 * Pins a chain to a block.
 *
 * @throws UnavailableError when the node does not say its latest block.
 */
export async function pinChain(
  plain: PublicClient,
  { blockNumber, endpoint = 'the given address' }: PinOptions,
): Promise<PinnedChain> {
  const pinned =
    blockNumber ??
    (await plain.getBlockNumber({ cacheTime: 0 }).catch((error: unknown) => {
      throw unavailable(endpoint, 'eth_blockNumber', error)
    }))
  const request = plain.request as (call: { method: string; params?: unknown }) => Promise<unknown>
  const client = createPublicClient({
    transport: custom({ request }, { retryCount: 0 }),
    batch: { multicall: { deployless: true } },
  })
  return { client: client as Client as PublicClient, plain, blockNumber: pinned, endpoint }
}
