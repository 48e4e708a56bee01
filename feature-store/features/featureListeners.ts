import { type MarketEventType, ROW_KINDS } from '../../core/index.ts'
import type { FeatureSlot } from './featureSlot.ts'

/** Features that take in a kind of row: those that read the row, and those that need its event. */
export type RowListeners = {
  readonly byRow: readonly FeatureSlot[]
  readonly byEvent: readonly FeatureSlot[]
}

/** Who listens to what, of one instrument or of all others. */
export type FeatureListeners = {
  /** By the type of an event; no entry where nobody listens. */
  readonly byType: ReadonlyMap<MarketEventType, readonly FeatureSlot[]>
  /** By the number of a row's kind. That of `other` is empty: such rows go by their event's type. */
  readonly byKind: readonly RowListeners[]
}

/** Resolves once which of some features each event and each row goes to. */
export function featureListeners(slots: readonly FeatureSlot[]): FeatureListeners {
  const byType = new Map<MarketEventType, FeatureSlot[]>()
  for (const slot of slots)
    for (const type of slot.feature.inputs) {
      const listeners = byType.get(type)
      if (listeners === undefined) byType.set(type, [slot])
      else listeners.push(slot)
    }
  const byKind = ROW_KINDS.map((kind): RowListeners => {
    const listeners = kind === 'other' ? [] : (byType.get(kind) ?? [])
    return {
      byRow: listeners.filter(({ feature }) => feature.updateRow !== null),
      byEvent: listeners.filter(({ feature }) => feature.updateRow === null),
    }
  })
  return { byType, byKind }
}
