import {
  comparePositions,
  deliveredEvent,
  type InstrumentId,
  IntegrityError,
  type ObservationBatch,
  type ObservationDoor,
  type ObservationQuery,
  type ObservationStore,
  positionOf,
  type RowPlace,
  type ScanQuery,
  type SourcePosition,
  type StoredObservation,
} from '../../core/index.ts'
import type { HistoryManifest } from './historyManifest.ts'
import type { History } from './openHistory.ts'
import {
  archivedPlaces,
  lastArchivedBlock,
  placeKey,
  readHistory,
  rowsOfInstruments,
  scanHistory,
} from './readHistory.ts'

/** A database that holds the head of the order, with the Parquet files that its final rows moved to. */
export type TieredObservationStore = ObservationStore & {
  /** The database alone. */
  readonly head: ObservationStore
}

/** Rows of the head that are looked at in one go. */
const PAGE_ROWS = 5_000

/** The database behind a store: itself, where there is no history. */
export function headOf(store: ObservationStore | TieredObservationStore): ObservationStore {
  return 'head' in store ? store.head : store
}

/**
 * Reads a database and its history as one store. A row may be in both for a while, and counts once: rows are
 * taken from the database only after the manifest names the file that holds them.
 */
export function createTieredObservationStore(
  head: ObservationStore,
  history: History,
): TieredObservationStore {
  /**
   * Both tiers at one moment: a row that leaves the database does so after the manifest has changed, so an
   * unchanged manifest means that none was missed in between.
   */
  async function both<T>(
    read: (manifest: HistoryManifest) => Promise<T>,
    readHead: (archived: T | null) => Promise<StoredObservation[]>,
  ): Promise<readonly [archived: T, head: StoredObservation[]]> {
    const hopeful = await history.withManifest(async manifest => {
      const archived = await read(manifest)
      const rows = await readHead(archived)
      return (await history.manifest()).generation === manifest.generation
        ? ([archived, rows] as const)
        : null
    })
    if (hopeful !== null) return hopeful
    // An archive is being written: what the database held before the manifest is loaded is in one of the two.
    const rows = await readHead(null)
    return [await history.withManifest(read), rows]
  }

  async function read(query: ObservationQuery): Promise<StoredObservation[]> {
    const [archived, rows] = await both(
      manifest => readHistory(history, manifest, query),
      page => {
        const last = page?.length === query.limit ? page.at(-1) : undefined
        // A full page of the history asks the database for what comes before its end alone.
        return head.read(last === undefined ? query : { ...query, untilMs: deliveredEvent(last).knownAt })
      },
    )
    const order = (row: StoredObservation) => positionOf(deliveredEvent(row))
    return mergeRows(archived, rows, query.limit, (a, b) => comparePositions(order(a), order(b)))
  }

  async function scan(query: ScanQuery): Promise<StoredObservation[]> {
    const [archived, rows] = await both(
      manifest => scanHistory(history, manifest, query),
      page => {
        const last = page?.length === query.limit ? page.at(-1) : undefined
        return head.scan(
          last === undefined ? query : { ...query, throughBlock: positionOf(last.event).block },
        )
      },
    )
    return mergeRows(archived, rows, query.limit, (a, b) =>
      comparePlaces(positionOf(a.event), positionOf(b.event)),
    )
  }

  async function append(batch: ObservationBatch): Promise<number> {
    const observations = await history.withManifest(manifest => notArchived(history, manifest, batch))
    return head.append({ ...batch, observations })
  }

  /** Encoded rows cannot be told apart: what may be archived already must come by `append`. */
  function doorBesideHistory(door: ObservationDoor): ObservationDoor {
    return {
      encoder: door.encoder,
      settings: (source, instruments) => door.settings(source, instruments),
      append: batch =>
        history.withManifest(async manifest => {
          const { first } = batch.observations
          const archived = lastArchivedBlock(manifest, batch.cursor.source)
          return first !== null && archived !== null && first.block <= archived ? null : door.append(batch)
        }),
    }
  }

  return {
    head,
    read,
    scan,
    append,
    ...(head.door === undefined ? {} : { door: doorBesideHistory(head.door) }),

    async count(instruments: readonly InstrumentId[]): Promise<number> {
      for (;;) {
        const counted = await history.withManifest(async manifest => {
          const wanted = new Set(instruments)
          const archived = manifest.files.reduce((sum, file) => sum + rowsOfInstruments(file, instruments), 0)
          const twice = await rowsInBoth(head, history, manifest, wanted)
          const rows = await head.count(instruments)
          // Of one manifest they only become fewer: as many as before means that none left the database meanwhile.
          const still = await rowsInBoth(head, history, manifest, wanted)
          const { generation } = await history.manifest()
          return still === twice && generation === manifest.generation ? archived + rows - twice : null
        })
        if (counted !== null) return counted
      }
    },

    async rollback(rollback) {
      const { source, toBlock } = rollback
      const archived = lastArchivedBlock(await history.manifest(), source)
      if (archived !== null && archived > toBlock)
        throw new IntegrityError(
          `The source ${source} is archived as final through block ${archived}, and cannot go back to block ${toBlock}.`,
          {
            facts: { source, archivedThroughBlock: archived, toBlock },
            hint: 'A reorg below what counts as final: ingest the source again into a new project, and archive it with a larger --finality.',
          },
        )
      return head.rollback(rollback)
    },

    async sources(): Promise<string[]> {
      const { files } = await history.manifest()
      return [
        ...new Set([...(await head.sources()), ...files.flatMap(file => Object.keys(file.sources))]),
      ].sort()
    },

    discard: (source, rows) => head.discard(source, rows),
    cursors: source => head.cursors(source),
    cursor: (source, stream) => head.cursor(source, stream),
    withdrawals: instruments => head.withdrawals(instruments),
    headers: (source, aboveBlock) => head.headers(source, aboveBlock),
    pruneHeaders: (source, upToBlock) => head.pruneHeaders(source, upToBlock),
  }
}

const comparePlaces = (a: RowPlace, b: RowPlace): number => a.block - b.block || a.logIndex - b.logIndex

/** Merges two ordered lists; what stands at one place in both is one row. */
function mergeRows(
  archived: readonly StoredObservation[],
  rows: readonly StoredObservation[],
  limit: number,
  compare: (a: StoredObservation, b: StoredObservation) => number,
): StoredObservation[] {
  const merged: StoredObservation[] = []
  let next = 0
  for (const row of rows) {
    for (;;) {
      const other = archived[next]
      if (other === undefined) break
      const order = compare(other, row)
      // A row that a reorg withdrew stands where it stood; what replaced it is visible later.
      if (order > 0) break
      if (order === 0) {
        assertSame(other, row)
        next += 1
        break
      }
      merged.push(other)
      next += 1
    }
    merged.push(row)
  }
  for (; next < archived.length; next++) merged.push(archived[next] as StoredObservation)
  return merged.slice(0, limit)
}

function assertSame(archived: StoredObservation, row: StoredObservation): void {
  if (archived.digest !== row.digest) throw twoRows(positionOf(row.event), archived.digest, row.digest)
}

function twoRows(
  { source, block, logIndex }: SourcePosition,
  archived: string,
  given: string,
): IntegrityError {
  return new IntegrityError(
    `The history holds another observation at ${source}, block ${block}, log ${logIndex} than the one given: ${archived} instead of ${given}.`,
    {
      facts: { source, block, logIndex, archived, given },
      hint: 'Ingest under the settings (address, finality delay) that the history was filled with, or into a new project.',
    },
  )
}

/** The observations of a batch that the history does not hold yet. */
async function notArchived(
  history: History,
  manifest: HistoryManifest,
  { observations }: ObservationBatch,
): Promise<readonly StoredObservation[]> {
  const known = new Set<StoredObservation>()
  const bySource = new Map<string, { readonly row: StoredObservation; readonly place: SourcePosition }[]>()
  for (const row of observations) {
    const place = positionOf(row.event)
    const rows = bySource.get(place.source)
    if (rows === undefined) bySource.set(place.source, [{ row, place }])
    else rows.push({ row, place })
  }
  for (const [source, rows] of bySource) {
    const archived = lastArchivedBlock(manifest, source)
    // Rows of whole blocks behind the end of the archive: seldom any.
    const behind = rows.filter(({ place }) => archived !== null && place.block <= archived)
    if (behind.length === 0) continue
    const blocks = behind.map(({ place }) => place.block)
    const places = await archivedPlaces(history, manifest, source, {
      firstBlock: Math.floor(blocks.reduce((a, b) => Math.min(a, b))),
      lastBlock: Math.ceil(blocks.reduce((a, b) => Math.max(a, b))),
    })
    for (const { row, place } of behind) {
      const stored = places.get(placeKey(place))
      if (stored === undefined) continue
      if (stored.digest !== row.digest) throw twoRows(place, stored.digest, row.digest)
      known.add(row)
    }
  }
  return known.size === 0 ? observations : observations.filter(row => !known.has(row))
}

/** How many rows of some instruments are in both tiers. */
async function rowsInBoth(
  head: ObservationStore,
  history: History,
  manifest: HistoryManifest,
  instruments: ReadonlySet<InstrumentId>,
): Promise<number> {
  const wanted = manifest.files.filter(file =>
    Object.keys(file.instruments).some(instrument => instruments.has(instrument as InstrumentId)),
  )
  let twice = 0
  for (const source of new Set(wanted.flatMap(file => Object.keys(file.sources)))) {
    const throughBlock = lastArchivedBlock(manifest, source) ?? -1
    let after: RowPlace | undefined
    for (;;) {
      const page = await head.scan({
        source,
        throughBlock,
        limit: PAGE_ROWS,
        ...(after === undefined ? {} : { after }),
      })
      const [first, last] = [page[0], page.at(-1)]
      if (first === undefined || last === undefined) break
      const places = await archivedPlaces(history, manifest, source, {
        firstBlock: positionOf(first.event).block,
        lastBlock: positionOf(last.event).block,
      })
      for (const { event } of page)
        if (instruments.has(event.instrument) && places.has(placeKey(positionOf(event)))) twice += 1
      if (page.length < PAGE_ROWS) break
      after = positionOf(last.event)
    }
  }
  return twice
}
