import {
  type EventPosition,
  type InstrumentId,
  type MarketEvent,
  type ObservationStore,
  positionOf,
  type StoredObservation,
  type UnixMs,
} from '../core/index.ts'

const PAGE_SIZE = 5_000

/** Every stored observation of some instruments in the total order, a page at a time. */
export async function* storedObservations(
  store: ObservationStore,
  instruments: readonly InstrumentId[],
  untilMs?: UnixMs,
): AsyncGenerator<StoredObservation> {
  let after: EventPosition | undefined
  for (;;) {
    const page = await store.read({
      instruments,
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
      ...(untilMs === undefined ? {} : { untilMs }),
    })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_SIZE) return
    after = positionOf(last.event)
  }
}

/** Reads the stored events of some instruments into memory, in the total order. */
export async function loadEvents(
  store: ObservationStore,
  instruments: readonly InstrumentId[],
  untilMs?: UnixMs,
): Promise<MarketEvent[]> {
  const events: MarketEvent[] = []
  for await (const { event } of storedObservations(store, instruments, untilMs)) events.push(event)
  return events
}
