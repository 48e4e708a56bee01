import type { Decision, Logged, LogReceipt, Order } from '../core/index.ts'
import type { LoggedDecision, Recorder, UnsignedLog } from './index.ts'

// Compiled, never run: `tsc` fails when an expected error does not occur.
declare function place(order: Logged<Decision<Order>>): void
declare const order: Decision<Order>
declare const receipt: LogReceipt
declare const recorder: Recorder
declare const unsigned: UnsignedLog
declare const logged: LoggedDecision
declare const loggedOrder: Logged<Decision<Order>>

place(loggedOrder)

// @ts-expect-error: an order that was not recorded cannot be placed.
place(order)
// @ts-expect-error: nor one with a receipt that no log made.
place({ ...order, receipt })
// @ts-expect-error: nor a recorded decision that is no order.
place(logged)

/** Both logs return what a venue takes. */
export const recorded: Promise<Logged<Decision>[]> = recorder.record([order], receipt.leaf)
export const kept: Logged<Decision>[] = unsigned.record([order])
