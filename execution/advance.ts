import type { Decision, MarketEvent } from '../core/index.ts'
import { applyFill } from './applyFill.ts'
import type { Kernel } from './kernel.ts'
import { step } from './step.ts'
import type { Venue } from './venue.ts'

/**
 * Takes an agent and its venue through one event: first what the event fills, then what the agent decides.
 * Backtest, live run and audit all go through here. The caller logs the decisions and places the orders
 * among them before the next event.
 */
export function advance(kernel: Kernel, venue: Venue, event: MarketEvent): readonly Decision[] {
  const fills = venue.onEvent(event)
  if (fills.length === 0) return step(kernel, event)
  return [...fills.map(fill => applyFill(kernel, fill, event)), ...step(kernel, event)]
}
