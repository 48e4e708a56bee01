import { type AgentId, InvalidInputError, NotFoundError } from '../core/index.ts'
import { type AuditSample, drawSample } from './spotAudit.ts'

/** Which of an agent's decisions an audit checks. */
export type DecisionSelection = {
  /** First and last that may be selected; the last is before the first where there are none. */
  readonly first: number
  readonly last: number
  readonly size: number
  has(sequence: number): boolean
  /** The first selected one from a sequence on; null where there is none. */
  from(sequence: number): number | null
}

/**
 * Selects from an agent's decisions 0 to `end - 1`: one, a range or all of them, and of these all or a sample of all.
 *
 * @throws InvalidInputError for what is no range; NotFoundError where it goes beyond the end.
 */
export function selectDecisions(
  options: {
    readonly agent: AgentId
    readonly sequences?: number | { readonly first: number; readonly last: number }
    readonly sample?: AuditSample
  },
  end: number,
): DecisionSelection {
  const { first, last } = rangeOf(options, end)
  if (options.sample === undefined)
    return {
      first,
      last,
      size: last - first + 1,
      has: sequence => sequence >= first && sequence <= last,
      from: sequence => (sequence > last ? null : Math.max(first, sequence)),
    }
  const drawn = drawSample(end, options.sample).filter(sequence => sequence >= first && sequence <= last)
  const set = new Set(drawn)
  return {
    first,
    last,
    size: drawn.length,
    has: sequence => set.has(sequence),
    from: sequence => drawn.find(each => each >= sequence) ?? null,
  }
}

function rangeOf(
  { agent, sequences }: Parameters<typeof selectDecisions>[0],
  end: number,
): { first: number; last: number } {
  if (sequences === undefined) return { first: 0, last: end - 1 }
  const { first, last } = typeof sequences === 'number' ? { first: sequences, last: sequences } : sequences
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first < 0 || last < first)
    throw new InvalidInputError(`${first} to ${last} is no range of decisions.`, {
      facts: { first, last },
      hint: 'Name the first and the last sequence, counted from 0.',
    })
  if (last >= end)
    throw new NotFoundError(`Agent ${agent} has no decision ${last}; it has ${end}.`, {
      facts: { agent, sequence: last, decisions: end },
      hint: 'List its decisions to see which it has.',
    })
  return { first, last }
}
