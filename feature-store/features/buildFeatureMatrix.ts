import {
  createCadence,
  type Hash,
  type Instrument,
  type InstrumentId,
  InvalidInputError,
  type MarketColumns,
  type MarketEvent,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import type { FeatureDefinition } from './defineFeature.ts'
import { featureMatrixHash } from './featureMatrixHash.ts'
import { createFeaturePipeline } from './featurePipeline.ts'
import { MatrixRows } from './matrixRows.ts'
import { priceIn } from './priceIn.ts'

/** The feature vectors of one instrument over time, one row for each decision instant. */
export type FeatureMatrix = {
  readonly instrument: InstrumentId
  readonly featureSet: Hash
  readonly names: readonly string[]
  readonly rows: number
  readonly columns: number
  /** Row by row; NaN for a missing value. */
  readonly values: Float32Array
  /** Time of each row. */
  readonly timesMs: Float64Array
  /** Last price of the traded instrument known at each row's time, in quote currency; NaN before the first. */
  readonly prices: Float64Array
  /** Hash over instrument, feature set, shape, values, times and prices. */
  readonly dataHash: Hash
}

/** How far a matrix is built. */
export type MatrixProgress = { readonly events: number; readonly rows: number; readonly timeMs: UnixMs }

export type FeatureMatrixOptions = {
  readonly features: readonly FeatureDefinition[]
  readonly instrument: Instrument
  /** In the total order; columns are read row by row, without an event object for each bar. */
  readonly events: Iterable<MarketEvent> | AsyncIterable<MarketEvent> | MarketColumns
  /** Length of the decision interval: at most one row for each. */
  readonly everyMs: number
  /** First time that may have a row; earlier events only warm the features up. */
  readonly fromMs?: UnixMs
  /** First time that has no row any more; reading stops there. */
  readonly toMs?: UnixMs
  /** Blocks that a reorg may take back; 0, the default, where no withdrawal comes. */
  readonly retainBlocks?: number
  /** Called now and then, and once at the end. */
  readonly onProgress?: (progress: MatrixProgress) => void
}

const EVENTS_PER_PROGRESS = 10_000

/**
 * Runs features over history: a row for each event at which an agent of this cadence decides, holding
 * exactly what the agent sees then.
 *
 * @throws InvalidInputError on two features of one name, or an empty period; IntegrityError on events out of
 * order.
 */
export async function buildFeatureMatrix(options: FeatureMatrixOptions): Promise<FeatureMatrix> {
  const { features, instrument, events, everyMs, onProgress, retainBlocks = 0 } = options
  const fromMs = options.fromMs ?? Number.NEGATIVE_INFINITY
  const toMs = options.toMs ?? Number.POSITIVE_INFINITY
  assertPeriod(everyMs, fromMs, toMs)
  const pipeline = createFeaturePipeline(features, instrument, { retainBlocks })
  const cadence = createCadence(everyMs)
  const rows = new MatrixRows(features.length)
  const vector = new Float32Array(features.length)
  let count = 0
  let lastMs: UnixMs | null = null

  const report = () => {
    if (lastMs !== null) onProgress?.({ events: count, rows: rows.length, timeMs: lastMs })
  }
  /** Adds what an agent sees after an event that was known at a time. */
  const see = (knownAt: UnixMs): void => {
    if (cadence.due(knownAt) && knownAt >= fromMs) {
      const priced = pipeline.lastPriced()
      const price = priced === null ? null : priceIn(priced)
      rows.append(knownAt, price ?? Number.NaN, pipeline.vector(knownAt, vector))
    }
    lastMs = knownAt
    count += 1
    if (count % EVENTS_PER_PROGRESS === 0) report()
  }
  /** Returns false once the period is over. */
  const take = (event: MarketEvent): boolean => {
    if (event.knownAt >= toMs) return false
    pipeline.update(event)
    see(event.knownAt)
    return true
  }

  // An array is not awaited event by event: that would cost more than the features.
  if ('kind' in events) {
    for (let row = 0; row < events.length; row++) {
      const knownAt = unixMs(events.knownAt[row] ?? Number.NaN)
      if (knownAt >= toMs) break
      pipeline.updateRow(events, row)
      see(knownAt)
    }
  } else if (Symbol.iterator in events) {
    for (const event of events) if (!take(event)) break
  } else {
    for await (const event of events) if (!take(event)) break
  }
  report()

  const { values, timesMs, prices } = rows.finish()
  const matrix = {
    instrument: instrument.id,
    featureSet: pipeline.featureSet,
    names: pipeline.names,
    rows: timesMs.length,
    columns: features.length,
    values,
    timesMs,
    prices,
  }
  return { ...matrix, dataHash: featureMatrixHash(matrix) }
}

function assertPeriod(everyMs: number, fromMs: number, toMs: number): void {
  if (!Number.isSafeInteger(everyMs) || everyMs <= 0)
    throw new InvalidInputError(`The decision interval of ${everyMs} ms is not a positive whole number.`, {
      facts: { everyMs },
      hint: 'Pass everyMs as an integer of at least 1.',
    })
  if (!(fromMs < toMs))
    throw new InvalidInputError(`The period from ${fromMs} to ${toMs} is empty.`, {
      facts: { fromMs, toMs },
      hint: 'Give a toMs after fromMs.',
    })
}
