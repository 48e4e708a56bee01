import type { Server } from 'node:http'
import type { AgentId, DecisionStore, UnixMs } from '../core/index.ts'
import type { ProofOf } from './createProofOf.ts'
import type { WithdrawalsOf } from './createWithdrawalsOf.ts'
import type { GrantsTo } from './feedGrants.ts'
import type { FeedDomain } from './feedProtocol.ts'

/** Path that the feed answers on. */
export const FEED_PATH = '/v1/feed'

/** Time between heartbeats; a client that misses two is gone. Under the usual 60 s idle limit of proxies. */
export const DEFAULT_HEARTBEAT_MS = 15_000

/** Bytes that may wait for one client: about 2,000 decisions, seconds of the busiest feed. */
export const DEFAULT_MAX_BUFFERED_BYTES = 4 * 1024 * 1024

/** A subscription with full filter lists is under 12 KiB. */
export const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024

/** Clients in all: what one process serves at 20 messages a second with room to spare. */
export const DEFAULT_MAX_CLIENTS = 2_000

/** Clients of one address; raise it behind a proxy, which all clients share. */
export const DEFAULT_MAX_CLIENTS_PER_ADDRESS = 100

/** Time a client has to subscribe, and a client that catches up to read something. */
export const DEFAULT_PATIENCE_MS = 30_000

export type FeedOptions = {
  readonly decisions: DecisionStore
  readonly proofOf: ProofOf
  /** What reorgs took from agents; absent: no decision is said to be orphaned. */
  readonly withdrawalsOf?: WithdrawalsOf
  /** Who was granted what is sealed; absent: nobody. */
  readonly grantsTo?: GrantsTo
  /** By which sealed decisions are revealed. Absent, they stay sealed. */
  readonly now?: () => UnixMs
  readonly domain: FeedDomain
  readonly heartbeatMs?: number
  readonly maxBufferedBytes?: number
  readonly maxMessageBytes?: number
  readonly maxClients?: number
  readonly maxClientsPerAddress?: number
  /** Most decisions that a subscription may go back; no limit when absent. */
  readonly maxBacklog?: number
  readonly patienceMs?: number
  /**
   * Web origins that may open the feed from a browser, beside the server's own; '*' for all. Programs send
   * no origin and are not asked. Without this, any page that a user visits could read a loopback feed.
   */
  readonly allowedOrigins?: readonly string[] | '*'
  /** Told of a store or proof that failed; the feed goes on and tries again. */
  readonly onError?: (error: unknown) => void
}

/** What the feed has done since it was created. */
export type FeedStats = {
  /** Open connections. */
  readonly clients: number
  /** Of these, subscribed ones. */
  readonly subscribed: number
  /** Messages handed to sockets. */
  readonly messagesSent: number
  /** Clients dropped because they read too slowly. */
  readonly droppedSlow: number
  /** Clients dropped because they answered no ping. */
  readonly droppedDead: number
  /** Clients turned away or closed for what they sent or how many they were. */
  readonly refused: number
  /** Next feed sequence to be distributed. */
  readonly next: number
}

/** The WebSocket feed; its protocol is in FEED.md. */
export type Feed = {
  /** Serves `/v1/feed` on an HTTP server. */
  attach(server: Server): void
  /** Call after decisions were recorded; the feed also looks by itself at every heartbeat. */
  notifyRecorded(): void
  /** Call after an agent's anchors changed. */
  notifyAnchored(agent: AgentId): void
  /** Call after a reorg withdrew observations. */
  notifyWithdrawn(): void
  /** Closes every client with 1001, and stops. */
  close(): Promise<void>
  readonly stats: FeedStats
}
