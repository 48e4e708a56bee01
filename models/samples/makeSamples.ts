import { InvalidInputError } from '../../core/index.ts'
import type { Objective } from '../learner.ts'
import { checkLabelSpec, type LabelSpec } from './labelSpec.ts'
import { isPrice, labelForwardReturn, type PriceRows, type RowLabels } from './rowLabels.ts'
import { type Weighting, weighSamples } from './sampleWeights.ts'
import { labelTripleBarrier } from './tripleBarrier.ts'

/** What a model can learn from the rows of a matrix. Arrays are by row of the matrix. */
export type Samples = RowLabels & {
  /** Rows that have a label and enough rows before them, ascending. */
  readonly rows: Uint32Array
  /** Time of each row, milliseconds. */
  readonly timesMs: Float64Array
  /**
   * The log return that the label is about, NaN where a row is no sample: of the price, or for `nav-reversion` of
   * the trade towards NAV.
   */
  readonly labelReturn: Float64Array
  /** For `direction` 1 where the label return is above 0, else 0; for `return` that return. NaN for no sample. */
  readonly targets: Float32Array
  /** 1 on average over the samples, 0 elsewhere. */
  readonly weights: Float32Array
  /** Samples whose label return is exactly 0; they count as no rise. */
  readonly unchanged: number
}

/**
 * Labels and weighs the rows of a matrix. A row is a sample when it has a label and `steps − 1` rows before it. No
 * label looks at a row after its own end, and no weight at an outcome unless classes are balanced.
 *
 * @param nav net asset value known at each row, in the currency of the prices, NaN where unknown: for
 * `nav-reversion`.
 * @param steps feature vectors that one prediction looks at.
 * @throws InvalidInputError on a bad label, rows out of order, no prices, a NAV that is missing or not by row, or a
 * class without samples (or no classes) where classes are balanced.
 */
export function makeSamples(
  matrix: PriceRows,
  {
    label: givenLabel,
    objective,
    nav,
    steps = 1,
    weighting = {},
  }: {
    readonly label: LabelSpec
    readonly objective: Objective
    readonly nav?: Float64Array | undefined
    readonly steps?: number
    readonly weighting?: Weighting
  },
): Samples {
  const label = checkLabelSpec(givenLabel)
  if (!Number.isInteger(steps) || steps < 1)
    throw new InvalidInputError(`A window of ${steps} feature vectors cannot be cut.`, {
      facts: { steps },
      hint: 'Pass a whole number of steps, at least 1.',
    })
  if (weighting.classBalance === true && objective !== 'direction')
    throw new InvalidInputError(`Class balance cannot weigh a "${objective}" objective: it has no classes.`, {
      facts: { objective },
      hint: 'Leave class balance out, or learn the direction.',
    })
  assertInOrder(matrix.timesMs)
  if (!matrix.prices.some(isPrice))
    throw new InvalidInputError(`None of the matrix's ${matrix.rows} rows has a price.`, {
      facts: { rows: matrix.rows },
      hint: 'Build the matrix from events that carry prices of the traded instrument.',
    })
  const { endMs, endRow, forwardReturn } =
    label.kind === 'triple-barrier'
      ? labelTripleBarrier(matrix, label)
      : labelForwardReturn(matrix, label.horizonMs)
  const tradeSide = label.kind === 'nav-reversion' ? sideTowardsNav(matrix, nav) : null

  const targets = new Float32Array(matrix.rows).fill(Number.NaN)
  const labelReturn = new Float64Array(matrix.rows).fill(Number.NaN)
  const rows: number[] = []
  let unchanged = 0
  for (let row = 0; row < matrix.rows; row++) {
    const side = tradeSide === null ? 1 : (tradeSide[row] ?? 0)
    if ((endRow[row] ?? -1) < 0 || row < steps - 1 || side === 0) {
      endMs[row] = Number.NaN
      endRow[row] = -1
      forwardReturn[row] = Number.NaN
      continue
    }
    const made = side * (forwardReturn[row] ?? Number.NaN)
    rows.push(row)
    labelReturn[row] = made
    targets[row] = objective === 'return' ? made : made > 0 ? 1 : 0
    if (made === 0) unchanged++
  }
  const samples = { rows: Uint32Array.from(rows), targets, endRow }
  const weights = weighSamples({ ...samples, ...weighting })
  return { ...samples, timesMs: matrix.timesMs, endMs, forwardReturn, labelReturn, weights, unchanged }
}

/** 1 where a trade towards NAV buys, −1 where it sells, 0 where there is none to make. */
function sideTowardsNav({ rows, prices }: PriceRows, nav: Float64Array | undefined): Int8Array {
  if (nav === undefined || nav.length !== rows)
    throw new InvalidInputError(
      nav === undefined
        ? 'A label on reversion to NAV needs the NAV known at each row; there is none.'
        : `There are ${nav.length} NAVs for ${rows} rows.`,
      {
        facts: { rows, navs: nav?.length ?? null },
        hint: 'Pass `nav`, one value for each row of the matrix.',
      },
    )
  return Int8Array.from({ length: rows }, (_, row) => {
    const price = prices[row] ?? Number.NaN
    const value = nav[row] ?? Number.NaN
    return !isPrice(price) || !isPrice(value) || price === value ? 0 : price < value ? 1 : -1
  })
}

function assertInOrder(timesMs: Float64Array): void {
  for (let row = 0; row < timesMs.length; row++) {
    const before = timesMs[row - 1] ?? Number.NEGATIVE_INFINITY
    const time = timesMs[row] ?? Number.NaN
    if (time >= before) continue
    throw new InvalidInputError(
      `Row ${row} of the feature matrix is earlier than the row before it, or has no time.`,
      {
        facts: { row, timeMs: time, beforeMs: before },
        hint: 'Build the matrix from events in their total order.',
      },
    )
  }
}
