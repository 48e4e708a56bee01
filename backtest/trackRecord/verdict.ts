import { formatInstant, unixMs } from '../../core/index.ts'
import { countText } from '../report/reportNumbers.ts'
import type { SealedSpan } from './embargoOf.ts'
import { countFaults, type RecordFault } from './recordFault.ts'
import { shortSpan } from './shortSpan.ts'
import type { TrackRecord } from './trackRecord.ts'

/** What a record comes to, in sentences. */
export type Verdict = {
  /** True when nothing is wrong with it. */
  readonly isSound: boolean
  readonly lead: string
  /** What is proved. */
  readonly proved: readonly string[]
  /** What is not, or cannot be. */
  readonly unproved: readonly string[]
}

/** Says what is proved by a record and what is not; every number is one of its own. */
export function verdictOf(record: TrackRecord): Verdict {
  const { decisions, faults } = record
  const isSound = faults.length === 0 && decisions.anchored > 0
  return { isSound, lead: leadOf(record), proved: provedBy(record), unproved: notProvedBy(record) }
}

function leadOf({ decisions, embargo, faults, fromMs, toMs }: TrackRecord): string {
  if (decisions.anchored === 0) return 'The chain holds no decision of this agent.'
  const period =
    fromMs === null || toMs === null
      ? ''
      : ` from ${day(fromMs)} to ${day(toMs)} (${shortSpan(toMs - fromMs)})`
  const what = `${countText(decisions.anchored)} decisions in ${countText(decisions.batches)} batches${period}`
  const sealed = embargo.sealed.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  if (faults.length === 0 && sealed > 0)
    return `All ${what} are on the chain without a gap; ${countText(sealed)} of them are sealed yet, and the others are published as they were anchored, and add up.`
  if (faults.length === 0)
    return `All ${what} are published as they were anchored, without a gap, and add up.`
  const wrong = countFaults(faults)
  return `Of ${what}, ${countText(decisions.proved)} are published as they were anchored. ${countText(wrong)} ${wrong === 1 ? 'fault was' : 'faults were'} found.`
}

const day = (timeMs: number): string => formatInstant(unixMs(timeMs)).slice(0, 10)

function provedBy({ decisions, signals, account, keys, embargo }: TrackRecord): string[] {
  const lines = [
    `${countText(decisions.proved)} decisions are what the chain holds, in its order, signed by the ${keys.length === 1 ? 'agent’s key' : 'keys that were in force'}.`,
  ]
  if (account.compared > 0)
    lines.push(
      `${countText(account.compared)} valuations were compared with the cash and positions that the fills leave.`,
    )
  if (signals.settled > 0)
    lines.push(
      `${countText(signals.foretold)} of ${countText(signals.settled)} settled signals were on the chain before their horizon ended.`,
    )
  if (embargo.revealed !== null) {
    const { inTime, late, missing } = embargo.revealed
    if (inTime + late + missing > 0)
      lines.push(
        `${countText(inTime)} of ${countText(inTime + late + missing)} sealed decisions whose time has come were opened in time.`,
      )
  }
  return lines
}

function notProvedBy(record: TrackRecord): string[] {
  const { anchoring, unanchored, signals, account, statistics, embargo } = record
  const lines = sealedLines(embargo.sealed)
  if (embargo.revealed === null && embargo.decisions > 0)
    lines.push(
      `${countText(embargo.decisions)} decisions are or were sealed, and no reveal log was read: whether they were opened in time is not shown.`,
    )
  if (anchoring.late > 0)
    lines.push(
      `${countText(anchoring.late)} decisions were anchored more than ${shortSpan(anchoring.lateAfterMs)} after their time: the chain does not show that they were made then.`,
    )
  if (signals.settled > signals.foretold)
    lines.push(
      `${countText(signals.settled - signals.foretold)} signals were anchored only when their horizon had ended.`,
    )
  if (unanchored > 0)
    lines.push(
      `${countText(unanchored)} published decisions are not on the chain yet, and count for nothing.`,
    )
  if (account.valuations > account.compared)
    lines.push(
      `${countText(account.valuations - account.compared)} valuations follow a gap, and were taken as they stand.`,
    )
  if (account.valuations === 0)
    lines.push('The record holds no valuation: what the account was worth is not told.')
  else if (statistics === null) lines.push('There is no full day to compute a return of.')
  lines.push(
    'Prices are those that the records name: `touchstone audit` makes each again from the observations.',
    'What was tried and not deployed, and other agents of the same owner, show nowhere in this record.',
  )
  return lines
}

/** Spans of sealed decisions that are told one by one. */
const MOST_SPANS = 5

function sealedLines(spans: readonly SealedSpan[]): string[] {
  const lines = spans
    .slice(0, MOST_SPANS)
    .map(
      span =>
        `${span.first === span.last ? 'Decision' : 'Decisions'} ${sequencesOf(span)}: sealed until ${formatInstant(span.revealAtMs)}.`,
    )
  const more = spans.slice(MOST_SPANS)
  const last = more.reduce((latest, { revealAtMs }) => (revealAtMs > latest ? revealAtMs : latest), unixMs(0))
  if (more.length > 0)
    lines.push(
      `${countText(more.length)} more spans of decisions: sealed until ${formatInstant(last)} at the latest.`,
    )
  return lines
}

/** The sequences of a fault: `12`, or `12 to 15`. */
export const sequencesOf = ({ first, last }: Pick<RecordFault, 'first' | 'last'>): string =>
  first === last ? String(first) : `${first} to ${last}`
