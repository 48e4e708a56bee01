import { deserialize, serialize } from 'node:v8'
import { type SharedColumns, shareColumns } from '../backtest/index.ts'
import {
  BAR_ROW,
  type InstrumentId,
  type MarketColumns,
  type MarketEvent,
  marketColumns,
} from '../core/index.ts'

/** Events of one page: what is encoded at a time. */
const PAGE_EVENTS = 5_000

/** The columns of numbers, which threads share as they are. */
const NUMBERS = [
  'kind',
  'instrument',
  'openMs',
  'closeMs',
  'knownAt',
  'source',
  'block',
  'logIndex',
  'bidOpenE8',
  'bidHighE8',
  'bidLowE8',
  'bidCloseE8',
  'askOpenE8',
  'askHighE8',
  'askLowE8',
  'askCloseE8',
  'volumeE8',
] as const satisfies readonly (keyof MarketColumns)[]

type Page = readonly { readonly row: number; readonly event: MarketEvent }[]

/**
 * Puts the events of a sweep where all its threads can read them, once for all: prices and times as columns. A bar of a
 * feed is whole in them; of what is not, the events themselves are encoded beside. The same events need not become
 * the same bytes.
 */
export function shareSweepHistory(
  events: readonly MarketEvent[],
  instruments: readonly InstrumentId[],
): SharedColumns {
  const columns = marketColumns(events, instruments)
  const kept: Page[number][] = []
  for (const [row, event] of events.entries())
    if (columns.kind[row] !== BAR_ROW || event.lineage.kind !== 'feed') kept.push({ row, event })
  const pages: Buffer[] = []
  for (let start = 0; start < kept.length; start += PAGE_EVENTS)
    pages.push(serialize(kept.slice(start, start + PAGE_EVENTS)))
  return shareColumns({
    ...Object.fromEntries(NUMBERS.map(name => [name, columns[name]])),
    names: new Uint8Array(serialize({ instruments: columns.instruments, sources: columns.sources })),
    events: new Uint8Array(Buffer.concat(pages)),
    pageBytes: Float64Array.from(pages, page => page.length),
  })
}

/** The events of a sweep, in a thread of it. */
export function loadSweepHistory(shared: SharedColumns): MarketColumns {
  const { names, events: bytes, pageBytes, knownAt } = shared
  const { instruments, sources } = deserialize(names as Uint8Array) as Pick<
    MarketColumns,
    'instruments' | 'sources'
  >
  const events: (MarketEvent | null)[] = []
  const unify = textUnifier()
  let start = 0
  for (const length of pageBytes ?? []) {
    const end = start + Number(length)
    for (const { row, event } of deserialize(bytes?.subarray(start, end) as Uint8Array) as Page) {
      // No holes: an array with holes is slower to read.
      while (events.length < row) events.push(null)
      events.push(unify(event))
    }
    start = end
  }
  const numbers = Object.fromEntries(NUMBERS.map(name => [name, shared[name]])) as unknown as Pick<
    MarketColumns,
    (typeof NUMBERS)[number]
  >
  return { length: knownAt?.length ?? 0, instruments, sources, ...numbers, events }
}

/** Makes equal texts of events one text: each event came with its own, which cost memory and are slower to compare. */
function textUnifier(): <T extends object>(value: T) => T {
  const known = new Map<string, string>()
  const unify = <T extends object>(value: T): T => {
    const fields = value as Record<string, unknown>
    for (const name in fields) {
      const field = fields[name]
      if (typeof field === 'string') {
        const text = known.get(field)
        if (text !== undefined) fields[name] = text
        // What names a log is its own: only what comes again is worth a place.
        else if (known.size < MOST_TEXTS) known.set(field, field)
      } else if (typeof field === 'object' && field !== null) unify(field)
    }
    return value
  }
  return unify
}

const MOST_TEXTS = 10_000
