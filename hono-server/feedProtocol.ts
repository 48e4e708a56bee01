// Not from 'zod': only schemas made after this import have the `openapi` that the routes call on them.
import { z } from '@hono/zod-openapi'
import {
  type Address,
  type AgentId,
  DECISION_KINDS,
  type InstrumentId,
  instrumentId,
  type RecordedDecision,
  type Withdrawal,
} from '../core/index.ts'
import type { DecisionProof, LogDomain } from '../decision-log/index.ts'
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
  readonly next: number
}

/** A decision, with all that its hash and signature can be checked by. */
export type DecisionMessage = { readonly type: 'decision' } & RecordedDecision

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
  | ProofMessage
  | OrphanedMessage
  | HeartbeatMessage
  | ErrorMessage

/** The bytes of a message, as they go to every client. */
export function feedFrame(message: FeedMessage): Buffer {
  return Buffer.from(JSON.stringify(message))
}

/** The message of a recorded decision. */
export function decisionFrame(d: RecordedDecision): Buffer {
  const { feedSequence, agent, sequence, kind, instrument, timeMs, body, leaf, signature } = d
  return feedFrame({
    type: 'decision',
    feedSequence,
    agent,
    sequence,
    kind,
    instrument,
    timeMs,
    body,
    leaf,
    signature,
  })
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
