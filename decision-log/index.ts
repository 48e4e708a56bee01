export * from './anchorArgument.ts'
export type { AnchorForm, AnchorLogger } from './anchorContext.ts'
export type { RecorderPatience } from './appendPatiently.ts'
export * from './auditAgent.ts'
export {
  AUDIT_STEPS,
  type AuditedDecision,
  type AuditReport,
  type AuditStep,
  type StepCount,
  type StepResult,
} from './auditReport.ts'
export { hashBatch, signerOf } from './batchSignature.ts'
export * from './bindIdentity.ts'
export { blockTimes } from './blockTime.ts'
export * from './challengeAfterNotice.ts'
export * from './challengeClaim.ts'
export * from './challengeDecision.ts'
export type { CheckModel, ReplayedDecision } from './compareReplay.ts'
export * from './createAnchorRelay.ts'
export * from './createAnchorWorker.ts'
export * from './createRecorder.ts'
export * from './createRevealer.ts'
export * from './createSigner.ts'
export * from './createUnsignedLog.ts'
export type * from './decisionProof.ts'
export { DECISION_TYPES, type LogDomain } from './decisionTypes.ts'
export * from './deployChallenge.ts'
export * from './deployDecisionLog.ts'
export type { Deployer } from './deployer.ts'
export * from './deployIdentityRegistries.ts'
export * from './deployModelContracts.ts'
export * from './deployRevealLog.ts'
export * from './embargo.ts'
export { encodeOrder } from './encodeOrder.ts'
export { encodeOutput } from './encodeOutput.ts'
export * from './findOrphaned.ts'
export * from './giveNotice.ts'
export * from './grant.ts'
export * from './grantCipher.ts'
export * from './hashRecord.ts'
export * from './identityRegistries.ts'
export { type ChainAccess, clientOf, type LogClient, latestBlock } from './logChain.ts'
export { LOG_MESSAGE_TYPES, type MessageSigner, signCommit, signEpoch, signIdentity } from './logMessages.ts'
export {
  type BatchTree,
  batchRoot,
  batchTree,
  EMPTY_HEAD,
  type Head,
  type LeafPlace,
  nextHead,
  rootOver,
  verifyProof,
} from './merkle.ts'
export type { LoggedDecision } from './mintLogged.ts'
export * from './openBatch.ts'
export * from './openGranted.ts'
export { openSealed } from './openSealed.ts'
export * from './orphanedBy.ts'
export * from './outputNumbers.ts'
export * from './proveDecision.ts'
export * from './publishedSealed.ts'
export * from './publishModel.ts'
export { type Anchor, readAnchors } from './readAnchors.ts'
export { type KeyEpoch, readEpochs } from './readEpochs.ts'
export { type AgentKeys, agentKeys, readKeys } from './readKeys.ts'
export { type LeafSource, readChainLeaves, readLeaves } from './readLeaves.ts'
export * from './readPublishedModel.ts'
export * from './readReveals.ts'
export * from './recordBody.ts'
export { createSignerFinder, type SignerFinder } from './recoverSigners.ts'
export * from './registerIdentity.ts'
export * from './rememberHeads.ts'
export * from './revealKeys.ts'
export * from './sealBody.ts'
export * from './sealedEnvelope.ts'
export {
  type ProvenLie,
  readChallengedLog,
  sendChallenge,
} from './sendChallenge.ts'
export * from './signedStatement.ts'
export { type AuditSample, drawSample, wrongAtMost } from './spotAudit.ts'
export * from './stakeOwner.ts'
export { keyOf, type TakeOverOptions, takeOver } from './takeOver.ts'
export type { Sender } from './transact.ts'
export * from './validation.ts'
export type { PublishedDecision } from './verify/checkPublished.ts'
export * from './verify/createVerifier.ts'
export { type StepVerdict, VERIFY_STEPS, type VerifyStep } from './verify/verifySteps.ts'
export { verifyDecisionProof } from './verifyDecisionProof.ts'
export { envelopeOf, verifyEnvelope } from './verifyEnvelope.ts'
