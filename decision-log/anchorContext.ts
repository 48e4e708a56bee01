import type { HttpTransport, PublicClient } from 'viem'
import type { Address, AgentEpoch, AnchorBatch, DecisionStore, Hash, UnixMs } from '../core/index.ts'
import type { AgentSigner } from './createSigner.ts'
import { EMPTY_HEAD, type Head } from './merkle.ts'
import type { SentTransaction } from './transactionLine.ts'

/** Where the anchor worker reports what it does; pino's loggers fit. */
export type AnchorLogger = {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** What goes on chain of a batch: its leaves, or their root alone. */
export type AnchorForm = 'leaves' | 'root'

/** What the steps of the anchor worker work with, of one agent and one look at the chain. */
export type AnchorContext = {
  readonly store: DecisionStore
  readonly client: PublicClient<HttpTransport>
  readonly contract: Address
  readonly signer: AgentSigner
  readonly chainId: number
  /** Names this host; an epoch is one host's. */
  readonly host: Hash
  readonly form: AnchorForm
  readonly confirmations: number
  readonly fromBlock: number
  /** The block that the chain is read as of. */
  readonly latest: number
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
  /** The epoch that the store works in; null before it was read. */
  epoch: AgentEpoch | null
  /** The block in which the chain took the epoch, once it was found to be this host's. */
  epochBlock: { readonly blockNumber: number; readonly blockHash: Hash } | null
  /** The transaction that asks for the epoch, while it is on its way. */
  epochSent: SentTransaction | null
}

/** The memory of a worker that has just started. */
export function emptyMemory(): AnchorMemory {
  return { finalSequence: 0, finalHead: EMPTY_HEAD, epoch: null, epochBlock: null, epochSent: null }
}
