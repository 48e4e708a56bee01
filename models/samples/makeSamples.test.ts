import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactExp, exactLog, gaussian, InvalidInputError, seededRandom } from '../../core/index.ts'
import { checkLabelSpec, type LabelSpec } from './labelSpec.ts'
import { makeSamples } from './makeSamples.ts'
import { makeLabels } from './plainLabels.fixture.ts'
import { priceVolatility } from './priceVolatility.ts'

const NONE = Number.NaN
const matrix = (times: readonly number[], prices: readonly number[]) => ({
  rows: times.length,
  timesMs: Float64Array.from(times),
  prices: Float64Array.from(prices),
})
const direction = { objective: 'direction' } as const

/** Rows at uneven times, some without a price, with a NAV. */
const markets = fc
  .array(
    fc.record({
      step: fc.nat(4),
      price: fc.option(fc.integer({ min: 80, max: 120 }), { nil: NONE, freq: 8 }),
      nav: fc.option(fc.integer({ min: 80, max: 120 }), { nil: NONE, freq: 8 }),
    }),
    { minLength: 2, maxLength: 150 },
  )
  .map(rows => {
    let clock = 0
    const times = rows.map(({ step }) => {
      clock += step
      return clock
    })
    return {
      market: matrix(
        times,
        rows.map(({ price }) => price),
      ),
      nav: Float64Array.from(rows, ({ nav }) => nav),
    }
  })
  .filter(({ market }) => market.prices.some(price => price > 0))
const specs: fc.Arbitrary<LabelSpec> = fc.oneof(
  fc.record({ kind: fc.constant('forward-return' as const), horizonMs: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('nav-reversion' as const), horizonMs: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('triple-barrier' as const),
    horizonMs: fc.integer({ min: 1, max: 200 }),
    upperSigmas: fc.double({ min: 0.1, max: 2, noNaN: true }),
    lowerSigmas: fc.double({ min: 0.1, max: 2, noNaN: true }),
    volatilityHalfLifeMs: fc.integer({ min: 1, max: 30 }),
  }),
)

describe('makeSamples', () => {
  test('labels forward returns by the last price known at the end of the horizon', () => {
    const samples = makeSamples(matrix([0, 3, 10, 15, 20], [100, 120, 110, 90, 130]), {
      label: { kind: 'forward-return', horizonMs: 10 },
      ...direction,
    })
    expect([...samples.rows]).toEqual([0, 1, 2])
    expect([...samples.targets]).toEqual([1, 0, 1, NONE, NONE])
    expect([...samples.forwardReturn]).toEqual(
      [110 / 100, 110 / 120, 130 / 110, NONE, NONE].map(ratio => exactLog(ratio)),
    )
    expect([...samples.endMs]).toEqual([10, 13, 20, NONE, NONE])
    expect([...samples.endRow]).toEqual([2, 2, 4, -1, -1])
    expect([...samples.weights]).toEqual([1, 1, 1, 0, 0])
    expect(samples.unchanged).toBe(0)
  })

  test('means by a forward return what the simpler labels mean', () => {
    fc.assert(
      fc.property(markets, fc.integer({ min: 1, max: 20 }), ({ market }, horizonMs) => {
        const samples = makeSamples(market, { label: { kind: 'forward-return', horizonMs }, ...direction })
        const labels = makeLabels(market, horizonMs)
        expect(samples.rows).toEqual(labels.rows)
        expect(Uint8Array.from(samples.rows, row => samples.targets[row]!)).toEqual(labels.up)
        expect(Float64Array.from(samples.rows, row => samples.forwardReturn[row]!)).toEqual(
          labels.forwardReturn,
        )
        expect(samples.unchanged).toBe(labels.unchanged)
      }),
    )
  })

  test('gives a return objective the return itself', () => {
    const samples = makeSamples(matrix([0, 10, 20], [100, 110, 99]), {
      label: { kind: 'forward-return', horizonMs: 10 },
      objective: 'return',
    })
    expect([...samples.targets]).toEqual([Math.fround(exactLog(1.1)), Math.fround(exactLog(0.9)), NONE])
  })

  test('labels by the barrier that is touched first, known at the touch', () => {
    // Half-life 10 at steps of 10. At row 1: r² over 10 ms, so sigma over 20 ms is |r|·√2, with r = ln 1.01.
    const market = matrix([0, 10, 20, 30, 40, 50, 60], [100, 101, 101, 103, 97, 97, 97])
    const label = {
      kind: 'triple-barrier',
      horizonMs: 20,
      upperSigmas: 1,
      lowerSigmas: 1,
      volatilityHalfLifeMs: 10,
    } as const
    const samples = makeSamples(market, { label, ...direction })
    const sigma = priceVolatility(market, { horizonMs: 20, halfLifeMs: 10 })
    expect(sigma[0]).toBeNaN()
    expect(sigma[1]!).toBeCloseTo(Math.log(1.01) * Math.SQRT2, 15)
    expect(sigma[2]!).toBeCloseTo(Math.sqrt((Math.log(1.01) ** 2 / 2 / 15) * 20), 15)
    // Row 1: upper barrier 101·e^0.01407 = 102.43, touched at 30 by 103. Row 2: the same, one step later. Row 3:
    // the lower one at 40 by 97. Row 4: flat to the vertical barrier, a return of 0. Row 5 has no 20 ms after it.
    expect([...samples.rows]).toEqual([1, 2, 3, 4])
    expect([...samples.targets]).toEqual([NONE, 1, 1, 0, 0, NONE, NONE])
    expect([...samples.endMs]).toEqual([NONE, 30, 30, 40, 60, NONE, NONE])
    expect(samples.forwardReturn[3]).toBe(exactLog(97 / 103))
    expect(samples.unchanged).toBe(1)
  })

  test('finds the first touch that a row by row search finds', () => {
    const random = seededRandom(7)
    let price = 100
    const prices = Array.from({ length: 3_000 }, () => (price *= exactExp(0.001 * gaussian(random))))
    const market = matrix(
      prices.map((_, row) => row * 10),
      prices,
    )
    const label = {
      kind: 'triple-barrier',
      horizonMs: 4_000,
      upperSigmas: 0.8,
      lowerSigmas: 1.2,
      volatilityHalfLifeMs: 300,
    } as const
    const samples = makeSamples(market, { label, ...direction })
    const sigma = priceVolatility(market, { horizonMs: label.horizonMs, halfLifeMs: 300 })
    let vertical = 0
    for (const row of samples.rows) {
      let end = row + 1
      const last = row + 400
      const upper = prices[row]! * exactExp(0.8 * sigma[row]!)
      const lower = prices[row]! * exactExp(-1.2 * sigma[row]!)
      while (end < last && prices[end]! < upper && prices[end]! > lower) end++
      if (end === last) vertical++
      expect(samples.endRow[row]).toBe(end)
    }
    expect(samples.rows).toHaveLength(3_000 - 400 - 30)
    expect(vertical).toBeGreaterThan(100)
  })

  test('labels a trade towards NAV by what it earns', () => {
    const samples = makeSamples(matrix([0, 10, 20, 30, 40], [98, 99, 102, 101, 101]), {
      label: { kind: 'nav-reversion', horizonMs: 10 },
      nav: Float64Array.of(100, NONE, 100, 101, 100),
      ...direction,
    })
    // Long at 98 below 100 gains; no NAV; short at 102 above 100 gains; at NAV there is no trade.
    expect([...samples.rows]).toEqual([0, 2])
    expect([...samples.labelReturn]).toEqual([exactLog(99 / 98), NONE, -exactLog(101 / 102), NONE, NONE])
    expect([...samples.forwardReturn]).toEqual([exactLog(99 / 98), NONE, exactLog(101 / 102), NONE, NONE])
    expect([...samples.targets]).toEqual([1, NONE, 1, NONE, NONE])
  })

  test('takes no row without a full window before it', () => {
    const samples = makeSamples(matrix([0, 1, 2, 3, 4], [1, 2, 3, 4, 5]), {
      label: { kind: 'forward-return', horizonMs: 1 },
      steps: 3,
      ...direction,
    })
    expect([...samples.rows]).toEqual([2, 3])
    expect([...samples.weights]).toEqual([0, 0, 1, 1, 0])
  })

  test('looks at nothing after the end of a label', () => {
    fc.assert(
      fc.property(
        markets,
        specs,
        fc.nat(149),
        fc.integer({ min: 50, max: 200 }),
        ({ market, nav }, label, from, price) => {
          const samples = makeSamples(market, { label, nav, ...direction })
          const later = {
            ...market,
            prices: market.prices.map((known, row) => (row > from ? price : known)),
          }
          const changedNav = nav.map((known, row) => (row > from ? price : known))
          if (!later.prices.some(known => known > 0)) return
          const changed = makeSamples(later, { label, nav: changedNav, ...direction })
          for (const row of samples.rows) {
            if (samples.endRow[row]! > from) continue
            expect(changed.labelReturn[row]).toBe(samples.labelReturn[row])
            expect(changed.targets[row]).toBe(samples.targets[row])
            expect(changed.endMs[row]).toBe(samples.endMs[row])
          }
        },
      ),
    )
  })

  test('keeps its arrays in step, and every end after its row and before the last', () => {
    fc.assert(
      fc.property(markets, specs, fc.integer({ min: 1, max: 5 }), ({ market, nav }, label, steps) => {
        const samples = makeSamples(market, { label, nav, steps, ...direction })
        const sampled = new Set(samples.rows)
        for (let row = 0; row < market.rows; row++) {
          const has = sampled.has(row)
          expect(Number.isFinite(samples.targets[row])).toBe(has)
          expect(Number.isFinite(samples.labelReturn[row])).toBe(has)
          expect(Number.isFinite(samples.endMs[row])).toBe(has)
          expect(samples.endRow[row]! >= row).toBe(has)
          expect(samples.weights[row]! > 0).toBe(has)
          if (!has) continue
          expect(samples.endMs[row]!).toBeGreaterThanOrEqual(market.timesMs[row]!)
          expect(samples.endMs[row]!).toBeLessThanOrEqual(market.timesMs[row]! + label.horizonMs)
          expect(market.timesMs[samples.endRow[row]!]!).toBeLessThanOrEqual(samples.endMs[row]!)
        }
      }),
    )
  })

  test('says what is wrong with its input', () => {
    const label = { kind: 'forward-return', horizonMs: 1 } as const
    const good = matrix([0, 1], [1, 2])
    expect(() => makeSamples(matrix([1, 0], [1, 1]), { label, ...direction })).toThrow(
      'Row 1 of the feature matrix is earlier',
    )
    expect(() => makeSamples(matrix([0, NONE], [1, 1]), { label, ...direction })).toThrow('or has no time')
    expect(() => makeSamples(matrix([0, 1], [NONE, NONE]), { label, ...direction })).toThrow(
      "None of the matrix's 2 rows has a price.",
    )
    expect(() => makeSamples(good, { label: { ...label, kind: 'nav-reversion' }, ...direction })).toThrow(
      'needs the NAV known at each row',
    )
    expect(() =>
      makeSamples(good, {
        label: { ...label, kind: 'nav-reversion' },
        nav: Float64Array.of(1),
        ...direction,
      }),
    ).toThrow('There are 1 NAVs for 2 rows.')
    expect(() => makeSamples(good, { label, steps: 0, ...direction })).toThrow(InvalidInputError)
    expect(() =>
      makeSamples(good, { label, objective: 'return', weighting: { classBalance: true } }),
    ).toThrow('Class balance cannot weigh a "return" objective')
    expect(() => checkLabelSpec({ kind: 'forward-return', horizonMs: 0 })).toThrow(
      'field "horizonMs" is wrong',
    )
    expect(() => checkLabelSpec({ kind: 'forward-return', horizonMs: 1, horizon: 1 })).toThrow(
      InvalidInputError,
    )
    expect(() => checkLabelSpec({ kind: 'backward-return', horizonMs: 1 })).toThrow('field "kind" is wrong')
  })
})
