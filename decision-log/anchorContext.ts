import type { HttpTransport, PublicClient } from 'viem'
import type { Address, AnchorBatch, DecisionStore, Hash, UnixMs } from '../core/index.ts'
import type { AgentSigner } from './createSigner.ts'
import { EMPTY_HEAD, type Head } from './merkle.ts'

/** Where the anchor worker reports what it does; pino's loggers fit. */
export type AnchorLogger = {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** What the steps of the anchor worker work with. */
export type AnchorContext = {
  readonly store: DecisionStore
  readonly client: PublicClient<HttpTransport>
  readonly contract: Address
  readonly signer: AgentSigner
  readonly chainId: number
  readonly maxBatch: number
  readonly confirmations: number
  readonly stuckAfterMs: number
  readonly maxFeePerGas: bigint
  readonly fromBlock: number
  readonly now: () => UnixMs
  readonly logger: AnchorLogger
  readonly onAnchored: (batch: AnchorBatch) => void
  readonly memory: AnchorMemory
}

/** What a worker remembers between passes; all of it may be lost without harm. */
export type AnchorMemory = {
  /** Batches before this sequence are deeper than any expected reorg, and are not read again. */
  finalSequence: number
  /** The head after them. */
  finalHead: Head
  /** When this process sent, or first saw, a pending transaction. */
  readonly sentAt: Map<Hash, UnixMs>
}

/** The memory of a worker that has just started. */
export function emptyMemory(): AnchorMemory {
  return { finalSequence: 0, finalHead: EMPTY_HEAD, sentAt: new Map() }
}
