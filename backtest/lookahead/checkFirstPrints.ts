import { formatInstant, type MarketEvent, type UnixMs } from '../../core/index.ts'
import { type DataFault, dataFault, valueText } from './dataFault.ts'
import type { LookAheadFinding } from './lookAheadFinding.ts'

/**
 * Compares a history with what was recorded when it was first published: a value that was revised later must
 * not stand where the first print was, and no print may count as known sooner than it was. Rows that the
 * prints do not have are passed over.
 *
 * @param firstPrints As recorded at the time, for example by a live run; corrections among them too.
 * @returns for each instrument and type the first row of either kind, and how many there are.
 */
export function checkFirstPrints(
  events: readonly MarketEvent[],
  firstPrints: readonly MarketEvent[],
): LookAheadFinding[] {
  return firstPrintFaults(events, firstPrints).map(({ finding }) => finding)
}

/** What `checkFirstPrints` finds, with all rows at fault. */
export function firstPrintFaults(
  events: readonly MarketEvent[],
  firstPrints: readonly MarketEvent[],
): DataFault[] {
  const prints = new Map<string, Map<string, UnixMs>>()
  for (const event of firstPrints) {
    const values = prints.get(timeKey(event)) ?? new Map<string, UnixMs>()
    const text = valueText(event)
    const before = values.get(text)
    if (before === undefined || event.knownAt < before) values.set(text, event.knownAt)
    prints.set(timeKey(event), values)
  }
  const found = new Map<string, { rule: string; text: string; rows: number[] }>()
  for (const [index, event] of events.entries()) {
    const values = prints.get(timeKey(event))
    if (values === undefined) continue
    const knownAt = values.get(valueText(event))
    if (knownAt !== undefined && event.knownAt >= knownAt) continue
    const rule = knownAt === undefined ? 'restated' : 'early'
    const key = `${rule} ${event.instrument} ${event.value.type}`
    const before = found.get(key)
    if (before !== undefined) {
      before.rows.push(index)
      continue
    }
    const text =
      knownAt === undefined
        ? `was restated: what was published for ${formatInstant(event.validAt)} at the time is another value`
        : `counts as known before ${formatInstant(knownAt)}, when it was published`
    found.set(key, { rule, text, rows: [index] })
  }
  return [...found.values()].flatMap(fault => dataFault(events, { ...fault, certainty: 'proved' }) ?? [])
}

/** What a value describes, wherever it comes from: a revised series often has another source. */
function timeKey({ instrument, value, validAt }: MarketEvent): string {
  return `${instrument} ${value.type} ${validAt} ${value.type === 'bar' ? value.closeMs : ''}`
}
