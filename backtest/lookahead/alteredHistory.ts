import type { MarketEvent } from '../../core/index.ts'
import type { PoisonDirection } from './poisonEvent.ts'

/** What the check does to the future: everything from an event on is cut off, or a range of it is poisoned. */
export type FutureAlteration =
  | { readonly kind: 'truncated'; readonly from: number }
  | {
      readonly kind: 'poisoned'
      readonly from: number
      readonly to: number
      readonly direction: PoisonDirection
    }

/** What the check does to a history: besides, it may poison single rows. */
export type Alteration = FutureAlteration | { readonly kind: 'rows'; readonly rows: readonly number[] }

/** Changes one event of a history. */
export type PoisonAt = (event: MarketEvent, index: number, direction: PoisonDirection) => MarketEvent

/** A history as altered; its times and places stay as they are. */
export function alteredHistory(
  events: readonly MarketEvent[],
  alteration: Alteration,
  poison: PoisonAt,
): MarketEvent[] {
  if (alteration.kind === 'truncated') return events.slice(0, alteration.from)
  const altered = events.slice()
  const change = (index: number, direction: PoisonDirection) => {
    const event = altered[index]
    if (event !== undefined) altered[index] = poison(event, index, direction)
  }
  if (alteration.kind === 'rows') for (const row of alteration.rows) change(row, 1)
  else for (let row = alteration.from; row < alteration.to; row++) change(row, alteration.direction)
  return altered
}
