import { type Decision, formatInstant, type MarketEvent, type UnixMs } from '../../core/index.ts'
import { durationName } from '../../feature-store/index.ts'
import type { CheckedAgent } from './checkedAgent.ts'
import type { LookAheadFinding, NamedObservation } from './lookAheadFinding.ts'
import { namedDecision, namedObservation, observationText } from './namedObservation.ts'
import type { AgentPart } from './partAtFault.ts'
import type { FeatureSighting, Reruns, RunSighting } from './reruns.ts'
import type { Located } from './searchLookAhead.ts'
import type { RunTrace } from './traceRun.ts'

/** What a feature used too early, from the first instant at which it did. */
export function findingOfFeature(
  { sighting, first, last }: Located<FeatureSighting>,
  reruns: Reruns,
  events: readonly MarketEvent[],
): LookAheadFinding {
  const { feature, index, value, other, error } = sighting
  const timeMs = events[index]?.knownAt ?? null
  const decision = decisionFrom(reruns.run, index)
  const used = usedObservations(events, first, last)
  const change =
    error === null
      ? `it is ${numberText(value)}, and ${numberText(other)}`
      : `it is ${numberText(value)}, and fails (${error.message})`
  const when = timeMs === null ? '' : ` at ${formatInstant(timeMs)}`
  return {
    culprit: 'feature',
    name: feature,
    certainty: 'proved',
    timeMs,
    decision: decision === null ? null : namedDecision(decision),
    ...used,
    sentence: `Feature "${feature}" looks ahead:${when} ${change} ${becauseOf(used, timeMs)}.${restsOn(decision)}`,
  }
}

/** What the model, strategy, definition or venue used too early, from the first decision that shows it. */
export function findingOfRun(
  { sighting, first, last }: Located<RunSighting>,
  reruns: Reruns,
  events: readonly MarketEvent[],
): LookAheadFinding {
  const { part, difference, index } = sighting
  const decision = difference?.decision ?? decisionFrom(reruns.run, index)
  const timeMs = decision?.timeMs ?? events[index]?.knownAt ?? null
  const used = usedObservations(events, first, last)
  const name = nameOf(part, reruns.agent)
  const when = timeMs === null ? '' : ` at ${formatInstant(timeMs)}`
  const what = whatOf(sighting)
  return {
    culprit: part,
    name,
    certainty: 'proved',
    timeMs,
    decision: decision === null ? null : namedDecision(decision),
    ...used,
    sentence: `${PART_NAMES[part]} "${name}" looks ahead:${when} ${what} ${becauseOf(used, timeMs)}.${REASONS[part]}`,
  }
}

/** A run that a second one over the same history does not repeat. */
export function notRepeatable(sighting: RunSighting, agent: CheckedAgent): LookAheadFinding {
  const { part, difference } = sighting
  const decision = difference?.decision ?? difference?.other ?? null
  const what = whatOf(sighting)
  return {
    culprit: 'repeatability',
    name: nameOf(part, agent),
    certainty: 'proved',
    timeMs: decision?.timeMs ?? null,
    decision: decision === null ? null : namedDecision(decision),
    observation: null,
    lastObservation: null,
    sentence:
      `Run twice over the same history, the agent does not decide the same: the second time ${what}. ` +
      `The ${PART_NAMES[part].toLowerCase()} keeps something from run to run, or uses a clock or chance of its own; make its state in \`init\`. Nothing else was compared.`,
  }
}

/** A model that was trained on what came after decisions that rest on it. */
export function trainedTooLate(
  trainedThroughMs: UnixMs | undefined,
  agent: CheckedAgent,
  { decisions }: RunTrace,
): LookAheadFinding[] {
  const first = decisions.find(({ output }) => output.kind === 'signal')
  if (trainedThroughMs === undefined || agent.inference === null || first === undefined) return []
  if (first.timeMs > trainedThroughMs) return []
  const name = nameOf('model', agent)
  return [
    {
      culprit: 'model',
      name,
      certainty: 'proved',
      timeMs: first.timeMs,
      decision: namedDecision(first),
      observation: null,
      lastObservation: null,
      sentence: `Model "${name}" was trained on data up to ${formatInstant(trainedThroughMs)}, and decision ${first.sequence} rests on it at ${formatInstant(first.timeMs)} already. Begin the run after the training data.`,
    },
  ]
}

type UsedObservations = Pick<LookAheadFinding, 'observation' | 'lastObservation'>

function usedObservations(
  events: readonly MarketEvent[],
  first: number | null,
  last: number | null,
): UsedObservations {
  const named = (index: number | null): NamedObservation | null => {
    const event = index === null ? undefined : events[index]
    return event === undefined || index === null ? null : namedObservation(event, index)
  }
  return { observation: named(first), lastObservation: last === first ? null : named(last) }
}

function becauseOf({ observation, lastObservation }: UsedObservations, timeMs: UnixMs | null): string {
  if (observation === null) return 'when only what comes later is another'
  const ahead = timeMs === null ? 0 : observation.knownAt - timeMs
  const later = ahead > 0 ? `, ${durationName(ahead)} later` : ''
  const through = lastObservation === null ? '' : ` (and others up to ${observationText(lastObservation)})`
  return `when only ${observationText(observation)}${later}, is another${through}`
}

const PART_NAMES: Readonly<Record<AgentPart, string>> = {
  feature: 'Feature',
  model: 'Model',
  strategy: 'Strategy',
  definition: 'Agent',
  venue: 'The venue of',
}

const REASONS: Readonly<Record<AgentPart, string>> = {
  feature: '',
  model: ' Its features are the same: its weights, its scaler or its code know later data.',
  strategy: ' Features and prediction are the same: its code or its params know later data.',
  definition: ' Its settings depend on later data.',
  venue: ' The orders before it are the same.',
}

function nameOf(part: AgentPart, { definition }: CheckedAgent): string {
  if (part === 'model') return definition.model?.name ?? definition.name
  return part === 'strategy' ? definition.strategy.name : definition.name
}

function whatOf({ difference, error }: RunSighting): string {
  if (difference !== null) return differenceText(difference)
  return error === null ? 'it has other settings' : `it cannot be built (${error.message})`
}

function differenceText({ decision, other, field, error }: NonNullable<RunSighting['difference']>): string {
  if (error !== null) return `it fails (${error.message})`
  if (decision === null) return `there is ${other === null ? 'another decision' : `${kindText(other)} more`}`
  if (other === null) return `decision ${decision.sequence}, ${kindText(decision)}, is not made`
  return `decision ${decision.sequence}, ${kindText(decision)}, has ${field} ${fieldText(decision, field)}, and ${fieldText(other, field)}`
}

function fieldText(decision: Decision, field: string | null): string {
  let found: unknown = decision
  for (const key of (field ?? '').split('.'))
    found = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined
  const text = String(found)
  return text.length > 20 ? `${text.slice(0, 18)}…` : text
}

/** A decision's kind with its article. */
export const kindText = ({ output: { kind } }: Decision): string =>
  kind === 'order' ? 'an order' : `a ${kind}`

/** The decision made at an event, or the next one: the first that can rest on what was known there. */
function decisionFrom({ decisions, causes }: RunTrace, index: number): Decision | null {
  const place = causes.findIndex(cause => cause >= index)
  return decisions[place] ?? null
}

const restsOn = (decision: Decision | null): string =>
  decision === null
    ? ''
    : ` The first decision that rests on it is ${decision.sequence} at ${formatInstant(decision.timeMs)}, ${kindText(decision)}.`

const numberText = (value: number): string =>
  Number.isNaN(value) ? 'missing' : String(Number(value.toPrecision(7)))
