import { type Client, createPublicClient, custom, type PublicClient } from 'viem'
import { InvalidInputError } from '../../core/index.ts'
import { parseQuantity } from '../decode/rpcLog.ts'
import type { ChainSource } from './chainSource.ts'
import { unavailable } from './endpoint.ts'
import { createEndpointPool, type EndpointStatistics } from './endpointPool.ts'
import { canReopen } from './reopening.ts'
import { openRpcEndpoint, type RpcCall, type RpcEndpoint } from './rpcEndpoint.ts'
import { wrongChain } from './wrongChain.ts'

/** How long one request may take: long enough for a full range of logs from a remote node. */
export const DEFAULT_RPC_TIMEOUT_MS = 20_000

export type RpcSourceOptions = {
  /**
   * http, https, ws or wss; several are nodes of one chain, asked in turn when one fails. Over WebSocket, new
   * blocks are pushed.
   */
  readonly url: string | readonly string[]
  /** Refuse any other chain. */
  readonly expectedChainId?: number
  readonly timeoutMs?: number
  /** Most requests that each node gets in a second; no limit unless given. */
  readonly requestsPerSecond?: number
}

/** A chain's nodes as one source. */
export type RpcSource = ChainSource & {
  /** What became of each node's requests so far; of a single node, nothing is counted. */
  statistics(): readonly EndpointStatistics[]
}

/**
 * Connects to the nodes of a chain and asks for its id. With several, one that answers is enough.
 *
 * @throws UnavailableError when no node can be reached; it names the hosts, never a key in a URL.
 * @throws InvalidInputError when a URL is malformed, or a node is on another chain than expected or than another.
 */
export async function createRpcSource(options: RpcSourceOptions): Promise<RpcSource> {
  const { timeoutMs = DEFAULT_RPC_TIMEOUT_MS, requestsPerSecond = null } = options
  const urls = typeof options.url === 'string' ? [options.url] : options.url
  const endpoints = urls.map(url => openRpcEndpoint(url, timeoutMs, requestsPerSecond))
  const close = async () => {
    for (const endpoint of endpoints) endpoint.close()
  }
  try {
    const chainId = await commonChainId(endpoints, options.expectedChainId)
    const pool = endpoints.length > 1 ? createEndpointPool(endpoints, chainId) : null
    const [first] = endpoints
    if (first === undefined) throw noEndpoint()
    const source: RpcSource = {
      kind: 'rpc',
      chainId,
      client: clientOf(call => (pool ?? first).request(call)),
      endpoint: endpoints.map(({ name }) => name).join(', '),
      firstBlock: 0,
      estimatedFields: [],
      anchor: null,
      subscribeHeads: subscribeToAll(endpoints),
      statistics: () => pool?.statistics() ?? [],
      close,
    }
    // Several nodes, or a rate, are shared out by one hand.
    if (pool === null && requestsPerSecond === null)
      canReopen(source, { url: urls, expectedChainId: chainId, timeoutMs })
    return source
  } catch (error) {
    await close()
    throw error
  }
}

function clientOf(request: (call: RpcCall) => Promise<unknown>): PublicClient {
  const transport = custom({ request }, { retryCount: 0, key: 'nodes' })
  return createPublicClient({ transport }) as Client as PublicClient
}

/** The chain that all nodes that answer are on. */
async function commonChainId(
  endpoints: readonly RpcEndpoint[],
  expected: number | undefined,
): Promise<number> {
  let found: number | null = expected ?? null
  let answered = false
  let failure: unknown = null
  for (const endpoint of endpoints) {
    let chainId: number | null
    try {
      chainId = parseQuantity(await endpoint.request({ method: 'eth_chainId', params: [] }))
      if (chainId === null) throw new Error('a malformed answer to eth_chainId')
    } catch (error) {
      failure ??= unavailable(endpoint.name, 'eth_chainId', error)
      continue
    }
    found ??= chainId
    if (chainId !== found) throw wrongChain(endpoint.name, chainId, found)
    answered = true
  }
  if (answered && found !== null) return found
  throw failure ?? noEndpoint()
}

/** New heads of every node that pushes them; null when none does. */
function subscribeToAll(endpoints: readonly RpcEndpoint[]): ChainSource['subscribeHeads'] {
  const pushing = endpoints.flatMap(({ subscribeHeads }) => (subscribeHeads === null ? [] : [subscribeHeads]))
  if (pushing.length === 0) return null
  return onHead => {
    const unsubscribe = pushing.map(subscribe => subscribe(onHead))
    return () => {
      for (const end of unsubscribe) end()
    }
  }
}

function noEndpoint(): InvalidInputError {
  return new InvalidInputError('No node is named.', { hint: 'Give the URL of at least one.' })
}
