import type { Cancel, Decision, Logged, LogReceipt, Order } from '../core/index.ts'

/** A recorded decision with its receipt: what a venue takes. */
export type LoggedDecision = Logged<Decision>

/** Joins a decision to the receipt of its record. Not exported by the folder: only a log may do this. */
export function mintLogged<D extends Decision>(decision: D, receipt: LogReceipt): Logged<D> {
  // The brand has no value: this assertion is the one place where it comes into being.
  return { ...decision, receipt } as unknown as Logged<D>
}

/** What a venue must know of a decision to act on it. */
export type Placed = Pick<Decision<Order | Cancel>, 'agent' | 'sequence' | 'instrument' | 'timeMs' | 'output'>

/** The same for what a venue is given, field by field: a backtest does it for every order, and a spread takes long. */
export function mintPlaced(
  { agent, sequence, instrument, timeMs, output }: Placed,
  receipt: LogReceipt,
): Logged<Placed> {
  return { agent, sequence, instrument, timeMs, output, receipt } as unknown as Logged<Placed>
}
