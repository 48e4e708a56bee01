import { assertSpans, assertWhole, type LabelSpans, type SampleSplit } from './labelSpans.ts'

/** What `walkForward` takes beside the spans; sizes in samples. */
export type WalkForwardOptions = {
  /** `anchored`: train on everything since the first sample; `rolling`: on the last `trainSamples`. */
  readonly mode: 'anchored' | 'rolling'
  /** Samples before the first test, purged ones included. */
  readonly trainSamples: number
  readonly testSamples: number
  /** Samples from one test to the next; `testSamples` unless given, so that each is tested once. */
  readonly stepSamples?: number
  /** Time before a test in which no training label may end. */
  readonly embargoMs: number
}

/**
 * Walk-forward splits (R. Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd ed. 2008): each
 * test follows its training samples in time. A training sample is purged when its label's span reaches the
 * start of the test; one whose label ends less than the embargo before it is left out too. The last test may
 * be shorter.
 *
 * @throws InvalidInputError naming the sample whose span is wrong, or the option that is.
 */
export function walkForward(spans: LabelSpans, options: WalkForwardOptions): readonly SampleSplit[] {
  const { mode, trainSamples, testSamples, stepSamples = testSamples, embargoMs } = options
  const { startMs, endMs } = spans
  const samples = startMs.length
  assertSpans(spans, embargoMs)
  assertWhole('training samples', trainSamples, 1, Math.max(samples - 1, 1))
  assertWhole('test samples', testSamples, 1, samples)
  assertWhole('samples a step', stepSamples, 1, samples)
  const splits: SampleSplit[] = []
  for (let from = trainSamples; from < samples; from += stepSamples) {
    const testStart = startMs[from] ?? 0
    const first = mode === 'anchored' ? 0 : from - trainSamples
    const train = new Uint32Array(from - first)
    let trained = 0
    let purged = 0
    let embargoed = 0
    for (let i = first; i < from; i++) {
      const end = endMs[i] ?? 0
      if (end >= testStart) purged++
      else if (end > testStart - embargoMs) embargoed++
      else train[trained++] = i
    }
    const to = Math.min(from + testSamples, samples)
    const test = Uint32Array.from({ length: to - from }, (_, i) => from + i)
    splits.push({ train: train.slice(0, trained), test, purged, embargoed })
  }
  return splits
}
