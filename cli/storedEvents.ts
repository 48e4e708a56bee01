import {
  deliveredEvent,
  type EventPosition,
  type Hash,
  type InstrumentId,
  type MarketEvent,
  type ObservationStore,
  positionOf,
  type StoredObservation,
  type UnixMs,
  type Withdrawal,
} from '../core/index.ts'
import { DEFAULT_RETAIN_BLOCKS } from '../feature-store/index.ts'
import { createHistoryHash } from './historyHash.ts'

const PAGE_SIZE = 5_000

/** What agents see of some instruments, in the total order, a page at a time. */
export async function* storedObservations(
  store: ObservationStore,
  instruments: readonly InstrumentId[],
  untilMs?: UnixMs,
  pageSize = PAGE_SIZE,
): AsyncGenerator<StoredObservation> {
  let after: EventPosition | undefined
  for (;;) {
    const page = await store.read({
      instruments,
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
      ...(untilMs === undefined ? {} : { untilMs }),
    })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = positionOf(deliveredEvent(last))
  }
}

/** The past of some instruments, as an agent goes through it. */
export type History = {
  /** As agents get them, in the total order. */
  readonly events: readonly MarketEvent[]
  /** How far back a withdrawal among them reaches; 0 where there is none. */
  readonly retainBlocks: number
  /** Of what agents get, in their order, by `createHistoryHash`. */
  readonly dataHash: Hash
}

/** Reads the past of some instruments into memory. */
export async function loadHistory(
  store: ObservationStore,
  instruments: readonly InstrumentId[],
  untilMs?: UnixMs,
): Promise<History> {
  const events: MarketEvent[] = []
  const hash = createHistoryHash()
  for await (const observation of storedObservations(store, instruments, untilMs)) {
    const event = deliveredEvent(observation)
    events.push(event)
    hash.add(event)
  }
  const retainBlocks = retainedBlocks(await store.withdrawals(instruments))
  return { events, retainBlocks, dataHash: hash.digest() }
}

/** How far back an agent over stored history must be able to go: nothing is kept where nothing was withdrawn. */
export function retainedBlocks(withdrawals: readonly Withdrawal[]): number {
  const depths = withdrawals.map(({ forkBlock, throughBlock }) => throughBlock - forkBlock)
  return depths.length === 0 ? 0 : Math.max(DEFAULT_RETAIN_BLOCKS, ...depths)
}
