import { createPublicClient, custom, http } from 'viem'
import { InvalidInputError } from '../../core/index.ts'
import type { ChainSource } from './chainSource.ts'
import { describeEndpoint, parseEndpoint, unavailable } from './endpoint.ts'
import { createWebSocketProvider } from './webSocketProvider.ts'

/** How long one request may take: long enough for a full range of logs from a remote node. */
export const DEFAULT_RPC_TIMEOUT_MS = 20_000

export type RpcSourceOptions = {
  /** http, https, ws or wss. Over WebSocket, new blocks are pushed. */
  readonly url: string
  /** Refuse any other chain. */
  readonly expectedChainId?: number
  readonly timeoutMs?: number
}

/**
 * Connects to a node and asks for its chain id.
 *
 * @throws UnavailableError when the node cannot be reached; it names the host, never a key in the URL.
 * @throws InvalidInputError when the URL is malformed, or the node is on another chain than expected.
 */
export async function createRpcSource(options: RpcSourceOptions): Promise<ChainSource> {
  const { expectedChainId, timeoutMs = DEFAULT_RPC_TIMEOUT_MS } = options
  const url = parseEndpoint(options.url)
  const endpoint = describeEndpoint(url)
  const socket = url.protocol.startsWith('ws') ? createWebSocketProvider(url, timeoutMs) : null
  // Retries are this stage's own (`requestRpc`): it knows which failures a smaller range cures.
  const client = createPublicClient({
    transport:
      socket === null
        ? http(options.url, { retryCount: 0, timeout: timeoutMs })
        : custom(socket, { retryCount: 0, key: 'webSocket' }),
  })
  const close = async () => socket?.close()
  let chainId: number
  try {
    chainId = await client.getChainId()
  } catch (error) {
    await close()
    throw unavailable(endpoint, 'eth_chainId', error)
  }
  if (expectedChainId !== undefined && chainId !== expectedChainId) {
    await close()
    throw wrongChain(endpoint, chainId, expectedChainId)
  }
  return {
    kind: 'rpc',
    chainId,
    client,
    endpoint,
    firstBlock: 0,
    estimatedFields: [],
    anchor: null,
    subscribeHeads: socket === null ? null : onHead => socket.subscribeHeads(onHead),
    close,
  }
}

/** The node is on another chain than the one that was asked for. */
export function wrongChain(endpoint: string, chainId: number, expectedChainId: number): InvalidInputError {
  return new InvalidInputError(
    `The node at ${endpoint} is on chain ${chainId}; chain ${expectedChainId} was expected.`,
    {
      facts: { endpoint, chainId, expectedChainId },
      hint: `Name a node of chain ${expectedChainId}, or expect chain ${chainId}.`,
    },
  )
}
