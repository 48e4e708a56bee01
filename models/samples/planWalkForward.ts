import { InvalidInputError } from '../../core/index.ts'
import { assertEnoughRows, MIN_CHECKED_ROWS } from './assertFold.ts'
import { cutFold, type Fold, firstSampleAt, type SampleSpans, spansOf } from './fold.ts'

/** When labels begin and end, by row of the matrix; the end is NaN where a row is no sample. */
export type LabelTimes = {
  /** Ascending. */
  readonly timesMs: Float64Array
  readonly endMs: Float64Array
}

/** How the samples before a test are shared out, in the order of time; training takes what the others leave. */
export type LearningShares = {
  /** Share of the samples before the test that decide when to stop; `DEFAULT_VALIDATION_SHARE` unless given. */
  readonly validationShare?: number
  /** Share of the samples before the test that calibrate; `DEFAULT_CALIBRATION_SHARE` unless given. */
  readonly calibrationShare?: number
  /** Time left free between the end of a label and the next period, milliseconds. */
  readonly embargoMs: number
}

export type WalkForwardPlan = LearningShares & {
  /** `anchored`: learn from everything before a test; `rolling`: from as many samples as the first test had. */
  readonly mode: 'anchored' | 'rolling'
  /** Share of the samples that lie before the first test. */
  readonly firstShare: number
  /** How often to train anew: so many tests of like size, or a test for each so many milliseconds. */
  readonly retrain: { readonly folds: number } | { readonly everyMs: number }
}

/** As much of the history before a test as decides well when to stop, without starving what is fitted. */
export const DEFAULT_VALIDATION_SHARE = 0.15
/** As `DEFAULT_VALIDATION_SHARE`, for turning scores to probabilities. */
export const DEFAULT_CALIBRATION_SHARE = 0.15

/** Each fold trains a model; more than this are not meant. */
const MOST_FOLDS = 10_000

/**
 * Plans walk-forward training (R. Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd ed. 2008):
 * tests that follow each other without overlap up to the last sample, each with the periods before it to learn from,
 * purged and embargoed. Rows of one instant are never divided. A period of `everyMs` with fewer than
 * `MIN_CHECKED_ROWS` samples belongs to the test before it.
 *
 * @throws InvalidInputError when an option is out of range, times are not ascending, or a set has too few rows.
 */
export function planWalkForward(times: LabelTimes, plan: WalkForwardPlan): readonly Fold[] {
  const { mode, firstShare, retrain } = plan
  const spans = checkedSpans(times, plan)
  assertShare('before the first test', firstShare)
  const samples = spans.rows.length
  const first = Math.floor(samples * firstShare)
  const starts =
    'folds' in retrain ? equalTests(spans, first, retrain.folds) : regularTests(spans, first, retrain.everyMs)
  const history = firstSampleAt(spans, starts[0] ?? 0)
  return starts.map((testMs, index) => {
    const test = firstSampleAt(spans, testMs)
    const fold = foldBefore(spans, {
      from: mode === 'anchored' ? 0 : test - history,
      testMs,
      toMs: starts[index + 1] ?? endOf(spans),
      plan,
    })
    assertEnoughRows(`Fold ${index + 1} of ${starts.length}`, fold)
    return fold
  })
}

/**
 * Plans one training and its test: the last samples test, the ones before them are learnt from, purged and
 * embargoed.
 *
 * @param plan `trainShare` of the samples lie before the test.
 * @throws InvalidInputError as `planWalkForward`.
 */
export function planSplit(
  times: LabelTimes,
  { trainShare, ...plan }: LearningShares & { readonly trainShare: number },
): Fold {
  const [fold] = planWalkForward(times, {
    ...plan,
    mode: 'anchored',
    firstShare: trainShare,
    retrain: { folds: 1 },
  })
  if (fold === undefined)
    throw new InvalidInputError('There are no samples to split.', { hint: 'Use a longer history.' })
  return fold
}

function foldBefore(
  spans: SampleSpans,
  {
    from,
    testMs,
    toMs,
    plan: {
      validationShare = DEFAULT_VALIDATION_SHARE,
      calibrationShare = DEFAULT_CALIBRATION_SHARE,
      embargoMs,
    },
  }: { readonly from: number; readonly testMs: number; readonly toMs: number; readonly plan: LearningShares },
): Fold {
  const before = firstSampleAt(spans, testMs) - from
  const calibrationFrom = from + before - Math.floor(before * calibrationShare)
  const validationFrom = calibrationFrom - Math.floor(before * validationShare)
  const startOf = (sample: number) => Math.min(spans.startMs[sample] ?? testMs, testMs)
  const bounds = [startOf(from), startOf(validationFrom), startOf(calibrationFrom), testMs, toMs] as const
  return cutFold(spans, bounds, embargoMs)
}

/** Starts of tests with as equal numbers of samples as they can have. */
function equalTests(spans: SampleSpans, first: number, folds: number): number[] {
  assertWhole('folds', folds, MOST_FOLDS)
  const tested = spans.rows.length - first
  const starts = Array.from(
    { length: folds },
    (_, fold) => spans.startMs[first + Math.floor((fold * tested) / folds)] ?? 0,
  )
  if (new Set(starts).size < folds)
    throw new InvalidInputError(
      `${tested} samples after the first training are too few for ${folds} folds.`,
      {
        facts: { samples: tested, folds },
        hint: 'Use a longer history or fewer folds.',
      },
    )
  return starts
}

/** Starts of tests at regular times from the first one on; a period with too few samples joins the one before. */
function regularTests(spans: SampleSpans, first: number, everyMs: number): number[] {
  assertWhole('milliseconds between trainings', everyMs, Number.MAX_SAFE_INTEGER)
  const samples = spans.rows.length
  const starts: number[] = []
  const firstMs = spans.startMs[first] ?? 0
  let testFrom = first
  for (let sample = first; sample < samples; ) {
    const startMs = firstMs + Math.floor(((spans.startMs[sample] ?? 0) - firstMs) / everyMs) * everyMs
    if (
      starts.length === 0 ||
      (sample - testFrom >= MIN_CHECKED_ROWS && samples - sample >= MIN_CHECKED_ROWS)
    ) {
      starts.push(startMs)
      testFrom = sample
    }
    assertWhole('folds', Math.max(starts.length, 1), MOST_FOLDS)
    sample = firstSampleAt(spans, startMs + everyMs)
  }
  return starts.length > 0 ? starts : [firstMs]
}

/** First instant after the last sample. */
function endOf({ startMs }: SampleSpans): number {
  return (startMs.at(-1) ?? 0) + 1
}

function checkedSpans(times: LabelTimes, shares: LearningShares): SampleSpans {
  const {
    validationShare = DEFAULT_VALIDATION_SHARE,
    calibrationShare = DEFAULT_CALIBRATION_SHARE,
    embargoMs,
  } = shares
  const spans = spansOf(times)
  for (let sample = 0; sample < spans.rows.length; sample++) {
    const startMs = spans.startMs[sample] ?? Number.NaN
    const endMs = spans.endMs[sample] ?? Number.NaN
    if (startMs >= (spans.startMs[sample - 1] ?? Number.NEGATIVE_INFINITY) && endMs >= startMs) continue
    const row = spans.rows[sample] ?? 0
    throw new InvalidInputError(
      `The label of row ${row} ends before it begins, or begins before the one before.`,
      {
        facts: { row, startMs, endMs },
        hint: 'Give the rows in the order of time.',
      },
    )
  }
  const taken = validationShare + calibrationShare
  if (!(validationShare >= 0 && calibrationShare >= 0 && taken < 1))
    throw new InvalidInputError(
      `Shares of ${validationShare} to validate and ${calibrationShare} to calibrate leave nothing to train on.`,
      {
        facts: { validationShare, calibrationShare },
        hint: 'Pass shares of 0 or more that sum to less than 1.',
      },
    )
  if (!(embargoMs >= 0 && embargoMs < Number.POSITIVE_INFINITY))
    throw new InvalidInputError(`${embargoMs} is not an embargo in milliseconds.`, {
      facts: { embargoMs },
      hint: 'Pass 0 or more.',
    })
  return spans
}

function assertShare(what: string, share: number): void {
  if (!(share > 0 && share < 1))
    throw new InvalidInputError(`A share of ${share} of the samples ${what} is not between 0 and 1.`, {
      facts: { share },
      hint: 'Pass a share above 0 and below 1, such as 0.5.',
    })
}

function assertWhole(what: string, value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw new InvalidInputError(`${value} is no number of ${what} from 1 to ${most}.`, {
      facts: { value, most },
      hint: 'Pass a whole number in this range.',
    })
}
