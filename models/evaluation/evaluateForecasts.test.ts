import { describe, expect, test } from 'vitest'
import { exactExp, gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import { measure, rankCorrelation } from '../metrics.ts'
import { assertBothClasses, assertFeaturesVary } from '../samples/assertFold.ts'
import { makeSamples } from '../samples/makeSamples.ts'
import { planWalkForward } from '../samples/planWalkForward.ts'
import { fitScaler } from '../scaler.ts'
import { fitLogistic, fitMajority, fitMomentum } from './baselines.ts'
import { evaluateForecasts, evaluateWalkForward, type WalkForwardEvaluation } from './evaluateForecasts.ts'
import { foldCorrelation } from './foldRanks.ts'
import { forecastsOf } from './forecastsOf.ts'
import type { Forecasts } from './metricEvidence.ts'

const STEP_MS = 60_000
const HORIZON_MS = 5 * STEP_MS
const COLUMNS = 3

/** Rows whose next price step follows their first feature by `strength`. */
function market(rows: number, strength: number, seed: number) {
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: rows * COLUMNS }, () => gaussian(random))
  const prices = new Float64Array(rows)
  let price = 2_000
  for (let row = 0; row < rows; row++) {
    prices[row] = price
    price *= exactExp(0.001 * (strength * values[row * COLUMNS]! + gaussian(random)))
  }
  return { rows, values, prices, timesMs: Float64Array.from({ length: rows }, (_, row) => row * STEP_MS) }
}

/** Logistic regression as the model, walked forward over three tests. */
async function walkForward(rows: number, strength: number, seed: number): Promise<WalkForwardEvaluation> {
  const matrix = market(rows, strength, seed)
  const samples = makeSamples(matrix, {
    label: { kind: 'forward-return', horizonMs: HORIZON_MS },
    objective: 'direction',
  })
  const plan = planWalkForward(samples, {
    mode: 'anchored',
    firstShare: 0.4,
    retrain: { folds: 3 },
    validationShare: 0,
    calibrationShare: 0,
    embargoMs: STEP_MS,
  })
  const { values } = matrix
  const folds: Forecasts[] = []
  for (const fold of plan) {
    const train = fold.train.rows
    const test = fold.test.rows
    assertBothClasses('A fold', fold, samples.targets)
    assertFeaturesVary({ values, names: ['a', 'b', 'c'] }, train)
    const learnt = { targets: samples.targets, train }
    const model = await fitLogistic({
      values,
      columns: COLUMNS,
      scaler: fitScaler(values, COLUMNS, train),
      ...learnt,
    })
    folds.push(
      forecastsOf(samples, {
        rows: test,
        probabilities: model(test),
        baselines: {
          majority: fitMajority(learnt),
          momentum: fitMomentum(matrix, { ...learnt, lookbackMs: HORIZON_MS }),
        },
      }),
    )
  }
  return evaluateWalkForward(folds, { random: seededRandom(seed + 1e6), resamples: 300 })
}

describe('evaluateWalkForward', () => {
  test('finds a planted signal within its interval, and ahead of the baselines', {
    timeout: 120_000,
  }, async () => {
    const strength = 0.4
    const { overall, folds, evidence } = await walkForward(6_000, strength, 1)
    // One of five steps follows the feature: Pearson's strength / √(strength² + 1) / √5, ranks as of normals.
    const pearson = strength / Math.sqrt(strength * strength + 1) / Math.sqrt(5)
    const truth = (6 / Math.PI) * Math.asin(pearson / 2)
    const interval = evidence.model.informationCoefficient!
    expect(interval.low).toBeLessThan(truth)
    expect(interval.high).toBeGreaterThan(truth)
    expect(interval.low).toBeGreaterThan(0)
    expect(evidence.informationCoefficientPValue!).toBeLessThan(0.01)
    expect(evidence.against['majority']!.logLoss!.high).toBeLessThan(0)
    expect(evidence.against['momentum']!.logLoss!.high).toBeLessThan(0)
    expect(evidence.against['majority']!.accuracy!.low).toBeGreaterThan(0)
    expect(overall.model.brierParts.resolution).toBeGreaterThan(
      overall.baselines['majority']!.brierParts.resolution,
    )
    expect(interval.estimate).toBeCloseTo(overall.model.informationCoefficient!, 12)
    expect(overall.model.informationCoefficient).toBeCloseTo(
      folds.reduce((sum, fold) => sum + (fold.rows / overall.rows) * fold.model.informationCoefficient!, 0),
      12,
    )
    expect(overall.baselines['majority']!.informationCoefficient).toBeNull()
    expect(folds.map(fold => fold.rows).reduce((a, b) => a + b)).toBe(overall.rows)
    expect(overall.rows).toBe(5_995 - Math.floor(5_995 * 0.4))
  })

  test('finds nothing in noise, on 100 seeds', { timeout: 60_000 }, async () => {
    let claimed = 0
    let significant = 0
    let better = 0
    let sum = 0
    for (let seed = 1_000; seed < 1_100; seed++) {
      const { evidence } = await walkForward(1_200, 0, seed)
      const { estimate, low, high } = evidence.model.informationCoefficient!
      sum += estimate
      if (low > 0) claimed++
      if (low > 0 || high < 0) significant++
      if (evidence.against['majority']!.logLoss!.high < 0) better++
    }
    // Skill is claimed where the interval lies above 0: 2.5 of 100 expected. Zero lies outside on either side in 5.
    expect(claimed).toBeLessThanOrEqual(5)
    expect(significant).toBeLessThanOrEqual(5)
    expect(better).toBeLessThanOrEqual(5)
    // Three standard errors of 0.004; ranks over all folds instead of within them would lower the mean by 0.03.
    expect(Math.abs(sum / 100)).toBeLessThan(0.012)
  })

  test('refuses folds out of order or with other baselines', () => {
    const fold: Forecasts = {
      startMs: Float64Array.of(0, 1),
      endMs: Float64Array.of(1, 2),
      probabilities: Float64Array.of(0.4, 0.6),
      outcomes: Uint8Array.of(0, 1),
      returns: Float64Array.of(-1, 1),
      baselines: {},
    }
    const options = { random: seededRandom(1), resamples: 10 }
    expect(() => evaluateWalkForward([fold, fold], options)).toThrow('The forecasts of fold 2 begin before')
    const later = { ...fold, startMs: Float64Array.of(5, 6), endMs: Float64Array.of(6, 7) }
    expect(() =>
      evaluateWalkForward([fold, { ...later, baselines: { other: fold.probabilities } }], options),
    ).toThrow('Fold 2 has other baselines than fold 1.')
    expect(() => evaluateWalkForward([], options)).toThrow('There are no forecasts to score.')
  })
})

describe('evaluateForecasts', () => {
  const forecasts: Forecasts = {
    startMs: Float64Array.of(10, 20, 30, 40),
    endMs: Float64Array.of(20, 30, 40, 50),
    probabilities: Float64Array.of(0.7, 0.4, 0.6, 0.2),
    outcomes: Uint8Array.of(1, 0, 0, 0),
    returns: Float64Array.of(0.02, -0.01, -0.02, -0.03),
    baselines: { majority: new Float64Array(4).fill(0.5) },
  }

  test('scores the model and its baselines on the same rows', () => {
    const evaluation = evaluateForecasts(forecasts)
    expect(evaluation).toMatchObject({ rows: 4, fromMs: 10, toMs: 40, outcomeShare: 0.25 })
    expect(evaluation.model).toMatchObject(
      measure(forecasts.probabilities, forecasts.outcomes, forecasts.returns),
    )
    expect(evaluation.model.accuracy).toBe(0.75)
    expect(evaluation.model.informationCoefficient).toBeCloseTo(0.8, 12)
    expect(evaluation.baselines['majority']!.informationCoefficient).toBeNull()
    expect(evaluation.baselines['majority']!.calibrationError).toBe(0.25)
  })

  test('refuses what cannot be scored', () => {
    const wrong = (given: Partial<Forecasts>) => () => evaluateForecasts({ ...forecasts, ...given })
    expect(wrong({ returns: Float64Array.of(1) })).toThrow('"returns" has 1 values for 4 forecasts.')
    expect(wrong({ probabilities: Float64Array.of(0.7, Number.NaN, 0.6, 0.2) })).toThrow(
      'Forecast 1 has a probability of NaN.',
    )
    expect(wrong({ returns: Float64Array.of(0, 0, Number.NaN, 0) })).toThrow(
      'Forecast 2 has a return of NaN.',
    )
    expect(wrong({ outcomes: Uint8Array.of(1, 2, 0, 0) })).toThrow('Forecast 1 has an outcome of 2.')
    expect(wrong({ startMs: Float64Array.of(10, 5, 30, 40) })).toThrow(InvalidInputError)
    expect(wrong({ endMs: Float64Array.of(5, 30, 40, 50) })).toThrow(InvalidInputError)
  })
})

describe('foldCorrelation', () => {
  test("is the mean of the folds' coefficients, by rows", () => {
    // Fold 1 agrees, fold 2 disagrees; over all rows the higher fold would decide.
    const left = Float64Array.of(1, 2, 3, 4, 15, 14)
    const right = Float64Array.of(0.1, 0.2, 0.3, 0.4, 1.1, 1.2)
    expect(foldCorrelation(left, right, [4, 2])).toBeCloseTo((4 * 1 + 2 * -1) / 6, 12)
    expect(foldCorrelation(left, right, [6])).toBeCloseTo(rankCorrelation(left, right)!, 12)
  })

  test('has nothing to say of what varies in no fold', () => {
    expect(foldCorrelation(Float64Array.of(1, 1, 2, 2), Float64Array.of(1, 2, 3, 4), [2, 2])).toBeNull()
  })
})

describe('forecastsOf', () => {
  const samples = {
    timesMs: Float64Array.of(0, 1, 2),
    endMs: Float64Array.of(1, 2, Number.NaN),
    labelReturn: Float64Array.of(0.1, -0.1, Number.NaN),
  }

  test('puts forecasts beside what became of them', () => {
    const probabilities = Float64Array.of(0.7, 0.2)
    const baselines = { half: (rows: Uint32Array) => new Float64Array(rows.length).fill(0.5) }
    expect(forecastsOf(samples, { rows: Uint32Array.of(0, 1), probabilities, baselines })).toEqual({
      startMs: Float64Array.of(0, 1),
      endMs: Float64Array.of(1, 2),
      probabilities,
      outcomes: Uint8Array.of(1, 0),
      returns: Float64Array.of(0.1, -0.1),
      baselines: { half: Float64Array.of(0.5, 0.5) },
    })
  })

  test('refuses rows without a label, and another number of probabilities', () => {
    const given = { rows: Uint32Array.of(1, 2), probabilities: Float64Array.of(0.5, 0.5) }
    expect(() => forecastsOf(samples, given)).toThrow(
      'Row 2 of the matrix has no label to score a forecast by.',
    )
    expect(() => forecastsOf(samples, { ...given, rows: Uint32Array.of(1) })).toThrow(InvalidInputError)
  })
})
