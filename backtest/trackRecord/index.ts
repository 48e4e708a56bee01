export { type ComparedPrices, comparePrices } from './comparePrices.ts'
export type { EmbargoRecord, ObservedReveal, SealedSpan } from './embargoOf.ts'
export { formatTrackRecord } from './formatTrackRecord.ts'
export { openRevealed, sealedPlaces } from './openRevealed.ts'
export {
  type ProvenRecord,
  type ProvenRecords,
  type ProvenSealed,
  proveRecords,
  type TimedAnchor,
} from './proveRecords.ts'
export { type PublishedDecision, parsePublished } from './publishedDecision.ts'
export type { RebuiltAccount } from './rebuildAccount.ts'
export type { FaultKind, RecordFault } from './recordFault.ts'
export { renderTrackRecord } from './renderTrackRecord.ts'
export type { HorizonScore, SignalScores } from './scoreSignals.ts'
export * from './trackRecord.ts'
