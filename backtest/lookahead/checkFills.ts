import {
  type Decision,
  type Fill,
  formatInstant,
  type MarketEvent,
  positionOf,
  type SourcePosition,
} from '../../core/index.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'
import { namedDecision, namedObservation, observationText } from './namedObservation.ts'
import type { RunTrace } from './traceRun.ts'

/**
 * Checks that no order of a run filled at a price of before it: not at the observation that caused it or an
 * earlier one, not at the open of a bar that was open already, not at an observation still to come.
 *
 * @returns the first fill of each kind that did.
 */
export function checkFills(
  venue: string,
  { decisions, causes }: Pick<RunTrace, 'decisions' | 'causes'>,
  events: readonly MarketEvent[],
): LookAheadFinding[] {
  const places = new Map(events.map((event, index) => [placeKey(positionOf(event)), index]))
  const findings = new Map<string, LookAheadFinding>()
  for (const [place, decision] of decisions.entries()) {
    const { output } = decision
    // A liquidation has no order; a leg of a bracket rests with its entry's.
    if (output.kind !== 'fill' || output.outcome !== 'filled' || output.order === null) continue
    const orderedAt = causes[output.order] ?? Number.POSITIVE_INFINITY
    const order = decisions[output.order]
    const pricedAt = places.get(placeKey(output.pricedBy))
    const event = pricedAt === undefined ? undefined : events[pricedAt]
    if (order === undefined || pricedAt === undefined || event === undefined) continue
    const fault = faultOf({ fill: output, order, orderedAt, event, pricedAt, filledAt: causes[place] ?? 0 })
    if (fault === null || findings.has(fault)) continue
    const observation = namedObservation(event, pricedAt)
    findings.set(fault, {
      culprit: 'venue',
      name: venue,
      certainty: 'proved',
      timeMs: order.timeMs,
      decision: namedDecision(decision),
      observation,
      lastObservation: null,
      sentence: `The venue filled order ${output.order}, made at ${formatInstant(order.timeMs)}, at ${fault}: ${observationText(observation)}.`,
    })
  }
  return [...findings.values()]
}

type FillFacts = {
  readonly fill: Fill
  readonly order: Decision
  readonly orderedAt: number
  readonly event: MarketEvent
  readonly pricedAt: number
  readonly filledAt: number
}

function faultOf({ fill, order, orderedAt, event, pricedAt, filledAt }: FillFacts): string | null {
  if (pricedAt === orderedAt) return 'the price of the very observation that caused it'
  if (pricedAt < orderedAt) return 'the price of an observation from before it'
  if (pricedAt > filledAt) return 'the price of an observation that was still to come'
  const { value, validAt } = event
  if (value.type !== 'bar' || validAt >= order.timeMs) return null
  const open = fill.side === 'buy' ? value.ask.open : value.bid.open
  return fill.priceE8 === open ? 'the open of a bar that had opened before it' : null
}

const placeKey = ({ source, block, logIndex }: SourcePosition): string => `${source}/${block}/${logIndex}`
