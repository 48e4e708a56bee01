import { type Decision, type Fill, IntegrityError, type MarketEvent } from '../core/index.ts'
import type { Kernel } from './kernel.ts'
import { bookFill } from './ledger.ts'
import { beginEvent, decide } from './step.ts'

/**
 * Books what became of the pending order, and returns it as the agent's next decision. Call it before `step`
 * with the same event.
 *
 * @throws IntegrityError when the fill is not the pending order's, or has another side or size.
 */
export function applyFill(kernel: Kernel, fill: Fill, event: MarketEvent): Decision<Fill> {
  if (fill.order !== kernel.pendingOrder?.sequence)
    throw new IntegrityError(`The venue filled order ${fill.order}, which is not pending.`, {
      facts: { order: fill.order, pending: kernel.pendingOrder?.sequence ?? null },
      hint: 'Reconcile the venue with the decision log before going on.',
    })
  const { side, quantity } = kernel.pendingOrder.output
  if (fill.outcome === 'filled' && (fill.side !== side || fill.quantity !== quantity))
    throw new IntegrityError(
      `The venue filled order ${fill.order} as ${fill.side} ${fill.quantity}; it was ${side} ${quantity}.`,
      {
        facts: { order: fill.order, side: fill.side, quantity: fill.quantity },
        hint: 'Reconcile the venue with the decision log before going on.',
      },
    )
  beginEvent(kernel, event)
  kernel.pendingOrder = null
  kernel.ledger = bookFill(kernel.ledger, fill, kernel.unit)
  kernel.safe = null
  return decide(kernel, event, fill)
}
