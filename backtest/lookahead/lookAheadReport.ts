import { formatInstant, type UnixMs } from '../../core/index.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'

/** One cut through the history, and whether the agent's past stayed as it was when its future changed. */
export type LookAheadCut = {
  /** Index of the first event after the cut. */
  readonly index: number
  readonly timeMs: UnixMs
  /** Decisions before the cut. */
  readonly decisions: number
  /** True where the past was the same without a future, and with a poisoned one. */
  readonly sameTruncated: boolean
  readonly samePoisoned: boolean
}

/** What the look-ahead check did and found. */
export type LookAheadReport = {
  readonly agent: string
  /** True when nothing is proved; what is only suspected is for people to judge. */
  readonly passed: boolean
  /** Proved ones first, each group in the order of time. */
  readonly findings: readonly LookAheadFinding[]
  readonly cuts: readonly LookAheadCut[]
  readonly events: number
  readonly decisions: number
  /** Instants at which feature vectors were compared. */
  readonly instants: number
  /** Runs of the agent or of its features. */
  readonly runs: number
  readonly seed: number
  /** What could not be checked, as sentences. */
  readonly notChecked: readonly string[]
}

/** Writes a report for people: a verdict, then a line for each finding, then what was done. */
export function formatLookAhead(report: LookAheadReport): string {
  const { agent, passed, findings, cuts, events, decisions, instants, runs, seed, notChecked } = report
  const proved = findings.filter(({ certainty }) => certainty === 'proved').length
  const verdict = passed
    ? `${agent} used nothing before it was known, as far as this check sees.`
    : `${agent} used what was not known yet: ${proved} ${proved === 1 ? 'finding' : 'findings'}.`
  const lines = findings.map(
    ({ certainty, sentence }) => `  ${certainty === 'proved' ? '✗' : '?'} ${sentence}`,
  )
  const first = cuts[0]
  const last = cuts.at(-1)
  const span =
    first === undefined || last === undefined
      ? 'no cut'
      : `${cuts.length} cuts from ${formatInstant(first.timeMs)} to ${formatInstant(last.timeMs)}`
  const done = `${events} events, ${decisions} decisions, ${instants} feature vectors; ${span}; ${runs} runs, seed ${seed}`
  return [verdict, ...lines, `  ${done}`, ...notChecked.map(text => `  not checked: ${text}`)].join('\n')
}
