import {
  compareEvents,
  DAY_MS,
  formatInstant,
  HOUR_MS,
  type InstrumentId,
  type MarketEvent,
  type MarketEventType,
} from '../../core/index.ts'
import { type DataFault, dataFault, valueText } from './dataFault.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'

/** What is known of how the data were published. */
export type EventTimeOptions = {
  /**
   * Shortest time from what a value describes (of a bar, its close) to its publication, by type or, more
   * narrowly, by instrument; what is known sooner is an error. Nothing is assumed unless given.
   */
  readonly publicationDelayMs?: Partial<Record<MarketEventType, number>> & {
    readonly [instrument: InstrumentId]: number
  }
}

/** What contradicts itself in the times of an event. */
type Fault = Pick<LookAheadFinding, 'certainty'> & {
  readonly rule: string
  readonly text: string
}

/**
 * Checks the two clocks of observations, in the total order: nothing is known before the time that it
 * describes, no bar before its close, nothing before its publication, no correction as early as what it
 * corrects, no later row of a source before an earlier one, and nothing twice.
 *
 * @returns for each source, instrument and rule the first row that breaks it, and how many do.
 */
export function checkEventTimes(
  events: readonly MarketEvent[],
  options: EventTimeOptions = {},
): LookAheadFinding[] {
  return eventTimeFaults(events, options).map(({ finding }) => finding)
}

/** What `checkEventTimes` finds, with all rows at fault. */
export function eventTimeFaults(events: readonly MarketEvent[], options: EventTimeOptions): DataFault[] {
  const found = new Map<string, { fault: Fault; rows: number[] }>()
  const check = createRowCheck(options)
  for (const [index, event] of events.entries())
    for (const fault of check(event)) {
      const key = `${fault.rule} ${sourceOf(event)} ${event.instrument} ${event.value.type}`
      const before = found.get(key)
      if (before === undefined) found.set(key, { fault, rows: [index] })
      else before.rows.push(index)
    }
  return [...found.values(), ...navsAtOnce(events, options)]
    .sort((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0))
    .flatMap(({ fault, rows }) => dataFault(events, { ...fault, rows }) ?? [])
}

/** True where events stand out of the total order, so that no agent can be run over them. */
export function areOutOfOrder(faults: readonly DataFault[]): boolean {
  return faults.some(({ rule }) => rule === 'order')
}

function createRowCheck({ publicationDelayMs = {} }: EventTimeOptions) {
  /** Of values that describe one time once: the first row for it. */
  const firsts = new Map<string, MarketEvent>()
  const lastRows = new Map<string, MarketEvent>()
  let last: MarketEvent | null = null

  return function* (event: MarketEvent): Generator<Fault> {
    const { value, validAt, knownAt, lineage } = event
    const proved = (rule: string, text: string): Fault => ({ rule, text, certainty: 'proved' })
    if (last !== null && compareEvents(last, event) >= 0)
      yield proved('order', 'stands in the history after an event that is not before it in the total order')
    last = event
    const described = value.type === 'bar' ? value.closeMs : validAt
    if (value.type === 'bar' && knownAt < value.closeMs)
      yield proved('close', `counts as known before its close at ${formatInstant(value.closeMs)}`)
    else if (knownAt < validAt)
      yield proved('valid', `counts as known before the time that it describes, ${formatInstant(validAt)}`)
    else {
      const delay = publicationDelayMs[event.instrument] ?? publicationDelayMs[value.type]
      if (delay !== undefined && knownAt - described < delay)
        yield proved(
          'publication',
          `counts as known ${knownAt - described} ms after ${formatInstant(described)}; it is published ${delay} ms after it at the earliest`,
        )
    }
    if (lineage.kind !== 'feed') return
    const rowKey = `${lineage.feed} ${event.instrument} ${value.type}`
    const before = lastRows.get(rowKey)
    // In the order of known times, the rows of a feed count up, unless one was dated back.
    if (before?.lineage.kind === 'feed' && lineage.sequence < before.lineage.sequence)
      yield {
        rule: 'sequence',
        certainty: 'suspected',
        text: `comes after row ${before.lineage.sequence} of its feed, a later row that counts as known sooner`,
      }
    lastRows.set(rowKey, event)
    if (!ONCE_A_TIME.has(value.type)) return
    const key = `${rowKey} ${validAt} ${described}`
    const first = firsts.get(key)
    if (first === undefined) firsts.set(key, event)
    else if (valueText(first) === valueText(event))
      yield proved('duplicate', `says again what row ${rowOf(first)} says`)
    else if (knownAt <= first.knownAt)
      yield proved('correction', `corrects row ${rowOf(first)}, and counts as known as early as that one`)
  }
}

/** Types of which a source has one value for one time; any number of trades may fall on one millisecond. */
const ONCE_A_TIME: ReadonlySet<MarketEventType> = new Set(['bar', 'nav', 'yieldCurve'])

/** NAVs as of whole hours that are all known at once: a publisher needs some time. */
function* navsAtOnce(
  events: readonly MarketEvent[],
  { publicationDelayMs = {} }: EventTimeOptions,
): Generator<{ fault: Fault; rows: number[] }> {
  const series = new Map<string, { rows: number[]; all: boolean }>()
  for (const [index, event] of events.entries()) {
    if (event.value.type !== 'nav' || event.lineage.kind !== 'feed') continue
    if ((publicationDelayMs[event.instrument] ?? publicationDelayMs.nav) !== undefined) continue
    const key = `${event.lineage.feed} ${event.instrument}`
    const found = series.get(key) ?? { rows: [], all: true }
    found.rows.push(index)
    if (event.knownAt !== event.validAt || event.validAt % HOUR_MS !== 0) found.all = false
    series.set(key, found)
  }
  for (const { rows, all } of series.values()) {
    if (!all || rows.length < 2) continue
    const daily = rows.every(row => (events[row]?.validAt ?? 0) % DAY_MS === 0)
    const text = `counts as known at the very ${daily ? 'day' : 'hour'} that it describes; tell the check its publication delay, 0 if it has none`
    yield { fault: { rule: 'atOnce', certainty: 'suspected', text }, rows }
  }
}

function sourceOf({ lineage }: MarketEvent): string {
  return lineage.kind === 'feed' ? lineage.feed : String(lineage.chainId)
}

const rowOf = ({ lineage }: MarketEvent): number => (lineage.kind === 'feed' ? lineage.sequence : 0)
