export * from './arrivals.ts'
export { bookOutcomes } from './bookOutcomes.ts'
export {
  createDecisionCount,
  type DecisionBuffer,
  type DecisionSink,
  type FillAtRow,
  type Placement,
} from './decisionBuffer.ts'
export * from './isPlacement.ts'
export {
  createKernel,
  createKernelWith,
  currentEquity,
  type Kernel,
  type KernelOptions,
  portfolioOf,
} from './kernel.ts'
export * from './matching/index.ts'
export { DEFAULT_MAINTENANCE_MARGIN_PPM } from './paperModels.ts'
export { createPaperVenue } from './paperVenue.ts'
export { placeUnsigned } from './placeUnsigned.ts'
export * from './replayDecisions.ts'
export { createRowFeed, type RowFeed } from './rowFeed.ts'
export * from './runLive.ts'
export * from './rwa/index.ts'
export { step } from './step.ts'
export { stride } from './stride.ts'
export * from './tailObservations.ts'
export { type KernelTrack, trackKernel } from './trackKernel.ts'
export type { Holdings, TradedNumbers, Venue, VenueOutcome } from './venue.ts'
