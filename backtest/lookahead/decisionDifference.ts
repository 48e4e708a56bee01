import type { Decision } from '../../core/index.ts'
import type { RunTrace } from './traceRun.ts'

/** The first thing in which two runs of an agent differ, over the events that both saw. */
export type DecisionDifference = {
  /** Index of the event at which they part. */
  readonly index: number
  /** What the first run decided there; null where it decided nothing more. */
  readonly decision: Decision | null
  /** What the second run decided there; null where it decided nothing more, or failed. */
  readonly other: Decision | null
  /** Path of the first field that differs, such as `output.direction`; null where a decision is missing. */
  readonly field: string | null
  /** What the second run threw there. */
  readonly error: Error | null
}

/** Compares what two runs decided at the events before `until`, every field of every decision. */
export function decisionDifference(a: RunTrace, b: RunTrace, until: number): DecisionDifference | null {
  for (let place = 0; ; place++) {
    const [decision, other] = [decisionAt(a, place, until), decisionAt(b, place, until)]
    const [here, there] = [a.causes[place] ?? until, b.causes[place] ?? until]
    const index = Math.min(here, there, b.failure?.index ?? until)
    if (index >= until) return null
    const failed = b.failure !== null && b.failure.index === index && other === null
    const error = failed ? (b.failure?.error ?? null) : null
    if (here !== there || failed)
      return {
        index,
        decision: here === index ? decision : null,
        other: there === index && !failed ? other : null,
        field: null,
        error,
      }
    const field = firstField(decision, other, '')
    if (field !== null) return { index, decision, other, field, error: null }
  }
}

function decisionAt({ decisions, causes }: RunTrace, place: number, until: number): Decision | null {
  return (causes[place] ?? until) < until ? (decisions[place] ?? null) : null
}

/** Path of the first field in which two plain values differ, in the order of the first; null when equal. */
function firstField(a: unknown, b: unknown, path: string): string | null {
  if (Object.is(a, b)) return null
  if (!isPlain(a) || !isPlain(b)) return path
  for (const key of Object.keys(a)) {
    const found = firstField(a[key], b[key], path === '' ? key : `${path}.${key}`)
    if (found !== null) return found
  }
  const added = Object.keys(b).find(key => !(key in a))
  return added === undefined ? null : path === '' ? added : `${path}.${added}`
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
