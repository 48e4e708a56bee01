import { describe, expect, test } from 'vitest'
import { gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import { createDecayMonitor, DECAY_ALARM, recordLosses } from './decayMonitor.ts'
import { createDriftMonitor, kolmogorovPValue, stabilityIndex } from './driftMonitor.ts'
import { featureBackgroundSchema, recordBackground } from './featureBackground.ts'

const rowsOf = (count: number) => Uint32Array.from({ length: count }, (_, row) => row)

describe('recordBackground', () => {
  test('keeps deciles, their shares and what is missing', () => {
    const values = Float32Array.from({ length: 25 }, (_, row) => (row < 20 ? 20 - row : Number.NaN))
    const { rows, features } = recordBackground({ values, names: ['ramp'] }, rowsOf(25))
    expect(rows).toBe(25)
    expect(features[0]!.edges).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18])
    expect(features[0]!.shares).toEqual(new Array(10).fill(0.08))
    expect(features[0]!.missingShare).toBeCloseTo(0.2, 15)
  })

  test('keeps equal deciles once', () => {
    const values = Float32Array.from({ length: 20 }, (_, row) => (row < 12 ? 0 : row < 18 ? 1 : 2))
    const [feature] = recordBackground({ values, names: ['steps'] }, rowsOf(20)).features
    expect(feature!.edges).toEqual([0, 1])
    expect(feature!.shares).toEqual([0.6, 0.3, 0.1])
    const constant = recordBackground({ values: new Float32Array(20), names: ['still'] }, rowsOf(20))
      .features[0]!
    expect([constant.edges, constant.shares]).toEqual([[], [1]])
    const background = recordBackground({ values, names: ['steps'] }, rowsOf(20))
    expect(featureBackgroundSchema.parse(JSON.parse(JSON.stringify(background)))).toEqual(background)
    const [first] = background.features
    const torn = { ...background, features: [{ ...first, shares: [1] }] }
    expect(featureBackgroundSchema.safeParse(torn).success).toBe(false)
    expect(() => recordBackground({ values, names: ['none'] }, rowsOf(0))).toThrow(InvalidInputError)
  })
})

describe('stability index and Kolmogorov-Smirnov', () => {
  test('the index is the symmetric divergence', () => {
    // Half a row added to each: 50.5/101 against 25.5/101 and 75.5/101.
    const expected = (0.5 - 25.5 / 101) * Math.log(50.5 / 25.5) + (0.5 - 75.5 / 101) * Math.log(50.5 / 75.5)
    expect(stabilityIndex([50, 50], [25, 75])).toBeCloseTo(expected, 12)
    expect(stabilityIndex([50, 50], [50, 50])).toBe(0)
    expect(stabilityIndex([50, 50, 0], [50, 50, 0])).toBeCloseTo(0, 12)
    expect(stabilityIndex([90, 10], [0, 100])).toBeLessThan(Number.POSITIVE_INFINITY)
  })

  test('the p-value is that of the tables', () => {
    // The limit's 5 % and 1 % points are λ = 1.3581 and 1.6276; at a million rows the correction is nothing.
    expect(kolmogorovPValue(1.3581 / 1_000, 1e6)).toBeCloseTo(0.05, 3)
    expect(kolmogorovPValue(1.6276 / 1_000, 1e6)).toBeCloseTo(0.01, 3)
    expect(kolmogorovPValue(0, 100)).toBe(1)
    expect(kolmogorovPValue(1, 100)).toBeLessThan(1e-60)
    // The series and its continuation agree where they meet.
    expect(kolmogorovPValue(0.000181, 1e6)).toBeCloseTo(1, 12)
  })
})

describe('createDriftMonitor', () => {
  const random = seededRandom(1)
  const names = ['quiet', 'moving', 'vanishing']
  const values = Float32Array.from({ length: 30_000 }, () => gaussian(random))
  const background = recordBackground({ values, names }, rowsOf(10_000))

  test('tells a feature that moved from one that did not', () => {
    const monitor = createDriftMonitor(background)
    for (let row = 0; row < 2_000; row++)
      monitor.observe(
        Float32Array.of(
          gaussian(random),
          gaussian(random) + 0.6,
          random() < 0.3 ? Number.NaN : gaussian(random),
        ),
      )
    const { rows, level, features } = monitor.report()
    expect(rows).toBe(2_000)
    expect(level).toBe('significant')
    expect(features.map(feature => [feature.name, feature.level, feature.distanceAlarm])).toEqual([
      ['quiet', 'stable', false],
      ['moving', 'significant', true],
      ['vanishing', 'significant', false],
    ])
    // Shift of 0.6: the distance is 2·Φ(0.3) − 1 = 0.236, the index 0.6² = 0.36 but for the bins.
    expect(features[1]!.distance!).toBeGreaterThan(0.19)
    expect(features[1]!.distance!).toBeLessThan(0.27)
    expect(features[1]!.stabilityIndex).toBeGreaterThan(0.25)
    expect(features[1]!.stabilityIndex).toBeLessThan(0.45)
    expect(features[0]!.stabilityIndex).toBeLessThan(0.02)
  })

  test('gives no level before it has seen enough, and forgets what left the window', () => {
    const monitor = createDriftMonitor(background, { windowRows: 500 })
    for (let row = 0; row < 499; row++) monitor.observe(Float32Array.of(9, 9, 9))
    expect(monitor.report().level).toBeNull()
    monitor.observe(Float32Array.of(9, 9, 9))
    expect(monitor.report().level).toBe('significant')
    for (let row = 0; row < 500; row++)
      monitor.observe(Float32Array.of(gaussian(random), gaussian(random), gaussian(random)))
    expect(monitor.report().rows).toBe(500)
    expect(monitor.report().level).toBe('stable')
  })

  test('raises few alarms without drift', () => {
    let alarms = 0
    let moderate = 0
    for (let trial = 0; trial < 100; trial++) {
      const monitor = createDriftMonitor(background, { windowRows: 500 })
      for (let row = 0; row < 500; row++)
        monitor.observe(Float32Array.of(gaussian(random), gaussian(random), gaussian(random)))
      const report = monitor.report()
      if (report.features.some(feature => feature.distanceAlarm)) alarms++
      if (report.level !== 'stable') moderate++
    }
    // At most 1 in 100 expected; more than 4 has a chance of 0.4 %.
    expect(alarms).toBeLessThanOrEqual(4)
    expect(moderate).toBe(0)
  })

  test('refuses vectors of another length and windows that are too short', () => {
    expect(() => createDriftMonitor(background).observe(new Float32Array(2))).toThrow(
      'A vector of 2 features came for a background of 3.',
    )
    expect(() => createDriftMonitor(background, { windowRows: 100 })).toThrow(InvalidInputError)
  })
})

describe('createDecayMonitor', () => {
  /** Forecasts of 0.4 or 0.6 that come true with a probability of `skill`. */
  const forecasts = (rows: number, skill: number, seed: number) => {
    const random = seededRandom(seed)
    const probabilities = Float64Array.from({ length: rows }, () => (random() < 0.5 ? 0.4 : 0.6))
    return {
      probabilities,
      outcomes: Uint8Array.from(probabilities, p => (random() < skill === p > 0.5 ? 1 : 0)),
    }
  }

  test('adds up what exceeds the usual loss and the slack', () => {
    const monitor = createDecayMonitor({ meanLoss: 0.5, spread: 0.1, blockRows: 2 })
    const loss = (probability: number) => -Math.log(probability)
    monitor.observe(0.5, 1)
    expect(monitor.report()).toEqual({
      rows: 1,
      blocks: 0,
      excessLoss: null,
      cusum: 0,
      alarm: false,
      alarmBlock: null,
    })
    monitor.observe(0.4, 1)
    const first = (loss(0.5) + loss(0.4)) / 2
    expect(monitor.report().cusum).toBeCloseTo((first - 0.5) / 0.1 - 0.5, 12)
    expect(monitor.report().excessLoss).toBeCloseTo(first - 0.5, 12)
    monitor.observe(0.01, 0)
    monitor.observe(0.99, 1)
    // 2.548 − (0.5 − 0.01) / 0.1 − 0.5 is below 0.
    expect(monitor.report().cusum).toBe(0)
    monitor.observe(0.1, 1)
    monitor.observe(0.1, 1)
    expect(monitor.report().cusum).toBeCloseTo((loss(0.1) - 0.5) / 0.1 - 0.5, 12)
    expect(monitor.report().alarmBlock).toBe(3)
    for (let row = 0; row < 10; row++) monitor.observe(0.999, 1)
    expect(monitor.report().alarm).toBe(true)
    expect(monitor.report().cusum).toBeLessThan(DECAY_ALARM)
  })

  test('finds a model that lost its skill, and leaves one alone that kept it', () => {
    const background = recordLosses(forecasts(4_000, 0.6, 1), 20)
    let falseAlarms = 0
    for (let seed = 0; seed < 20; seed++) {
      const kept = createDecayMonitor(background)
      const same = forecasts(2_000, 0.6, 100 + seed)
      same.probabilities.forEach((p, row) => {
        kept.observe(p, same.outcomes[row]!)
      })
      if (kept.report().alarm) falseAlarms++
      const lost = createDecayMonitor(background)
      const other = forecasts(2_000, 0.45, 200 + seed)
      other.probabilities.forEach((p, row) => {
        lost.observe(p, other.outcomes[row]!)
      })
      expect(lost.report().alarm).toBe(true)
    }
    // A false alarm comes every 930 blocks: about 2 of 20 runs of 100 blocks; more than 6 has a chance below 1 %.
    expect(falseAlarms).toBeLessThanOrEqual(6)
  })

  test('refuses backgrounds that tell nothing, and what has no loss', () => {
    expect(() => recordLosses(forecasts(70, 0.6, 1), 10)).toThrow('70 forecasts in blocks of 10')
    const flat = { probabilities: new Float64Array(100).fill(0.5), outcomes: new Uint8Array(100) }
    expect(() => recordLosses(flat, 1)).toThrow('never vary')
    const monitor = createDecayMonitor({ meanLoss: 0.5, spread: 0.1, blockRows: 1 })
    expect(() => monitor.observe(Number.NaN, 1)).toThrow(InvalidInputError)
    expect(() => monitor.observe(0.5, 2)).toThrow(InvalidInputError)
  })
})
