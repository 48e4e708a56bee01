export * from './createSearch.ts'
export { fixParameters } from './fixParameters.ts'
export { gridSize } from './lattice.ts'
export * from './parameter.ts'
export * from './parameters.ts'
export * from './runSweep.ts'
export { type Column, hashColumns, type SharedColumns, shareColumns } from './sharedColumns.ts'
export type {
  CreateEvaluator,
  Evaluate,
  EvaluatorContext,
  SweepFigures,
  SweepOutcome,
  SweepResult,
} from './sweepFigures.ts'
export { configurationHash, type SweepLedger } from './sweepLedger.ts'
export type { SweepProgress } from './sweepProgress.ts'
export * from './sweepTable.ts'
export { TPE_DEFAULTS, type TpeSettings } from './tpe.ts'
export * from './trialLedger.ts'
export {
  EMPTY_LEDGER,
  type LedgerHead,
  type TrialEntry,
  type TrialKey,
  type TrialRecord,
} from './trialRecord.ts'
