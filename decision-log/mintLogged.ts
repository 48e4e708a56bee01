import type { Decision, Logged, LogReceipt } from '../core/index.ts'

/** A recorded decision with its receipt: what a venue takes. */
export type LoggedDecision = Logged<Decision>

/** Joins a decision to the receipt of its record. Not exported by the folder: only a log may do this. */
export function mintLogged<D extends Decision>(decision: D, receipt: LogReceipt): Logged<D> {
  // The brand has no value: it comes into being here, and for a backtest, which has no log, in the execution stage.
  return { ...decision, receipt } as unknown as Logged<D>
}
