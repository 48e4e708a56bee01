import { deserialize, serialize } from 'node:v8'
import { type SharedColumns, shareColumns } from '../backtest/index.ts'
import type { MarketEvent } from '../core/index.ts'

/** Events of one page: what is encoded at a time. */
const PAGE_EVENTS = 5_000

/**
 * Puts the events of a sweep where all its threads can read them, once for all. The same events need not become the
 * same bytes.
 */
export function shareSweepHistory(events: readonly MarketEvent[]): SharedColumns {
  const pages: Buffer[] = []
  for (let start = 0; start < events.length; start += PAGE_EVENTS)
    pages.push(serialize(events.slice(start, start + PAGE_EVENTS)))
  return shareColumns({
    events: new Uint8Array(Buffer.concat(pages)),
    pageBytes: Float64Array.from(pages, page => page.length),
  })
}

/** The events of a sweep, in a thread of it. */
export function loadSweepHistory({ events, pageBytes }: SharedColumns): MarketEvent[] {
  const loaded: MarketEvent[] = []
  const unify = textUnifier()
  let start = 0
  for (const bytes of pageBytes ?? []) {
    const end = start + Number(bytes)
    for (const event of deserialize(events?.subarray(start, end) as Uint8Array) as MarketEvent[])
      loaded.push(unify(event))
    start = end
  }
  return loaded
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
