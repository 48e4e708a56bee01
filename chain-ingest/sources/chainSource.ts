import type { PublicClient } from 'viem'
import type { EstimatedField } from '../../core/index.ts'
import type { BlockTimeAnchor } from '../decode/placeLog.ts'

/** Stops a subscription. */
export type Unsubscribe = () => void

/**
 * A chain that can be read: a node or a recording. Both answer JSON-RPC through a viem client, and everything
 * after goes through the same code.
 */
export type ChainSource = {
  readonly kind: 'rpc' | 'recorded'
  readonly chainId: number
  readonly client: PublicClient
  /** Names the source for people: scheme and host of a node (no credentials, path or query), or file names. */
  readonly endpoint: string
  /** First block there is: 0 of a node, the first recorded one of a recording. */
  readonly firstBlock: number
  /** What the source does not record and is derived; each observation's lineage says so too. */
  readonly estimatedFields: readonly EstimatedField[]
  /** What unrecorded block times are interpolated from. */
  readonly anchor: BlockTimeAnchor | null
  /** Calls back with each new head's JSON-RPC header, where the source pushes them (WebSocket). */
  readonly subscribeHeads: ((onHead: (header: unknown) => void) => Unsubscribe) | null
  close(): Promise<void>
}
