import { NOT_SEALED, type UnixMs } from '../../core/index.ts'
import type { ProvenRecords } from './proveRecords.ts'
import type { RecordFault } from './recordFault.ts'

/** When what was sealed until a time was opened; of a decision log's `readReveals`. */
export type ObservedReveal = {
  readonly revealAtMs: UnixMs
  /** Decisions that its key opens, ascending. */
  readonly sequences: readonly number[]
  /** Null while it is missing. */
  readonly revealedAtMs: UnixMs | null
  /** How long after its time it came, or, missing, is due by now; 0 for one that is not due yet. */
  readonly lateMs: number
}

/** Decisions one after the other that are sealed until one time. */
export type SealedSpan = { readonly first: number; readonly last: number; readonly revealAtMs: UnixMs }

/** How an agent kept what it promised of decisions that it sealed. */
export type EmbargoRecord = {
  /** Decisions that were, or are, sealed. */
  readonly decisions: number
  /** Those whose body nobody but the agent and its grantees has yet. */
  readonly sealed: readonly SealedSpan[]
  /** Decisions whose key came in time, late, or is missing after its time; null where no reveal log was read. */
  readonly revealed: { readonly inTime: number; readonly late: number; readonly missing: number } | null
}

/** How much later than its time a key may come: blocks are seconds apart, and fees can be high. */
const REVEAL_TOLERANCE_MS = 60_000

/** Tells what is sealed, and of what was when it was revealed. */
export function embargoOf(
  { records, sealed }: Pick<ProvenRecords, 'records' | 'sealed'>,
  reveals: readonly ObservedReveal[] | undefined,
): EmbargoRecord {
  const count = (wanted: (reveal: ObservedReveal) => boolean) =>
    (reveals ?? []).filter(wanted).reduce((sum, { sequences }) => sum + sequences.length, 0)
  const missing = new Set((reveals ?? []).filter(isMissing).flatMap(({ sequences }) => sequences))
  const opened = records.filter(({ record }) => record.revealAtMs !== NOT_SEALED)
  return {
    decisions: opened.length + sealed.length,
    sealed: spansOf(sealed.map(each => each.sealed).filter(({ sequence }) => !missing.has(sequence))),
    revealed:
      reveals === undefined
        ? null
        : {
            inTime: count(
              ({ revealedAtMs, lateMs }) => revealedAtMs !== null && lateMs <= REVEAL_TOLERANCE_MS,
            ),
            late: count(({ revealedAtMs, lateMs }) => revealedAtMs !== null && lateMs > REVEAL_TOLERANCE_MS),
            missing: missing.size,
          },
  }
}

const isMissing = ({ revealedAtMs, lateMs }: ObservedReveal): boolean =>
  revealedAtMs === null && lateMs > REVEAL_TOLERANCE_MS

/** A fault for each decision that was revealed late, or is not although its time has passed. */
export function revealFaults(reveals: readonly ObservedReveal[]): RecordFault[] {
  return reveals.flatMap(({ sequences, revealedAtMs, lateMs }): RecordFault[] => {
    if (lateMs <= REVEAL_TOLERANCE_MS) return []
    const seconds = Math.round(lateMs / 1_000)
    const detail =
      revealedAtMs === null
        ? `It was to be opened ${seconds} s ago, and is still sealed.`
        : `It was opened ${seconds} s after its time.`
    return sequences.map(sequence => ({ kind: 'reveal', first: sequence, last: sequence, detail }))
  })
}

/** Joins decisions that follow each other and are sealed until the same time. */
function spansOf(
  decisions: readonly { readonly sequence: number; readonly revealAtMs: UnixMs }[],
): SealedSpan[] {
  const spans: SealedSpan[] = []
  for (const { sequence, revealAtMs } of decisions) {
    const before = spans.at(-1)
    if (before !== undefined && before.revealAtMs === revealAtMs && before.last === sequence - 1)
      spans[spans.length - 1] = { ...before, last: sequence }
    else spans.push({ first: sequence, last: sequence, revealAtMs })
  }
  return spans
}
