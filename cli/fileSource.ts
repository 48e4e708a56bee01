import { type BarGaps, ingestFeed, readBars, readNavHistory, readYieldCurve } from '../chain-ingest/index.ts'
import type { MarketEventType, StoredObservation } from '../core/index.ts'
import type { FileConfig } from './chainConnection.ts'
import type { IngestSourceOptions, IngestSummary } from './ingestSource.ts'
import type { Workspace } from './workspace.ts'

const FILE_STREAM = 'file'

/** Ingests the rows of a file that are not stored yet. */
export async function ingestFile(
  workspace: Workspace,
  config: FileConfig,
  options: IngestSourceOptions & { readonly onRow?: (row: StoredObservation) => void },
): Promise<IngestSummary> {
  const { untilMs, onRow, onProgress, signal } = options
  const { observations: store } = workspace.store
  const stored = (await store.cursor(config.feed, FILE_STREAM))?.block ?? -1
  const byType: Partial<Record<MarketEventType, number>> = {}
  let fresh = 0
  let gaps: BarGaps | null = null
  const onGaps = (found: BarGaps) => {
    gaps = found
  }
  async function* rows(): AsyncGenerator<StoredObservation> {
    let row = 0
    for await (const observation of rowsOf(config, onGaps)) {
      const { event } = observation
      if (untilMs !== undefined && event.knownAt > untilMs) return
      if (row > stored) {
        fresh += 1
        byType[event.value.type] = (byType[event.value.type] ?? 0) + 1
      }
      row += 1
      onRow?.(observation)
      yield observation
    }
  }
  const { observations } = await ingestFeed({
    rows: rows(),
    store,
    feed: config.feed,
    stream: FILE_STREAM,
    signal,
    onProgress: () => onProgress?.({ done: fresh, total: null }),
  })
  const summary = { source: config.name, rows: fresh, observations, byType, unrecognised: 0 }
  return gaps === null ? summary : { ...summary, gaps }
}

/** Reads a file again from its first row, as far as the store has it. */
export async function* rereadFile(
  { store }: Workspace,
  config: FileConfig,
): AsyncGenerator<StoredObservation> {
  const cursor = await store.observations.cursor(config.feed, FILE_STREAM)
  let row = 0
  for await (const observation of rowsOf(config)) {
    if (cursor === null || row > cursor.block) return
    yield observation
    row += 1
  }
}

/** The rows of a file, from the first. */
export function rowsOf(
  config: FileConfig,
  onGaps?: (gaps: BarGaps) => void,
): AsyncIterable<StoredObservation> {
  const { instrument, feed } = config
  switch (config.kind) {
    case 'bars': {
      const { file, periodMs, time, columns, maxGapBars } = config
      return readBars({ file, instrument, feed, periodMs, time, columns, maxGapBars, onGaps })
    }
    case 'yields':
      return readYieldCurve({ files: config.files, instrument, feed })
    case 'nav':
      return readNavHistory({ file: config.file, symbol: config.symbol, instrument, feed })
  }
}
