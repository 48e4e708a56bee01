import {
  createCadence,
  type Hash,
  type Instrument,
  type InstrumentId,
  InvalidInputError,
  type MarketEvent,
  type UnixMs,
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
  /** In the total order. */
  readonly events: Iterable<MarketEvent> | AsyncIterable<MarketEvent>
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
  let last: MarketEvent | null = null

  const report = () => {
    if (last !== null) onProgress?.({ events: count, rows: rows.length, timeMs: last.knownAt })
  }
  /** Returns false once the period is over. */
  const take = (event: MarketEvent): boolean => {
    if (event.knownAt >= toMs) return false
    pipeline.update(event)
    if (cadence.due(event.knownAt) && event.knownAt >= fromMs) {
      const priced = pipeline.lastPriced()
      const price = priced === null ? null : priceIn(priced)
      rows.append(event.knownAt, price ?? Number.NaN, pipeline.vector(event.knownAt, vector))
    }
    last = event
    count += 1
    if (count % EVENTS_PER_PROGRESS === 0) report()
    return true
  }

  // An array is not awaited event by event: that would cost more than the features.
  if (Symbol.iterator in events) {
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
