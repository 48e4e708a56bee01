import { type MarketEvent, positionOf, type SourcePosition } from '../core/index.ts'

/** The place of an event in its source, as a decision names it. */
export function sourcePosition(event: MarketEvent): SourcePosition {
  const { source, block, logIndex } = positionOf(event)
  return { source, block, logIndex }
}
