import {
  type AgentId,
  type AgentStore,
  type DecisionStore,
  type Hash,
  type InstrumentId,
  type UnixMs,
  unixMs,
} from '../core/index.ts'
import type { LogDomain } from '../decision-log/index.ts'
import type { Metrics } from './createMetrics.ts'
import type { ProofOf } from './createProofOf.ts'
import type { WithdrawalsOf } from './createWithdrawalsOf.ts'
import type { ModelHealth } from './modelHealth.ts'

/** Whether the process can do its work, and if not, why: each reason one sentence. */
export type Readiness = { readonly ready: boolean; readonly reasons: readonly string[] }

/** Decimal places of an instrument's smallest unit; null for one that nobody here knows. */
export type DecimalsOf = (instrument: InstrumentId) => number | null

/** How the model of an agent is doing; null for one without, and for one that this process does not run. */
export type ModelHealthOf = (agent: AgentId) => ModelHealth | null

/** What the operator may ask of the process that owns the store. */
export type OperatorPort = {
  /** Bearer token, at least 32 characters. */
  readonly token: string
  /** Audits one decision, an agent, or all; the answer goes out as JSON. */
  audit(request: AuditRequest): Promise<unknown>
}

/** What to audit: a decision (`agent` and `sequence`), an agent (name or id), or everything. */
export type AuditRequest = {
  readonly agent?: string
  readonly sequence?: number
  /** So many of each agent's decisions, drawn by a seed or, without one, by the hash of the latest block. */
  readonly sample?: { readonly size: number; readonly seed: Hash | null }
}

/** Everything that the HTTP server reads. */
export type ReadPorts = {
  readonly agents: Pick<AgentStore, 'find' | 'list'>
  readonly decisions: Pick<DecisionStore, 'find' | 'list' | 'batchOf' | 'nextSequence' | 'nextFeedSequence'>
  readonly proofOf: ProofOf
  readonly withdrawalsOf: WithdrawalsOf
  readonly decimalsOf: DecimalsOf
  readonly modelHealthOf: ModelHealthOf
  /** The log that decisions are anchored in; `rpcUrl` is shown to everybody, so give a public one or none. */
  readonly domain: LogDomain & { readonly rpcUrl?: string }
  /** By which sealed decisions are revealed. Absent, they stay sealed. */
  readonly now?: () => UnixMs
  readiness(): Readiness | Promise<Readiness>
  readonly metrics: Metrics
  /** Absent: no operator routes. */
  readonly operator?: OperatorPort
}

/** The clock of a server without one: no reveal time has come. */
export const BEFORE_ALL_REVEALS = (): UnixMs => unixMs(0)
