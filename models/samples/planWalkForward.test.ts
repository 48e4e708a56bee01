import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidInputError } from '../../core/index.ts'
import { assertBothClasses, assertFeaturesVary } from './assertFold.ts'
import { cutFold, FOLD_SETS, type Fold, spansOf } from './fold.ts'
import { planSplit, planWalkForward, type WalkForwardPlan } from './planWalkForward.ts'

const regular = (rows: number, lengthMs: number) => {
  const timesMs = Float64Array.from({ length: rows }, (_, row) => row * 10)
  return { timesMs, endMs: timesMs.map(time => (time + lengthMs < rows * 10 ? time + lengthMs : Number.NaN)) }
}

/** Labels at uneven times, of random lengths, some rows without one. */
const labels = fc
  .array(fc.record({ step: fc.nat(3), length: fc.nat(15), labelled: fc.integer({ min: 0, max: 9 }) }), {
    minLength: 250,
    maxLength: 600,
  })
  .map(given => {
    let clock = 0
    const timesMs = Float64Array.from(given, ({ step }) => {
      clock += step
      return clock
    })
    const endMs = timesMs.map((time, row) =>
      given[row]!.labelled > 0 ? time + given[row]!.length : Number.NaN,
    )
    return { timesMs, endMs }
  })
const plans: fc.Arbitrary<WalkForwardPlan> = fc.record({
  mode: fc.constantFrom('anchored', 'rolling'),
  firstShare: fc.double({ min: 0.4, max: 0.8, noNaN: true }),
  retrain: fc.oneof(
    fc.record({ folds: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ everyMs: fc.integer({ min: 30, max: 300 }) }),
  ),
  validationShare: fc.constantFrom(0, 0.2),
  calibrationShare: fc.constantFrom(0, 0.2),
  embargoMs: fc.nat(10),
})

/** The plan, or null where there are too few rows for it. */
function planned(
  times: Parameters<typeof planWalkForward>[0],
  plan: WalkForwardPlan,
): readonly Fold[] | null {
  try {
    return planWalkForward(times, plan)
  } catch (error) {
    if (error instanceof InvalidInputError) return null
    throw error
  }
}

describe('planWalkForward', () => {
  test('lets no set touch a later one, nor its embargo', { timeout: 120_000 }, () => {
    let plannedOnes = 0
    fc.assert(
      fc.property(labels, plans, (times, plan) => {
        const folds = planned(times, plan)
        if (folds === null) return
        plannedOnes++
        for (const fold of folds)
          FOLD_SETS.forEach((name, order) => {
            for (const later of FOLD_SETS.slice(order + 1)) {
              const laterFrom = Math.min(...fold[later].rows.map(row => times.timesMs[row]!))
              const latest = (of: Float64Array) => Math.max(...fold[name].rows.map(row => of[row]!))
              expect(latest(times.timesMs)).toBeLessThan(laterFrom)
              expect(latest(times.endMs)).toBeLessThan(laterFrom)
              expect(latest(times.endMs) + plan.embargoMs).toBeLessThanOrEqual(laterFrom)
            }
          })
      }),
      { numRuns: 200 },
    )
    expect(plannedOnes).toBeGreaterThan(50)
  })

  test('tests every sample after the first training once, in order', () => {
    fc.assert(
      fc.property(labels, plans, (times, plan) => {
        const folds = planned(times, plan)
        if (folds === null) return
        const tested = folds.flatMap(fold => [...fold.test.rows])
        const fromMs = folds[0]!.test.fromMs
        const expected = [...spansOf(times).rows].filter(row => times.timesMs[row]! >= fromMs)
        expect(tested).toEqual(expected)
        folds.slice(1).forEach((fold, index) => {
          expect(fold.test.fromMs).toBe(folds[index]!.test.toMs)
        })
      }),
      { numRuns: 200 },
    )
  })

  test('leaves out of a period only what it purges and embargoes, and counts it', () => {
    fc.assert(
      fc.property(labels, plans, (times, plan) => {
        for (const fold of planned(times, plan) ?? [])
          for (const name of FOLD_SETS) {
            const { rows, fromMs, toMs, purged, embargoed } = fold[name]
            const within = [...spansOf(times).rows].filter(
              row => times.timesMs[row]! >= fromMs && times.timesMs[row]! < toMs,
            )
            expect(rows.length + purged + embargoed).toBe(within.length)
            if (name === 'test') expect(purged + embargoed).toBe(0)
            else expect(within.filter(row => times.endMs[row]! >= toMs)).toHaveLength(purged)
          }
      }),
      { numRuns: 100 },
    )
  })

  test('cuts the periods where it is told to', () => {
    // 1,000 samples of length 20 at steps of 10: two of each period are purged, and with 15 of embargo one more goes.
    const times = regular(1_002, 20)
    const [fold, second, ...rest] = planWalkForward(times, {
      mode: 'anchored',
      firstShare: 0.5,
      retrain: { folds: 2 },
      validationShare: 0.1,
      calibrationShare: 0.2,
      embargoMs: 15,
    })
    expect(rest).toEqual([])
    const summary = ({ rows, fromMs, toMs, purged, embargoed }: Fold['train']) => ({
      first: rows[0],
      last: rows.at(-1),
      fromMs,
      toMs,
      purged,
      embargoed,
    })
    expect(summary(fold!.train)).toEqual({
      first: 0,
      last: 346,
      fromMs: 0,
      toMs: 3_500,
      purged: 2,
      embargoed: 1,
    })
    expect(summary(fold!.validation)).toEqual({
      first: 350,
      last: 396,
      fromMs: 3_500,
      toMs: 4_000,
      purged: 2,
      embargoed: 1,
    })
    expect(summary(fold!.calibration)).toEqual({
      first: 400,
      last: 496,
      fromMs: 4_000,
      toMs: 5_000,
      purged: 2,
      embargoed: 1,
    })
    expect(summary(fold!.test)).toEqual({
      first: 500,
      last: 749,
      fromMs: 5_000,
      toMs: 7_500,
      purged: 0,
      embargoed: 0,
    })
    expect(summary(second!.test)).toEqual({
      first: 750,
      last: 999,
      fromMs: 7_500,
      toMs: 9_991,
      purged: 0,
      embargoed: 0,
    })
    expect(second!.train.fromMs).toBe(0)
  })

  test('rolls the start of the training on with the test', () => {
    const times = regular(1_001, 10)
    const plan = { firstShare: 0.4, validationShare: 0, calibrationShare: 0, embargoMs: 0 } as const
    const rolling = planWalkForward(times, { ...plan, mode: 'rolling', retrain: { folds: 3 } })
    expect(rolling.map(({ train, test: { fromMs } }) => [train.fromMs, train.toMs, fromMs])).toEqual([
      [0, 4_000, 4_000],
      [2_000, 6_000, 6_000],
      [4_000, 8_000, 8_000],
    ])
    const anchored = planWalkForward(times, { ...plan, mode: 'anchored', retrain: { folds: 3 } })
    expect(anchored.map(({ train }) => train.fromMs)).toEqual([0, 0, 0])
  })

  test('trains anew at regular times, and joins a short period to the one before', () => {
    // Tests from 4,000; a night without rows from 6,000 to 9,000; the last period has five rows.
    const timesMs = Float64Array.from([
      ...Array.from({ length: 600 }, (_, row) => row * 10),
      ...Array.from({ length: 305 }, (_, row) => 9_000 + row * 10),
    ])
    const folds = planWalkForward(
      { timesMs, endMs: timesMs.map(time => time + 1) },
      { mode: 'anchored', firstShare: 400 / 905, retrain: { everyMs: 1_000 }, embargoMs: 0 },
    )
    expect(folds.map(fold => [fold.test.fromMs, fold.test.rows.length])).toEqual([
      [4_000, 100],
      [5_000, 100],
      [9_000, 100],
      [10_000, 100],
      [11_000, 105],
    ])
  })

  test('does not divide an instant', () => {
    const timesMs = Float64Array.from({ length: 300 }, (_, row) => Math.floor(row / 7) * 10)
    const folds = planWalkForward(
      { timesMs, endMs: timesMs },
      { mode: 'anchored', firstShare: 0.5, retrain: { folds: 3 }, embargoMs: 0 },
    )
    for (const fold of folds)
      for (const name of FOLD_SETS)
        expect(timesMs[fold[name].rows[0]! - 1] ?? -1).toBeLessThan(fold[name].fromMs)
  })

  test('says which set has too few rows, and what else is wrong', () => {
    const plan = { mode: 'anchored', firstShare: 0.5, retrain: { folds: 4 }, embargoMs: 0 } as const
    expect(() => planWalkForward(regular(60, 10), plan)).toThrow(
      'Fold 1 of 4 has 20 train rows, 1 purged and 0 embargoed; it needs 32.',
    )
    expect(() => planWalkForward(regular(0, 10), plan)).toThrow(InvalidInputError)
    expect(() => planWalkForward(regular(10, 10), { ...plan, retrain: { folds: 9 } })).toThrow(
      '5 samples after the first training are too few for 9 folds.',
    )
    expect(() => planWalkForward(regular(100, 10), { ...plan, firstShare: 1 })).toThrow('not between 0 and 1')
    expect(() =>
      planWalkForward(regular(100, 10), { ...plan, validationShare: 0.6, calibrationShare: 0.4 }),
    ).toThrow('leave nothing to train on')
    expect(() => planWalkForward(regular(100, 10), { ...plan, embargoMs: -1 })).toThrow(
      '-1 is not an embargo',
    )
    expect(() => planWalkForward(regular(100, 10), { ...plan, retrain: { everyMs: 0.5 } })).toThrow(
      InvalidInputError,
    )
    expect(() =>
      planWalkForward({ timesMs: Float64Array.of(5, 1), endMs: Float64Array.of(5, 5) }, plan),
    ).toThrow('The label of row 1 ends before it begins, or begins before the one before.')
  })
})

describe('planSplit', () => {
  test('is one fold whose test is the rest', () => {
    const fold = planSplit(regular(1_001, 10), { trainShare: 0.7, embargoMs: 0, calibrationShare: 0 })
    expect(fold.test.rows).toHaveLength(300)
    expect(fold.calibration.rows).toHaveLength(0)
    expect(fold.validation.rows).toHaveLength(104)
    expect(fold.train.rows).toHaveLength(594)
  })
})

describe('checks of a fold', () => {
  const times = regular(200, 1)
  const fold = cutFold(spansOf(times), [0, 500, 1_000, 1_500, 2_000], 0)

  test('a class without samples is named with its set', () => {
    const targets = Float32Array.from({ length: 200 }, (_, row) => (row >= 50 && row < 100 ? 1 : row % 2))
    expect(() => assertBothClasses('Fold 1', fold, targets)).toThrow(
      'None of the 50 validation rows of Fold 1 has the target 0',
    )
    // The test may have one class: nothing is learnt from it.
    assertBothClasses(
      'Fold 1',
      fold,
      Float32Array.from({ length: 200 }, (_, row) => (row >= 150 ? 1 : row % 2)),
    )
  })

  test('features that are missing or never vary over the training rows are named', () => {
    const names = ['alive', 'gone', 'still', 'late']
    const values = new Float32Array(800)
    for (let row = 0; row < 200; row++) values.set([row, Number.NaN, 5, row < 50 ? 1 : row], row * 4)
    expect(() => assertFeaturesVary({ values, names }, fold.train.rows)).toThrow(
      'Over the 50 training rows, feature "gone" has no value, and "still", "late" never varies.',
    )
    const one = { values: values.filter((_, place) => place % 4 === 0), names: ['alive'] }
    assertFeaturesVary(one, fold.train.rows)
  })
})
