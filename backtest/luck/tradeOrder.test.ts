import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { quantile, simulateTradeOrder, type TradeOrderOptions } from './index.ts'

const E8 = 100_000_000n
const simulate = (pnl: readonly number[], options: Partial<TradeOrderOptions> = {}) =>
  simulateTradeOrder({
    pnlE8: pnl.map(value => BigInt(value) * E8),
    initialEquityE8: 100n * E8,
    method: 'shuffle',
    sizing: 'cash',
    runs: 400,
    random: seededRandom(1),
    ...options,
  })
const rounded = (values: Float64Array) => [...new Set(Array.from(values, v => Math.round(v * 1e9) / 1e9))]

describe('two trades, by hand', () => {
  test('in cash: +50 then −50 falls from 150 to 100, −50 then +50 from 100 to 50', () => {
    const { finalEquityE8, maxDrawdown, ruined } = simulate([50, -50])
    expect(rounded(finalEquityE8)).toEqual([100e8])
    expect(rounded(maxDrawdown)).toEqual([0.333333333, 0.5])
    expect(ruined).toBe(0)
    const deep = maxDrawdown.filter(depth => depth > 0.4).length / 400
    expect(deep, 'seed 1').toBeGreaterThan(0.4)
    expect(deep, 'seed 1').toBeLessThan(0.6)
  })

  test('as shares: +50 % then −50 of 150, a third; both orders end alike and fall by a third', () => {
    const { finalEquityE8, maxDrawdown } = simulate([50, -50], { sizing: 'share' })
    expect(rounded(finalEquityE8.map(value => value / 1e8))).toEqual([100])
    expect(rounded(maxDrawdown)).toEqual([0.333333333])
  })

  test('drawn with replacement, both may be the loss: four draws, three results', () => {
    const { finalEquityE8, ruined } = simulate([50, -50], { method: 'resample', runs: 4_000 })
    expect(rounded(finalEquityE8)).toEqual([0, 100e8, 200e8])
    expect(quantile(finalEquityE8, 0.5)).toBe(100e8)
    expect(Math.abs(ruined - 0.25), 'seed 1').toBeLessThan(0.03)
  })
})

test('a run that reaches zero stops there', () => {
  const { finalEquityE8, maxDrawdown, ruined } = simulate([-150, 300])
  // −150 first: ruined at −50. +300 first: 400, then 250.
  expect(rounded(finalEquityE8)).toEqual([-50e8, 250e8])
  expect(rounded(maxDrawdown)).toEqual([0.375, 1.5])
  expect(ruined).toBe(finalEquityE8.filter(value => value < 0).length / 400)
})

test('every order of three trades comes up, about equally often', () => {
  const seed = 3
  // Six orders of +1, +10, −20 in cash: the peak before the loss is 100, 101, 110 or 111.
  const { maxDrawdown } = simulate([1, 10, -20], { runs: 6_000, random: seededRandom(seed) })
  const share = (depth: number) => maxDrawdown.filter(found => Math.abs(found - depth) < 1e-12).length / 6_000
  for (const [depth, expected] of [
    [20 / 100, 2 / 6],
    [20 / 101, 1 / 6],
    [20 / 110, 1 / 6],
    [20 / 111, 2 / 6],
  ] as const)
    expect(Math.abs(share(depth) - expected), `seed ${seed}`).toBeLessThan(0.025)
})

test('the same seed gives the same runs; a shuffle leaves the final equity; columns ascend', () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
      (pnl, seed) => {
        const runs = () => simulate(pnl, { runs: 20, random: seededRandom(seed) })
        const { finalEquityE8, maxDrawdown } = runs()
        expect(runs()).toEqual({ finalEquityE8, maxDrawdown, ruined: 0 })
        const final = 100e8 + pnl.reduce((sum, value) => sum + value * 1e8, 0)
        for (const value of finalEquityE8) expect(value).toBe(final)
        expect([...maxDrawdown]).toEqual([...maxDrawdown].sort((a, b) => a - b))
      },
    ),
  ))

test.each<[string, () => unknown, RegExp]>([
  ['no trade', () => simulate([]), /of 0 trades/],
  ['no run', () => simulate([1], { runs: 0 }), /0 runs/],
  ['no capital', () => simulate([1], { initialEquityE8: 0n }), /equity of 0/],
  [
    'shares after ruin',
    () => simulate([-100, 5], { sizing: 'share' }),
    /equity before trade 1 is not above zero/,
  ],
])('%s is refused', (_name, act, message) => {
  expect(act).toThrow(message)
})

test('quantiles interpolate at (n − 1)·p', () => {
  expect(quantile([1, 2, 4, 8], 0.5)).toBe(3) // Rank 1.5.
  expect(quantile([1, 2, 4, 8], 0.9)).toBeCloseTo(6.8, 12) // Rank 2.7: 4 + 0.7 · 4.
  expect(quantile([1, 2, 4, 8], 0)).toBe(1)
  expect(quantile([1, 2, 4, 8], 1)).toBe(8)
  expect(quantile([], 0.5)).toBeNaN()
})
