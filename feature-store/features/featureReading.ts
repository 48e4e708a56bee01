/** What features are at one row, in columns that may reach further: read them at that row alone. */
export type FeatureReading = {
  /** By feature, its values as a vector holds them; none for one that is read elsewhere. */
  readonly columns: readonly (Float32Array | undefined)[]
  /** The row at hand, counted from the first of the columns; -1 before the first. */
  readonly at: number
}

/** The same over a history. */
export type HistoryReading = FeatureReading & {
  /** Moves to a row that was taken in last, or that need not be taken in any more (`takenTo`). */
  moveTo(row: number): void
}
