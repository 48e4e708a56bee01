import type { ReportSweep } from './reportInput.ts'

/** The points of one pair of values: their mean, and how many they are. */
export type SweepCell = { readonly mean: number; readonly count: number }

/** A sweep as a grid; the first row and the first column hold the least values. */
export type SweepGrid = {
  readonly xs: readonly string[]
  readonly ys: readonly string[]
  /** By row, then column; null where no point has a value. */
  readonly cells: readonly (readonly (SweepCell | null)[])[]
  /** Column and row of the run that is reported, when it lies in the grid. */
  readonly chosen: readonly [column: number, row: number] | null
}

/** More different values than this are put in as many ranges. */
const MOST_VALUES = 40
const RANGES = 24

/** Puts the points of a sweep in a grid: numbers ascending, other values in the order of their coming. */
export function sweepGrid({ points, chosen }: ReportSweep): SweepGrid {
  const across = gridAxis(points.map(({ x }) => x))
  const up = gridAxis(points.map(({ y }) => y))
  const sums = up.labels.map(() => across.labels.map(() => ({ sum: 0, count: 0 })))
  for (const { x, y, value } of points) {
    const cell = sums[up.indexOf(y)]?.[across.indexOf(x)]
    if (cell === undefined || value === null || !Number.isFinite(value)) continue
    cell.sum += value
    cell.count++
  }
  const [column, row] = chosen === undefined ? [-1, -1] : [across.indexOf(chosen.x), up.indexOf(chosen.y)]
  return {
    xs: across.labels,
    ys: up.labels,
    cells: sums.map(line =>
      line.map(({ sum, count }) => (count === 0 ? null : { mean: sum / count, count })),
    ),
    chosen: column < 0 || row < 0 ? null : [column, row],
  }
}

type GridAxis = { readonly labels: readonly string[]; indexOf(value: number | string): number }

function gridAxis(values: readonly (number | string)[]): GridAxis {
  const distinct = [...new Set(values)]
  const numbers = distinct.filter(value => typeof value === 'number')
  if (numbers.length < distinct.length)
    return { labels: distinct.map(String), indexOf: value => distinct.indexOf(value) }
  numbers.sort((a, b) => a - b)
  if (numbers.length <= MOST_VALUES)
    return { labels: numbers.map(numberText), indexOf: value => numbers.indexOf(Number(value)) }
  const low = numbers[0] ?? 0
  const width = ((numbers.at(-1) ?? 0) - low) / RANGES
  const isWhole = numbers.every(Number.isInteger)
  return {
    labels: Array.from({ length: RANGES }, (_, k) =>
      isWhole ? wholeRange(low, width, k) : numberText(low + (k + 0.5) * width),
    ),
    indexOf: value => Math.min(RANGES - 1, Math.max(0, Math.floor((Number(value) - low) / width))),
  }
}

/** The whole numbers that a range holds: more values than ranges, so that it holds some. */
function wholeRange(low: number, width: number, k: number): string {
  const first = Math.ceil(low + k * width)
  const last = k === RANGES - 1 ? low + RANGES * width : Math.ceil(low + (k + 1) * width) - 1
  return first >= last ? numberText(first) : `${numberText(first)}–${numberText(Math.round(last))}`
}

/** A parameter with at most four significant digits after those of its whole part. */
export const numberText = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
