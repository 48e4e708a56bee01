import type { MarketColumns, Prediction, UnixMs } from '../core/index.ts'
import type { FeaturePipeline, FeatureReading, HistoryReading } from '../feature-store/index.ts'

/** What an agent makes of one instrument at a decision instant. */
export class MarketReasoning {
  readonly agent: string
  readonly pipeline: FeaturePipeline
  readonly names: readonly string[]
  /** Of each feature, its place among all. */
  readonly places: ReadonlyMap<string, number>
  /** The features at the instant that was last looked at. */
  reading: FeatureReading
  prediction: Prediction | null = null
  /** The newest feature vector, the end of `window`. */
  private readonly newest: Float32Array
  private readonly window: Float32Array
  private readonly written: FeatureReading
  /** Where the features of a history are at hand, so that no vector needs to be written before it is asked for. */
  private readonly ahead: HistoryReading | null
  private isWritten = true

  /** @param steps Instants that the model looks at. */
  constructor(agent: string, pipeline: FeaturePipeline, steps: number) {
    const { names, reading } = pipeline
    const width = names.length
    this.agent = agent
    this.pipeline = pipeline
    this.names = names
    this.places = new Map(names.map((name, place) => [name, place]))
    this.window = new Float32Array(width * steps).fill(Number.NaN)
    const newest = this.window.subarray(width * (steps - 1))
    this.newest = newest
    this.written = { columns: names.map((_, place) => newest.subarray(place, place + 1)), at: 0 }
    this.reading = this.written
    this.ahead = steps === 1 ? reading : null
  }

  /** @param columns Those of a row that was taken in; null to look at a time. */
  look(nowMs: UnixMs, columns: MarketColumns | null, row: number): void {
    if (columns !== null && this.lookAhead(row)) return
    const { newest, pipeline, window } = this
    this.reading = this.written
    this.isWritten = true
    if (window.length > newest.length) window.copyWithin(0, newest.length)
    if (columns === null) pipeline.vector(nowMs, newest)
    else pipeline.vectorAt(columns, row, newest)
  }

  /** Looks at a row of a history that was taken in, where its features are at hand; false where they are not. */
  lookAhead(row: number): boolean {
    const { ahead } = this
    if (ahead === null) return false
    ahead.moveTo(row)
    // To store a reference costs more than to compare it.
    if (this.reading !== ahead) this.reading = ahead
    this.isWritten = false
    return true
  }

  /** The features that were last looked at, oldest instant first; ask before the next row is taken in. */
  vector(): Float32Array {
    if (this.isWritten) return this.window
    this.isWritten = true
    const { columns, at } = this.reading
    for (let place = 0; place < columns.length; place++)
      this.window[place] = columns[place]?.[at] ?? Number.NaN
    return this.window
  }

  /** The part of `vector` that is of the newest instant. */
  newestVector(): Float32Array {
    this.vector()
    return this.newest
  }
}
