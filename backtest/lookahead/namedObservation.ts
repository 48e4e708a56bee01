import { type Decision, formatInstant, type MarketEvent, positionOf } from '../../core/index.ts'
import type { NamedDecision, NamedObservation } from './lookAheadFinding.ts'

/** Names an observation of a history. */
export function namedObservation(event: MarketEvent, index: number): NamedObservation {
  const { source, block, logIndex } = positionOf(event)
  const { instrument, validAt, knownAt, value } = event
  return { index, source, block, logIndex, type: value.type, instrument, validAt, knownAt }
}

/** Names a decision. */
export function namedDecision({ sequence, output, timeMs }: Decision): NamedDecision {
  return { sequence, kind: output.kind, timeMs }
}

/** An observation for people: `bar 17 of oanda:XAUUSD, known at 2024-01-01T05:00:00Z`. */
export function observationText(observation: NamedObservation): string {
  const { type, source, block, logIndex, knownAt } = observation
  const place = source.startsWith('eip155:') ? `${block}/${logIndex}` : String(block)
  return `${type} ${place} of ${source}, known at ${formatInstant(knownAt)}`
}
