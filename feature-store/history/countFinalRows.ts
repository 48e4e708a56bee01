import { type MarketEventType, type ObservationStore, positionOf, type RowPlace } from '../../core/index.ts'
import { headOf } from './tieredObservationStore.ts'

const PAGE_ROWS = 5_000

/** Observations of a source that an archive would move, by dataset. */
export async function countFinalRows({
  store,
  source,
  throughBlock,
}: {
  /** The database, or a tiered store over it. */
  readonly store: ObservationStore
  readonly source: string
  /** Last block that is final. */
  readonly throughBlock: number
}): Promise<Partial<Record<MarketEventType, number>>> {
  const head = headOf(store)
  const counts: Partial<Record<MarketEventType, number>> = {}
  let after: RowPlace | undefined
  for (;;) {
    const page = await head.scan({
      source,
      throughBlock,
      limit: PAGE_ROWS,
      ...(after === undefined ? {} : { after }),
    })
    for (const { event } of page) counts[event.value.type] = (counts[event.value.type] ?? 0) + 1
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_ROWS) return counts
    after = positionOf(last.event)
  }
}
