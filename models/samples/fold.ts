/** Rows of one purpose in one period. */
export type FoldSet = {
  /** Rows of the matrix that serve, ascending. */
  readonly rows: Uint32Array
  /** First instant of the period, milliseconds. */
  readonly fromMs: number
  /** First instant after the period. */
  readonly toMs: number
  /** Samples of the period left out because their label reaches into the next period. */
  readonly purged: number
  /** Further samples whose label ends within the embargo before the next period. */
  readonly embargoed: number
}

/** One training and its test: four periods, each following the one before; a set of share 0 is empty. */
export type Fold = {
  /** What the weights are fitted to. */
  readonly train: FoldSet
  /** What decides when to stop. */
  readonly validation: FoldSet
  /** What scores are turned to probabilities on, and intervals measured on. */
  readonly calibration: FoldSet
  /** What nothing was learnt from. */
  readonly test: FoldSet
}

export const FOLD_SETS = ['train', 'validation', 'calibration', 'test'] as const
export type FoldSetName = (typeof FOLD_SETS)[number]

/** Samples in the order of time. */
export type SampleSpans = {
  /** Row of the matrix of each sample. */
  readonly rows: Uint32Array
  /** Time of each sample, ascending. */
  readonly startMs: Float64Array
  /** When its label was known. */
  readonly endMs: Float64Array
}

/** Keeps the rows that are samples: those whose label has an end. */
export function spansOf({
  timesMs,
  endMs,
}: {
  readonly timesMs: Float64Array
  readonly endMs: Float64Array
}): SampleSpans {
  const rows: number[] = []
  for (let row = 0; row < timesMs.length; row++) if (Number.isFinite(endMs[row])) rows.push(row)
  return {
    rows: Uint32Array.from(rows),
    startMs: Float64Array.from(rows, row => timesMs[row] ?? 0),
    endMs: Float64Array.from(rows, row => endMs[row] ?? 0),
  }
}

/** The first sample at or after a time; the number of samples when there is none. */
export function firstSampleAt({ startMs }: SampleSpans, timeMs: number): number {
  let low = 0
  let high = startMs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((startMs[middle] ?? 0) < timeMs) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Cuts a fold out of samples by the instants at which its periods begin, and the one at which the test ends. A
 * sample before the test serves only when its label ends before the next period begins, by the embargo at least;
 * since periods follow each other it then touches no later one either. (M. López de Prado, "Advances in Financial
 * Machine Learning", 2018, sections 7.4.1 and 7.4.2; there the embargo follows the test, here it precedes it.)
 *
 * @param bounds starts of training, validation, calibration and test, and the end of the test, ascending.
 */
export function cutFold(
  spans: SampleSpans,
  bounds: readonly [number, number, number, number, number],
  embargoMs: number,
): Fold {
  const [train, validation, calibration, test, end] = bounds
  const cut = (fromMs: number, toMs: number, learnt: boolean): FoldSet => {
    const from = firstSampleAt(spans, fromMs)
    const to = firstSampleAt(spans, toMs)
    const rows = new Uint32Array(to - from)
    let kept = 0
    let purged = 0
    let embargoed = 0
    for (let sample = from; sample < to; sample++) {
      const endMs = spans.endMs[sample] ?? 0
      if (learnt && endMs >= toMs) purged++
      else if (learnt && endMs > toMs - embargoMs) embargoed++
      else rows[kept++] = spans.rows[sample] ?? 0
    }
    return { rows: rows.slice(0, kept), fromMs, toMs, purged, embargoed }
  }
  return {
    train: cut(train, validation, true),
    validation: cut(validation, calibration, true),
    calibration: cut(calibration, test, true),
    test: cut(test, end, false),
  }
}
