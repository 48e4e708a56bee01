import { InvalidInputError } from '../../core/index.ts'

/** The time that each sample's label looks at, [start, end] with both ends included; starts ascending. */
export type LabelSpans = {
  readonly startMs: Float64Array
  readonly endMs: Float64Array
}

/** Which samples train and which test, as indices into the spans, ascending. */
export type SampleSplit = {
  readonly train: Uint32Array
  readonly test: Uint32Array
  /** Samples left out because their label shares time with a test label. */
  readonly purged: number
  /** Further samples left out because they lie within the embargo. */
  readonly embargoed: number
}

/**
 * Refuses spans that no split can be made of.
 *
 * @throws InvalidInputError naming the first sample whose span is not finite, ends before it starts, or starts
 * before the sample before it.
 */
export function assertSpans({ startMs, endMs }: LabelSpans, embargoMs: number): void {
  if (startMs.length !== endMs.length)
    throw new InvalidInputError(`The samples have ${startMs.length} starts and ${endMs.length} ends.`, {
      facts: { starts: startMs.length, ends: endMs.length },
      hint: 'Pass two columns of one length.',
    })
  for (let i = 0; i < startMs.length; i++) {
    const start = startMs[i] ?? Number.NaN
    const end = endMs[i] ?? Number.NaN
    if (!Number.isFinite(start) || !Number.isFinite(end) || end < start || start < (startMs[i - 1] ?? start))
      throw new InvalidInputError(
        `Sample ${i} has a span that is not finite, ends before it starts, or starts before sample ${i - 1}.`,
        { facts: { index: i, start, end }, hint: 'Sort the samples by the start of their labels.' },
      )
  }
  if (!(embargoMs >= 0 && embargoMs < Number.POSITIVE_INFINITY))
    throw new InvalidInputError(`${embargoMs} is not an embargo in milliseconds.`, {
      facts: { embargoMs },
      hint: 'Pass 0 or more.',
    })
}

/** Refuses a number that is not whole or lies outside its range. */
export function assertWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new InvalidInputError(`${value} is no number of ${name} from ${least} to ${most}.`, {
      facts: { value, least, most },
      hint: `Pass a whole number of ${name} in this range.`,
    })
}
