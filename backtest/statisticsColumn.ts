import { formatInstant, InvalidInputError, type UnixMs } from '../core/index.ts'

/** A column of doubles: the one given where it is one already, so that loops see one kind of array. */
export function asColumn(values: ArrayLike<number | bigint>): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values, Number)
}

/** Two columns of one length: what was at which time. */
export type TimedColumn = { readonly timeMs: Float64Array; readonly values: Float64Array }

/**
 * Takes a series of values over time into columns.
 *
 * @throws InvalidInputError when it is ragged, naming the first point that is not finite or goes back in time.
 */
export function timedColumn(name: string, times: ArrayLike<number>, numbers: ArrayLike<number>): TimedColumn {
  const timeMs = asColumn(times)
  const values = asColumn(numbers)
  if (timeMs.length !== values.length)
    throw new InvalidInputError(`The ${name} have ${timeMs.length} times and ${values.length} values.`, {
      facts: { times: timeMs.length, values: values.length },
      hint: 'Pass two columns of one length.',
    })
  let before = 0
  for (let i = 0; i < timeMs.length; i++) {
    const time = timeMs[i] ?? 0
    const value = values[i] ?? 0
    // A value less itself is 0 unless it is infinite or no number.
    if (value - value !== 0 || !(time >= before))
      throw new InvalidInputError(`Point ${i} of the ${name} is not finite, or goes back in time.`, {
        facts: { index: i, timeMs: time, value },
        hint: 'Pass finite values in ascending order of time.',
      })
    before = time
  }
  return { timeMs, values }
}

/** What to throw when a series begins after the run that it is compared with. */
export function startsLate(name: string, first: number | undefined, needed: number): InvalidInputError {
  return new InvalidInputError(
    first === undefined
      ? `The ${name} are empty.`
      : `The ${name} begin at ${formatInstant(first as UnixMs)}, after the run, which begins at ${formatInstant(needed as UnixMs)}.`,
    {
      facts: { first: first ?? null, needed },
      hint: 'Pass a series that begins with the run or before it.',
    },
  )
}
