import {
  comparePositions,
  type DecisionStore,
  IntegrityError,
  type MarketEvent,
  type ObservationStore,
  positionOf,
  type RecordedDecision,
  type StoredObservation,
  toStoredObservation,
} from '../../core/index.ts'

/** The part of a decision store that a live run uses, in memory. */
export type MemoryDecisions = Pick<DecisionStore, 'append' | 'list' | 'nextSequence'> & {
  readonly rows: RecordedDecision[]
}

/** Creates an empty decision store, with the port's rule that an agent's sequence has no gap. */
export function memoryDecisions(): MemoryDecisions {
  const rows: RecordedDecision[] = []
  return {
    rows,
    async append(decisions) {
      const given = decisions.map((decision, index) => ({ ...decision, feedSequence: rows.length + index }))
      const wrong = given.find(({ sequence, feedSequence }) => sequence !== feedSequence)
      if (wrong !== undefined)
        throw new IntegrityError(`Sequence ${wrong.sequence} is not the next.`, {
          hint: 'One agent a store.',
        })
      rows.push(...given)
      return given
    },
    list: async ({ fromSequence = 0, limit }) => rows.slice(fromSequence, fromSequence + limit),
    nextSequence: async () => rows.length,
  }
}

/** A decision store for code that asks for the whole port; what a live run does not use refuses. */
export function asDecisionStore(memory: MemoryDecisions): DecisionStore {
  const unused = () => Promise.reject(new Error('not used by a live run'))
  return {
    ...memory,
    nextFeedSequence: unused,
    find: unused,
    saveBatch: unused,
    dropBatch: unused,
    batches: unused,
    batchOf: unused,
    epochOf: unused,
    saveEpoch: unused,
    resign: unused,
  }
}

/** Events as an ingest would have stored them. */
export const storedObservations = (events: readonly MarketEvent[]): StoredObservation[] =>
  events.map((event, index) => toStoredObservation(event, `row ${index}`))

/** An observation store that only reads, over rows that may grow. */
export function memoryObservations(rows: readonly StoredObservation[]): Pick<ObservationStore, 'read'> {
  return {
    read: async ({ instruments, after, untilMs, limit }) =>
      rows
        .filter(({ event }) => instruments.includes(event.instrument))
        .filter(({ event }) => after === undefined || comparePositions(positionOf(event), after) > 0)
        .filter(({ event }) => untilMs === undefined || event.knownAt <= untilMs)
        .sort((a, b) => comparePositions(positionOf(a.event), positionOf(b.event)))
        .slice(0, limit),
  }
}

/** An async iterable over an array. */
export async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

/** Reads an async iterable to its end. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
