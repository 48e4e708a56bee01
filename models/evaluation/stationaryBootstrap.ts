import { exactLog, InvalidInputError, type Random } from '../../core/index.ts'

/** How a series is resampled. */
export type Resampling = {
  /** Mean length of a block in rows, at least 1 (independent rows). */
  readonly meanBlock: number
  readonly resamples: number
  readonly random: Random
}

/**
 * Means of series over stationary bootstrap resamples of their rows (D. Politis and J. Romano, "The Stationary
 * Bootstrap", Journal of the American Statistical Association 89, 1994): blocks of geometric length that start
 * anywhere and wrap around, so that serial dependence within a block is kept. All series are resampled by the same
 * rows. A block is one difference of running sums, so a resample costs what its blocks cost, not what its rows do.
 *
 * @param series of one length, at least one row, finite.
 * @returns by series, the mean in each resample.
 * @throws InvalidInputError when there is nothing to draw from, or the blocks or resamples are less than 1.
 */
export function bootstrapMeans(
  series: readonly Float64Array[],
  { meanBlock, resamples, random }: Resampling,
): Float64Array[] {
  const rows = series[0]?.length ?? 0
  if (rows === 0 || !(meanBlock >= 1) || !Number.isInteger(resamples) || resamples < 1)
    throw new InvalidInputError(
      `${resamples} resamples of ${rows} rows in blocks of ${meanBlock} cannot be drawn.`,
      {
        facts: { resamples, rows, meanBlock },
        hint: 'Pass rows, blocks of at least 1, and at least one resample.',
      },
    )
  const width = series.length
  const centres = series.map(values => values.reduce((sum, value) => sum + value, 0) / rows)
  // Row by row, so that both ends of a block lie together for all series; about the mean, so that little is rounded.
  const running = new Float64Array((rows + 1) * width)
  for (let row = 0; row < rows; row++)
    for (let place = 0; place < width; place++)
      running[(row + 1) * width + place] =
        (running[row * width + place] ?? 0) + ((series[place]?.[row] ?? 0) - (centres[place] ?? 0))
  const means = series.map(() => new Float64Array(resamples))
  const sums = new Float64Array(width)
  const add = (from: number, to: number) => {
    for (let place = 0; place < width; place++)
      sums[place] =
        (sums[place] ?? 0) + (running[to * width + place] ?? 0) - (running[from * width + place] ?? 0)
  }
  const logStay = exactLog(1 - 1 / meanBlock)
  for (let resample = 0; resample < resamples; resample++) {
    sums.fill(0)
    for (let left = rows; left > 0; ) {
      const start = Math.floor(random() * rows)
      const drawn = meanBlock === 1 ? 1 : 1 + Math.floor(exactLog(1 - random()) / logStay)
      const length = Math.min(drawn, left)
      left -= length
      const end = start + length
      if (end <= rows) add(start, end)
      else {
        add(start, rows)
        add(0, end - rows)
      }
    }
    means.forEach((values, place) => {
      values[resample] = (centres[place] ?? 0) + (sums[place] ?? 0) / rows
    })
  }
  return means
}
