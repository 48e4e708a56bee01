import type { MarketEvent } from '../../core/index.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'
import { namedObservation, observationText } from './namedObservation.ts'

/** A fault of the data, with every row that has it. */
export type DataFault = {
  /** Name of the rule that is broken. */
  readonly rule: string
  readonly finding: LookAheadFinding
  /** Indices of the rows in the history, ascending. */
  readonly rows: readonly number[]
}

/** Names the first of some rows that break a rule; null of none. */
export function dataFault(
  events: readonly MarketEvent[],
  fault: Pick<LookAheadFinding, 'certainty'> & {
    readonly rule: string
    readonly rows: readonly number[]
    /** What is wrong with the first row, as the rest of a sentence. */
    readonly text: string
  },
): DataFault | null {
  const { rule, rows, text, certainty } = fault
  const [first] = rows
  const event = first === undefined ? undefined : events[first]
  if (first === undefined || event === undefined) return null
  const observation = namedObservation(event, first)
  const more = rows.length === 1 ? '' : ` The same is true of ${rows.length - 1} more of its rows.`
  const finding: LookAheadFinding = {
    culprit: 'data',
    name: observation.source,
    certainty,
    timeMs: event.knownAt,
    decision: null,
    observation,
    lastObservation: null,
    sentence: `The ${observationText(observation)}, ${text}.${more}`,
  }
  return { rule, finding, rows }
}

/** What an event says as text: two events say the same where their texts are equal. */
export function valueText({ value }: MarketEvent): string {
  return JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? `${field}n` : field))
}
