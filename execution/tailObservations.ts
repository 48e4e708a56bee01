import {
  deliveredEvent,
  type EventPosition,
  type InstrumentId,
  type ObservationStore,
  positionOf,
  type StoredObservation,
  type UnixMs,
} from '../core/index.ts'

/** Rows read at a time: about a megabyte, so that a long replay neither fills memory nor waits on round trips. */
export const DEFAULT_PAGE_SIZE = 1_000

/** What `tailObservations` takes. */
export type TailOptions = {
  readonly store: Pick<ObservationStore, 'read'>
  readonly instruments: readonly InstrumentId[]
  /** Resolves when rows may have been added since it was last called; `createArrivals` makes one. */
  readonly notified: () => Promise<void>
  /** True once no more rows will come: the tail then ends after the last row. Never, unless given. */
  readonly finished?: () => boolean
  /**
   * Time up to which every source is completely stored. With several sources of different delay, rows known
   * later are held back until the slowest is there, since a row that came too late would break the order.
   */
  readonly completeUntil?: () => UnixMs
  readonly pageSize?: number
  /** Ends the tail at once. */
  readonly signal?: AbortSignal
}

/**
 * Yields what agents see of some instruments (`ObservationStore.read`) in the total order, then waits for more.
 */
export async function* tailObservations({
  store,
  instruments,
  notified,
  finished = () => false,
  completeUntil,
  pageSize = DEFAULT_PAGE_SIZE,
  signal,
}: TailOptions): AsyncGenerator<StoredObservation> {
  let after: EventPosition | undefined
  while (!signal?.aborted) {
    // Asked before the read: rows that come between a read and the question would be lost at the end.
    const last = finished()
    const page = await store.read({
      instruments,
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
      ...(completeUntil === undefined || last ? {} : { untilMs: completeUntil() }),
    })
    for (const observation of page) {
      if (signal?.aborted) return
      after = positionOf(deliveredEvent(observation))
      yield observation
    }
    if (page.length === pageSize) continue
    if (last) return
    await unlessAborted(notified(), signal)
  }
}

// Not Promise.race against one long-lived promise: that would keep a reaction for every wait of the run.
function unlessAborted(wait: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return wait
  return new Promise((resolve, reject) => {
    const stop = () => resolve()
    signal.addEventListener('abort', stop, { once: true })
    wait.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    if (signal.aborted) resolve()
  })
}
