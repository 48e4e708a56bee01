/** Which labels train and which test, as indices into the arrays that were split. */
export type TimeSplit = {
  readonly train: Uint32Array
  readonly test: Uint32Array
  /** Start of the test period; infinite when nothing is left to test. */
  readonly testFromMs: number
  /** Rows before the test period whose label reaches into it. */
  readonly purged: number
  /** Further rows whose label ends within the embargo before it. */
  readonly embargoed: number
}

/**
 * Splits labels, in the order of time, into an earlier part to train on and a later one to test on. A
 * training row is purged when its label's interval [time, end] touches the test period, since its outcome is
 * then partly the test's; a row whose label ends less than `embargoMs` before the test period is dropped too,
 * against serial correlation. Rows of one instant are never divided. (López de Prado, "Advances in Financial
 * Machine Learning", 2018, sections 7.4.1 and 7.4.2; there the embargo follows the test period, here it
 * precedes it, because all training rows do.)
 *
 * @param timesMs start of each label's interval, ascending.
 * @param labelEndMs end of each label's interval.
 * @param trainShare share of the rows that lie before the test period, in (0, 1).
 */
export function splitByTime({
  timesMs,
  labelEndMs,
  trainShare,
  embargoMs,
}: {
  readonly timesMs: Float64Array
  readonly labelEndMs: Float64Array
  readonly trainShare: number
  readonly embargoMs: number
}): TimeSplit {
  const testFromMs = timesMs[Math.floor(timesMs.length * trainShare)] ?? Number.POSITIVE_INFINITY
  const train: number[] = []
  const test: number[] = []
  let purged = 0
  let embargoed = 0
  for (let row = 0; row < timesMs.length; row++) {
    const endMs = labelEndMs[row] ?? Number.NaN
    if ((timesMs[row] ?? Number.NaN) >= testFromMs) test.push(row)
    else if (endMs >= testFromMs) purged++
    else if (endMs > testFromMs - embargoMs) embargoed++
    else train.push(row)
  }
  return { train: Uint32Array.from(train), test: Uint32Array.from(test), testFromMs, purged, embargoed }
}
