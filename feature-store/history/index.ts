export {
  type Analysis,
  type AnalysisOptions,
  type AnalysisValue,
  analyse,
  DATASETS,
  DECISIONS_VIEW,
  OBSERVATIONS_VIEW,
  viewColumns,
} from './analyse.ts'
export {
  ARCHIVE_STEPS,
  type ArchiveOptions,
  type ArchiveStep,
  type ArchiveSummary,
  archiveObservations,
  DEFAULT_BATCH_ROWS,
} from './archiveObservations.ts'
export { type ArrowCell, type ArrowColumn, toArrow, writeArrowRows, writeArrowTable } from './arrowTable.ts'
export { DEFAULT_GRACE_MS } from './changeHistory.ts'
export {
  type CompactOptions,
  type CompactSummary,
  compactHistory,
  DEFAULT_MAX_FILE_ROWS,
} from './compactHistory.ts'
export { countFinalRows } from './countFinalRows.ts'
export { DECISION_COLUMNS } from './decisionRows.ts'
export { EMPTY_MANIFEST, type HistoryFile, type HistoryManifest, MANIFEST_FILE } from './historyManifest.ts'
export { type History, type HistoryOptions, openHistory } from './openHistory.ts'
export { type RetainOptions, type RetainSummary, retainHistory } from './retainHistory.ts'
export {
  createTieredObservationStore,
  headOf,
  type TieredObservationStore,
} from './tieredObservationStore.ts'
