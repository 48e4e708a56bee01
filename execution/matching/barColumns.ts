/**
 * Bars of one instrument as columns; prices are whole numbers of 10⁻⁸, exact in a double. Where a source has
 * one price only, bid and ask may be the same arrays.
 */
export type BarColumns = {
  readonly openMs: Float64Array
  readonly closeMs: Float64Array
  readonly bidOpenE8: Float64Array
  readonly bidHighE8: Float64Array
  readonly bidLowE8: Float64Array
  readonly bidCloseE8: Float64Array
  readonly askOpenE8: Float64Array
  readonly askHighE8: Float64Array
  readonly askLowE8: Float64Array
  readonly askCloseE8: Float64Array
  /** Base traded, in 10⁻⁸ of a whole unit; null where the source has no volume. */
  readonly volumeE8: Float64Array | null
}

/** Columns of a given length, all zero, for a caller to fill. */
export function emptyBarColumns(length: number): BarColumns {
  const column = () => new Float64Array(length)
  return {
    openMs: column(),
    closeMs: column(),
    bidOpenE8: column(),
    bidHighE8: column(),
    bidLowE8: column(),
    bidCloseE8: column(),
    askOpenE8: column(),
    askHighE8: column(),
    askLowE8: column(),
    askCloseE8: column(),
    volumeE8: column(),
  }
}
