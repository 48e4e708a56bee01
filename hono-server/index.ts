export * from './countAnchored.ts'
export * from './createFeed.ts'
export * from './createMetrics.ts'
export * from './createProofOf.ts'
export * from './createServer.ts'
export * from './createWithdrawalsOf.ts'
export type { AgentFeatures } from './featureGauges.ts'
export type { GrantsTo } from './feedGrants.ts'
export * from './feedOptions.ts'
export {
  type DecisionMessage,
  type ErrorMessage,
  FEED_ERRORS,
  FEED_PROTOCOL,
  type FeedDomain,
  type FeedErrorCode,
  type FeedMessage,
  type GrantedMessage,
  type HeartbeatMessage,
  type OrphanedMessage,
  type ProofMessage,
  type RevealedMessage,
  type SealedMessage,
  type SubscribedMessage,
} from './feedProtocol.ts'
export type { NodeRequests, SourceIngest } from './ingestGauges.ts'
export type { AgentModel } from './modelGauges.ts'
export type { ModelHealth } from './modelHealth.ts'
export type * from './readPorts.ts'
export * from './startServer.ts'
