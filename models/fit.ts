import type { Learner, Objective } from './learner.ts'
import type { Scaler } from './scaler.ts'

/**
 * What models learn from: a feature matrix with a target and a weight beside each of its rows. Several fits share
 * one; nothing writes to it. A row is named by its place in the matrix everywhere.
 */
export type TrainingSet = {
  /** Row-major, `columns` values a row, unscaled; NaN where a value is missing. In the order of time. */
  readonly values: Float32Array
  readonly columns: number
  /** By row. For `direction` 1 or 0; for `return` the log return. NaN where a row has no label. */
  readonly targets: Float32Array
  /** By row, above 0, about 1 on average: how much a row counts in the loss. */
  readonly weights: Float32Array
}

/** One training: what of the set to learn from, and how. With its seed it determines the result to the bit. */
export type Fit<L extends Learner = Learner> = {
  readonly set: TrainingSet
  /** Rows to fit to, ascending. For a learner over time every one has `steps − 1` rows before it. */
  readonly train: Uint32Array
  /** Rows whose loss decides when to stop and which weights to keep; none trains to the end and keeps the last. */
  readonly validation: Uint32Array
  /** Of the features over the rows to fit to; trees take features as they are. */
  readonly scaler: Scaler
  readonly objective: Objective
  readonly learner: L
  /** An unsigned 32-bit integer. */
  readonly seed: number
}

/** Told after each epoch or round of a fit. */
export type FitProgress = {
  /** Place among the fits that were given together. */
  readonly fit: number
  /** Epoch or round just done, from 1, and how many there may be. */
  readonly step: number
  readonly steps: number
  /** Weighted mean loss: log loss for `direction`, half the squared error in standard deviations for `return`. */
  readonly loss: number
  /** Null without validation rows. */
  readonly validationLoss: number | null
}

/** How a fit went, beside its result. */
export type FitHistory = {
  readonly stepsRun: number
  /** The epoch or round whose model was kept. */
  readonly bestStep: number
  readonly losses: readonly number[]
  /** Empty without validation rows. */
  readonly validationLosses: readonly number[]
}
