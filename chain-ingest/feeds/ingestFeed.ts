import {
  IntegrityError,
  type ObservationStore,
  positionOf,
  type StoredObservation,
} from '../../core/index.ts'

/** Rows that are stored in one write. */
const BATCH_ROWS = 1_000

export type IngestFeedOptions = {
  /** Observations of one feed, numbered from 0 without a gap. */
  readonly rows: AsyncIterable<StoredObservation> | Iterable<StoredObservation>
  readonly store: ObservationStore
  /** Source name that the rows carry. */
  readonly feed: string
  /** Names the cursor; `file` by default. */
  readonly stream?: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((rows: number) => void) | undefined
}

/** What was ingested in one run. */
export type FeedCounts = {
  /** Rows read, those before the cursor included. */
  readonly rows: number
  /** Observations that were new to the store. */
  readonly observations: number
}

/**
 * Ingests a feed in batches, each with its cursor in one write, going on after the last stored row.
 *
 * @throws IntegrityError when the rows are of another feed, not numbered without a gap, fewer than what is stored,
 * or when the last stored row says something else now.
 */
export async function ingestFeed(options: IngestFeedOptions): Promise<FeedCounts> {
  const { rows, store, feed, stream = 'file', signal, onProgress } = options
  const stored = (await store.cursor(feed, stream))?.block ?? -1
  let count = 0
  let observations = 0
  let batch: StoredObservation[] = []
  async function flush(): Promise<void> {
    signal?.throwIfAborted()
    if (batch.length > 0) {
      const cursor = { source: feed, stream, block: count - 1, blockHash: null }
      observations += await store.append({ observations: batch, cursor })
      batch = []
    }
    onProgress?.(count)
  }
  for await (const row of rows) {
    const { source, block } = positionOf(row.event)
    if (source !== feed || block !== count)
      throw new IntegrityError(`Row ${count} of ${feed} claims to be row ${block} of ${source}.`, {
        facts: { feed, row: count, claimedFeed: source, claimedRow: block },
        hint: 'Read the feed from its first row, in order.',
      })
    if (block > stored) batch.push(row)
    else if (block === stored) await assertStored(row, store)
    count++
    if (batch.length === BATCH_ROWS) await flush()
  }
  await flush()
  if (count <= stored)
    throw new IntegrityError(`${feed} has ${count} rows now; ${stored + 1} are stored.`, {
      facts: { feed, rows: count, stored: stored + 1 },
      hint: 'The file was cut off or replaced: restore it, or ingest it under another feed name.',
    })
  return { rows: count, observations }
}

/** Rows after another reading of the same file would not go with the stored ones. */
async function assertStored({ event, digest }: StoredObservation, store: ObservationStore): Promise<void> {
  const { source, block } = positionOf(event)
  const [stored] = await store.scan({ source, after: { block: block - 1, logIndex: 0 }, limit: 1 })
  // A row that was dropped for its age cannot be compared.
  if (stored === undefined || positionOf(stored.event).block !== block || stored.digest === digest) return
  throw new IntegrityError(`Row ${block} of ${source} is stored, and says something else now.`, {
    facts: { feed: source, row: block },
    hint: 'The file was changed, or is read in another way: restore it, or ingest it under another feed name.',
  })
}
