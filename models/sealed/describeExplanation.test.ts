import { expect, test } from 'vitest'
import { SCORE_ONE } from '../../core/index.ts'
import { describeExplanation, type ExplainedPrediction } from './describeExplanation.ts'

/** Contributions in units of 1 to features a, b, c, …; the first of ten background rows has each input at 0. */
function prediction(
  contributions: readonly number[],
  change: Partial<ExplainedPrediction> & { base?: number; error?: number } = {},
): ExplainedPrediction {
  const { base = 0.02, error = 0, ...fields } = change
  const whole = Float64Array.from(contributions, value => Math.round(value * SCORE_ONE))
  const start = Math.round(base * SCORE_ONE)
  const columns = contributions.length
  return {
    explanation: {
      score: whole.reduce((sum, value) => sum + value, start),
      base: start,
      contributions: whole,
      standardErrors: new Float64Array(columns).fill(error * SCORE_ONE),
    },
    objective: 'direction',
    features: [...'abcdefghij'].slice(0, columns),
    probabilityPpm: 572_000,
    // Ten rows with 0 to 9 in every column.
    inputs: Int16Array.from({ length: columns }, (_, column) => [9, 0, 5, 8][column] ?? 4),
    background: Int16Array.from({ length: 10 * columns }, (_, at) => Math.floor(at / columns)),
    ...fields,
  }
}

test('what drove a prediction, and what was against it', () => {
  expect(describeExplanation(prediction([0.21, 0.11, -0.05]))).toBe(
    'Up, 57.2 %: a score of +0.29 log-odds, 0.27 above the usual +0.02. ' +
      'a was high (+0.21) and b was low (+0.11); against it, c was middling (-0.05).',
  )
})

test('a fall, the features that are not named, and the error of sampling', () => {
  const text = describeExplanation(
    prediction([-0.5, -0.2, 0.1, -0.02, 0.01], { probabilityPpm: 400_000, error: 0.004 }),
  )
  expect(text).toBe(
    'Down, 60.0 %: a score of -0.59 log-odds, 0.61 below the usual +0.02. ' +
      'a was high (-0.50) and b was low (-0.20); against it, c was middling (+0.10). ' +
      'The 2 other features added -0.01. Contributions are sampled: their standard errors are at most 0.004.',
  )
})

test('a score as usual', () => {
  expect(describeExplanation(prediction([0, 0], { base: -0.1, probabilityPpm: 500_000 }))).toBe(
    'Undecided, 50.0 %: a score of -0.10 log-odds, as usual.',
  )
})

test('at most three features on a side, the largest first; deviations for returns', () => {
  const text = describeExplanation(prediction([0.1, 0.2, 0.3, 0.4], { objective: 'return', base: 0 }))
  expect(text).toBe(
    'Up, 57.2 %: a score of +1.00 standard deviations, 1.00 above the usual +0.00. ' +
      'd was high (+0.40), c was middling (+0.30) and b was low (+0.20). The other feature added +0.10.',
  )
})

test('without background rows nothing is called high or low', () => {
  expect(describeExplanation(prediction([0.2], { background: new Int16Array(0), base: 0 }))).toBe(
    'Up, 57.2 %: a score of +0.20 log-odds, 0.20 above the usual +0.00. a counted (+0.20).',
  )
})
