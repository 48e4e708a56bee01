import { formatInstant, InvalidInputError, unixMs } from '../../core/index.ts'
import { malformedRow } from '../feeds/readFeedFile.ts'

/** Times of a file's rows, with the lines that they stand in. */
export type BarTimes = {
  readonly file: string
  readonly times: readonly number[]
  readonly lines: readonly number[]
}

/** Bars that a file lacks between two others: week-ends and holidays of a market, or data that are missing. */
export type BarGaps = {
  /** Places at which bars are missing. */
  readonly count: number
  /** Bars missing in all. */
  readonly missing: number
  readonly longest: { readonly missing: number /** Line of the bar after it. */; readonly line: number }
}

/** Consecutive bars of one other distance that are bars of another length, and no gaps. */
const OTHER_LENGTH_BARS = 24
const ONE_LENGTH =
  'The bars of a file have one length: remove the line, split the file, or say how long a bar is (`periodMs`).'

/**
 * Refuses times that do not rise from row to row.
 *
 * @throws InvalidInputError naming file and line.
 */
export function assertRising({ file, times, lines }: BarTimes): void {
  for (let row = 1; row < times.length; row++) {
    const [time = 0, before = 0, line = 0] = [times[row], times[row - 1], lines[row]]
    if (time === before)
      throw malformedRow(
        file,
        line,
        `it has the time of line ${lines[row - 1]}, ${at(time)}`,
        'Remove one of the two lines.',
      )
    if (time < before)
      throw malformedRow(
        file,
        line,
        `its time, ${at(time)}, is before that of line ${lines[row - 1]}, ${at(before)}`,
        'Sort the rows by time, the oldest first.',
      )
  }
}

/**
 * How long the bars of a file are: the commonest distance of two, of several equally common the shortest.
 *
 * @throws InvalidInputError when there are fewer than two.
 */
export function inferPeriod({ file, times }: BarTimes): number {
  const counts = new Map<number, number>()
  for (let row = 1; row < times.length; row++) {
    const step = (times[row] ?? 0) - (times[row - 1] ?? 0)
    counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  let [period, most] = [0, 0]
  for (const [step, count] of counts)
    if (count > most || (count === most && step < period)) [period, most] = [step, count]
  if (most > 0) return period
  throw new InvalidInputError(`${file} has too few rows to tell how long its bars are.`, {
    facts: { file, rows: times.length },
    hint: 'Say how long a bar is (`periodMs`).',
  })
}

/**
 * Counts the bars that are missing between others.
 *
 * @param inferred True where the period was inferred, so that a stretch of another one is an error.
 * @throws InvalidInputError naming file and line where bars overlap, are of another length, or more are missing
 * than may be.
 */
export function countGaps(
  { file, times, lines }: BarTimes,
  {
    periodMs,
    inferred,
    maxGapBars,
  }: { readonly periodMs: number; readonly inferred: boolean; readonly maxGapBars: number },
): BarGaps {
  let [count, missing, longest, longestLine] = [0, 0, 0, 0]
  let [stretch, stretchStep] = [0, periodMs]
  for (let row = 1; row < times.length; row++) {
    const [time = 0, before = 0, line = 0] = [times[row], times[row - 1], lines[row]]
    const step = time - before
    stretch = step === stretchStep ? stretch + 1 : 1
    stretchStep = step
    if (step === periodMs) continue
    const lost = Math.floor(step / periodMs) - 1
    // After a longer break the bars of a market may begin at another minute.
    if (lost <= 0)
      throw malformedRow(
        file,
        line,
        `it begins ${durationText(step)} after line ${lines[row - 1]}, and bars are ${durationText(periodMs)} long`,
        ONE_LENGTH,
      )
    if (inferred && stretch === OTHER_LENGTH_BARS)
      throw malformedRow(
        file,
        lines[row - OTHER_LENGTH_BARS + 1] ?? line,
        `from here on bars are ${durationText(step)} apart, and elsewhere ${durationText(periodMs)}`,
        ONE_LENGTH,
      )
    if (lost > maxGapBars)
      throw new InvalidInputError(
        `${file} line ${line}: ${lost} bars are missing before it, from ${at(before + periodMs)} to ${at(time)}; at most ${maxGapBars} may be.`,
        {
          facts: { file, line, missing: lost, maxGapBars },
          hint: 'Add them, or raise `maxGapBars`; without it, gaps are counted and let through.',
        },
      )
    count++
    missing += lost
    if (lost > longest) [longest, longestLine] = [lost, line]
  }
  return { count, missing, longest: { missing: longest, line: longestLine } }
}

const at = (time: number): string => formatInstant(unixMs(time))

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
  [1, 'ms'],
] as const

/** A duration in its units, such as `1h 30m`. */
function durationText(ms: number): string {
  let rest = ms
  const parts: string[] = []
  for (const [unit, name] of UNITS) {
    const whole = Math.floor(rest / unit)
    if (whole > 0) parts.push(`${whole}${name}`)
    rest -= whole * unit
  }
  return parts.join(' ')
}
