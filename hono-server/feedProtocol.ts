// Not from 'zod': only schemas made after this import have the `openapi` that the routes call on them.
import { z } from '@hono/zod-openapi'
import {
  type Address,
  type AgentId,
  DECISION_KINDS,
  type Hash,
  type InstrumentId,
  instrumentId,
  type RecordedDecision,
  type SealedBody,
  type Withdrawal,
} from '../core/index.ts'
import {
  type DecisionProof,
  type GrantedBody,
  type LogDomain,
  type PublishedSealed,
  publishSealed,
} from '../decision-log/index.ts'
import { type OrphanedView, viewOrphaned } from './orphanedView.ts'

/** Version of the messages; it changes when a client that follows FEED.md would misread them. */
export const FEED_PROTOCOL = 1

/** Most entries of one filter list in a subscription. */
const MAX_FILTER_ENTRIES = 64

/** An agent id as clients may write it; lower-case afterwards. */
export const agentIdSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hexadecimal digits')
  .transform((text): AgentId => `0x${text.slice(2).toLowerCase()}`)

/** An instrument id; Ethereum addresses in it may be in any case. */
export const instrumentIdSchema = z
  .string()
  .max(120)
  .transform((text, context): InstrumentId => {
    try {
      return instrumentId(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a CAIP-19 id or venue:SYMBOL' })
      return z.NEVER
    }
  })

const cursorSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** What a client sends, once, after it has connected. */
export const subscribeSchema = z.strictObject({
  type: z.literal('subscribe'),
  /** First feed sequence whose decision is wanted; what is recorded from now on when absent. */
  from: cursorSchema.optional(),
  /** First feed sequence whose proof is wanted; `from` when absent. At most `from`. */
  proofFrom: cursorSchema.optional(),
  /** First feed sequence whose loss to a reorg is wanted; `proofFrom` when absent. At most `proofFrom`. */
  orphanedFrom: cursorSchema.optional(),
  /** First feed sequence whose reveal is wanted, where it was sealed; `from` when absent. At most `from`. */
  revealedFrom: cursorSchema.optional(),
  /** X25519 public key that an agent granted its sealed decisions to. */
  grantKey: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, 'must be a public key: 0x and 64 hexadecimal digits')
    .transform((text): Hash => `0x${text.slice(2).toLowerCase()}`)
    .optional(),
  agents: z.array(agentIdSchema).min(1).max(MAX_FILTER_ENTRIES).optional(),
  instruments: z.array(instrumentIdSchema).min(1).max(MAX_FILTER_ENTRIES).optional(),
  kinds: z.array(z.enum(DECISION_KINDS)).min(1).optional(),
})

/** A checked subscription. */
export type Subscribe = z.infer<typeof subscribeSchema>

/** Which decisions a subscription wants; an absent list wants all. */
export type FeedFilter = Pick<Subscribe, 'agents' | 'instruments' | 'kinds'>

/** True when a decision is wanted by the filter. */
export function matchesFilter(
  { agents, instruments, kinds }: FeedFilter,
  decision: RecordedDecision,
): boolean {
  return (
    (agents?.includes(decision.agent) ?? true) &&
    (instruments?.includes(decision.instrument) ?? true) &&
    (kinds?.includes(decision.kind) ?? true)
  )
}

/**
 * True when a decision may be wanted by the filter although it is sealed: whether it is of a wanted kind and
 * instrument is not to be told yet, so it goes to everybody who wants its agent.
 */
export function mayMatchFilter({ agents }: FeedFilter, { agent }: Pick<RecordedDecision, 'agent'>): boolean {
  return agents?.includes(agent) ?? true
}

/** Why the server ends a connection: the `code` of an error message and its WebSocket close code. */
export const FEED_ERRORS = {
  badMessage: 4400,
  subscribeTimeout: 4408,
  sequenceAhead: 4416,
  backlogTooLong: 4417,
  unavailable: 1013,
} as const

export type FeedErrorCode = keyof typeof FEED_ERRORS

/** Close code and reason of a client that reads too slowly: "try again later", from where it stopped. */
export const SLOW_CLIENT = { code: 1013, reason: 'slow client: reconnect and resume' } as const

/** Close code and reason when the server stops. */
export const SERVER_CLOSING = { code: 1001, reason: 'server closing: reconnect and resume' } as const

/** The domain as clients may know it. */
export type FeedDomain = Pick<LogDomain, 'chainId' | 'verifyingContract'>

/** Confirms a subscription. `next` is the server's next feed sequence: below it, decisions are history. */
export type SubscribedMessage = {
  readonly type: 'subscribed'
  readonly protocol: typeof FEED_PROTOCOL
  readonly chainId: number
  readonly contract: Address
  readonly from: number
  readonly proofFrom: number
  readonly orphanedFrom: number
  readonly revealedFrom: number
  readonly next: number
}

/** A decision, with all that its hash and signature can be checked by. */
export type DecisionMessage = { readonly type: 'decision' } & Omit<RecordedDecision, 'sealed'>

/** A decision that is kept back: what its envelope tells, and the sealed body. */
export type SealedMessage = { readonly type: 'sealed'; readonly feedSequence: number } & PublishedSealed

/** A decision that was sent sealed before, now that its time has come. */
export type RevealedMessage = { readonly type: 'revealed' } & Omit<RecordedDecision, 'sealed'>

/** The body of a decision that was just sent sealed, encrypted to a key that its agent granted it to. */
export type GrantedMessage = {
  readonly type: 'granted'
  readonly feedSequence: number
  readonly agent: AgentId
  readonly sequence: number
  readonly publicKey: Hash
} & GrantedBody

/** Leads from a decision sent before to the chain. */
export type ProofMessage = {
  readonly type: 'proof'
  readonly feedSequence: number
  readonly agent: AgentId
  readonly sequence: number
} & DecisionProof

/** A decision sent before, or just before, was made from what a reorg has since withdrawn. */
export type OrphanedMessage = {
  readonly type: 'orphaned'
  readonly feedSequence: number
  readonly agent: AgentId
  readonly sequence: number
} & OrphanedView

/** Every wanted decision below `next` has been sent: resume from there. */
export type HeartbeatMessage = { readonly type: 'heartbeat'; readonly next: number }

/** Says why the connection is about to be closed. */
export type ErrorMessage = {
  readonly type: 'error'
  readonly code: FeedErrorCode
  readonly message: string
  readonly hint: string
}

export type FeedMessage =
  | SubscribedMessage
  | DecisionMessage
  | SealedMessage
  | RevealedMessage
  | GrantedMessage
  | ProofMessage
  | OrphanedMessage
  | HeartbeatMessage
  | ErrorMessage

/** The bytes of a message, as they go to every client. */
export function feedFrame(message: FeedMessage): Buffer {
  return Buffer.from(JSON.stringify(message))
}

/** The message of a recorded decision. */
export function decisionFrame(decision: RecordedDecision): Buffer {
  return feedFrame({ type: 'decision', ...contentOf(decision) })
}

/** The message of a decision that was sealed until now. */
export function revealedFrame(decision: RecordedDecision): Buffer {
  return feedFrame({ type: 'revealed', ...contentOf(decision) })
}

// Field by field: what a row may hold beside them is not for everybody.
function contentOf(d: RecordedDecision): Omit<RecordedDecision, 'sealed'> {
  const { feedSequence, agent, sequence, kind, instrument, timeMs, body, leaf, signature } = d
  return { feedSequence, agent, sequence, kind, instrument, timeMs, body, leaf, signature }
}

/** The message of a decision that is sealed; it holds nothing that the body would tell. */
export function sealedFrame(decision: RecordedDecision, sealed: SealedBody): Buffer {
  const { feedSequence } = decision
  return feedFrame({ type: 'sealed', feedSequence, ...publishSealed(decision, sealed) })
}

/** The message of a body that was encrypted to a grantee. */
export function grantedFrame(
  { feedSequence, agent, sequence }: RecordedDecision,
  publicKey: Hash,
  granted: GrantedBody,
): Buffer {
  return feedFrame({ type: 'granted', feedSequence, agent, sequence, publicKey, ...granted })
}

/** The message of a proof. */
export function proofFrame(
  { feedSequence, agent, sequence }: RecordedDecision,
  proof: DecisionProof,
): Buffer {
  return feedFrame({ type: 'proof', feedSequence, agent, sequence, ...proof })
}

/** The message that a decision was orphaned. */
export function orphanedFrame(
  { feedSequence, agent, sequence }: RecordedDecision,
  withdrawal: Withdrawal,
): Buffer {
  return feedFrame({ type: 'orphaned', feedSequence, agent, sequence, ...viewOrphaned(withdrawal) })
}
