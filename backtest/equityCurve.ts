import type { MarketColumns } from '../core/index.ts'

const FIRST_CAPACITY = 4_096

/** A growing column pair of times and equity, a point for each row that priced something. */
export class EquityCurve {
  private equities: Float64Array
  /** Null while the rows follow each other: then the times are those of the columns. */
  private times: Float64Array | null = null
  private source: MarketColumns | null = null
  private firstRow = 0
  /** Points so far. */
  length = 0

  /** @param expected Points for which there is room at first. */
  constructor(expected = FIRST_CAPACITY) {
    this.equities = new Float64Array(Math.max(1, expected))
  }

  /** Adds a point at the time that a row was known; the equity comes in an object, since a double that is handed about is one. */
  add(columns: MarketColumns, row: number, estimate: { readonly equityE8: number }): void {
    const { length } = this
    if (length === this.equities.length) this.equities = doubled(this.equities)
    this.equities[length] = estimate.equityE8
    if (this.times !== null || columns !== this.source || row !== this.firstRow + length)
      this.addTime(columns, row)
    this.length = length + 1
  }

  /** Where the equity of the next so many points may be written, from `length` on, before they are added. */
  room(points: number): Float64Array {
    while (this.length + points > this.equities.length) this.equities = doubled(this.equities)
    return this.equities
  }

  /** Adds points whose equity was written, at the times that consecutive rows were known. */
  extend(columns: MarketColumns, from: number, to: number): void {
    const { length } = this
    if (length === 0) {
      this.source = columns
      this.firstRow = from
    }
    if (this.times === null && columns === this.source && from === this.firstRow + length)
      this.length = length + to - from
    else
      for (let row = from; row < to; row++) {
        this.addTime(columns, row)
        this.length++
      }
  }

  /** The columns so far. */
  columns(): { timeMs: Float64Array; equityE8: Float64Array } {
    const { length } = this
    return { timeMs: this.timesSoFar().subarray(0, length), equityE8: this.equities.subarray(0, length) }
  }

  private addTime(columns: MarketColumns, row: number): void {
    const { length } = this
    if (length === 0) {
      this.source = columns
      this.firstRow = row
      return
    }
    let times = this.times ?? this.timesSoFar().slice()
    if (times.length < this.equities.length) {
      const larger = new Float64Array(this.equities.length)
      larger.set(times)
      times = larger
    }
    times[length] = columns.knownAt[row] as number
    this.times = times
  }

  private timesSoFar(): Float64Array {
    return (
      this.times ??
      this.source?.knownAt.subarray(this.firstRow, this.firstRow + this.length) ??
      new Float64Array(0)
    )
  }
}

function doubled(column: Float64Array): Float64Array {
  const larger = new Float64Array(column.length * 2)
  larger.set(column)
  return larger
}
