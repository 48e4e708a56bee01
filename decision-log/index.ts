export type { AnchorLogger } from './anchorContext.ts'
export * from './auditAgent.ts'
export {
  AUDIT_STEPS,
  type AuditedDecision,
  type AuditReport,
  type AuditStep,
  type StepCount,
  type StepResult,
} from './auditReport.ts'
export type { CheckModel, ReplayedDecision } from './compareReplay.ts'
export * from './createAnchorWorker.ts'
export * from './createRecorder.ts'
export * from './createSigner.ts'
export * from './createUnsignedLog.ts'
export type * from './decisionProof.ts'
export { DECISION_TYPES, type LogDomain } from './decisionTypes.ts'
export * from './deployDecisionLog.ts'
export { encodeOrder } from './encodeOrder.ts'
export { encodeOutput } from './encodeOutput.ts'
export * from './findOrphaned.ts'
export * from './hashRecord.ts'
export type { ChainAccess, LogClient } from './logChain.ts'
export { batchRoot, EMPTY_HEAD, type Head, nextHead, proveLeaf, verifyProof } from './merkle.ts'
export type { LoggedDecision } from './mintLogged.ts'
export * from './openBatch.ts'
export * from './orphanedBy.ts'
export * from './outputNumbers.ts'
export * from './proveDecision.ts'
export { type Anchor, readAnchors, readLeaves } from './readAnchors.ts'
export * from './recordBody.ts'
export { verifyDecisionProof } from './verifyDecisionProof.ts'
