import { describe, expect, test } from 'vitest'
import type { Fit } from '../fit.ts'
import { checkFits } from './checkFits.ts'
import { mlp, randomFit, tcn } from './randomFit.fixture.ts'

describe('refused', () => {
  const fit = randomFit({ learner: mlp([4]), columns: 3, rows: 40 })
  const withSet = (change: Partial<Fit['set']>) => ({ ...fit, set: { ...fit.set, ...change } })
  const changed = (values: Float32Array, row: number, value: number) => values.with(row, value)

  test.each([
    ['no rows', { ...fit, train: new Uint32Array() }, 'Fit 0 has no rows to fit to.'],
    [
      'a row outside',
      { ...fit, train: Uint32Array.of(1, 40) },
      'Row 40 of fit 0 is not among the 40 of its set.',
    ],
    [
      'a validation row outside',
      { ...fit, validation: Uint32Array.of(41) },
      'Row 41 of fit 0 is not among the 40 of its set.',
    ],
    [
      'a window that begins too early',
      { ...fit, learner: tcn(4) },
      'Row 0 of fit 0 has 0 rows before it; a window of 10 steps needs 9.',
    ],
    [
      'no label',
      withSet({ targets: changed(fit.set.targets, 2, Number.NaN) }),
      'Row 2 of fit 0 has the target NaN.',
    ],
    [
      'a direction that is none',
      withSet({ targets: changed(fit.set.targets, 2, 0.5) }),
      'Row 2 of fit 0 has the target 0.5.',
    ],
    ['no weight', withSet({ weights: changed(fit.set.weights, 3, 0) }), 'Row 3 of fit 0 has the weight 0.'],
    [
      'one class',
      withSet({ targets: new Float32Array(40) }),
      'All 40 rows that fit 0 is to learn from do not rise: the other class has none.',
    ],
    [
      'a set that does not go together',
      withSet({ targets: new Float32Array(39) }),
      'The training set of fit 0 has 120 values in 3 columns, 39 targets and 40 weights.',
    ],
    [
      'a scaler of other features',
      { ...fit, scaler: { mean: new Float32Array(2), std: new Float32Array(2) } },
      'The scaler of fit 0 is of 2 features, its set of 3.',
    ],
    ['a seed', { ...fit, seed: 0.5 }, 'The seed 0.5 of fit 0 is not an unsigned 32-bit integer.'],
  ])('%s', (_, broken, message) => {
    expect(() => checkFits([broken])).toThrow(message)
  })

  test('the second of two fits', () => {
    expect(() => checkFits([fit, { ...fit, train: new Uint32Array() }])).toThrow(
      'Fit 1 has no rows to fit to.',
    )
  })
})

test('what can be trained on passes', () => {
  const learner = tcn(4)
  expect(() => checkFits([randomFit({ learner, columns: 3, rows: 30, validationShare: 0.3 })])).not.toThrow()
})
