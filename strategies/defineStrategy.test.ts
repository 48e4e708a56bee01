import { describe, expect, test } from 'vitest'
import { cashE8, instrumentId, type Ppm, ppm, priceE8, quantity, unixMs } from '../core/index.ts'
import {
  checkConclusion,
  defineStrategy,
  directionOf,
  type MarketView,
  type StrategyConclusion,
  type StrategyView,
  strategyHash,
} from './index.ts'

const signal = { direction: 1, strength: ppm(0.3), confidence: ppm(0.6), horizonMs: 60_000 } as const
const market: MarketView = {
  instrument: instrumentId('test:XAU'),
  priceE8: priceE8(1n),
  bidE8: priceE8(1n),
  askE8: priceE8(1n),
  navE8: null,
  feature: () => 0.5,
  prediction: null,
  exposure: ppm(0),
  quantity: quantity(0n),
  openOrders: [],
}
const view: StrategyView = {
  ...market,
  nowMs: unixMs(0),
  equityE8: cashE8(1n),
  cashE8: cashE8(1n),
  markets: [market],
}
const source = {
  name: 'example',
  version: 1,
  params: { share: 0.25, levels: [1, 2], cap: 3n },
  decide: ({ feature }: StrategyView, { share }: { readonly share: number }) => ({
    signal,
    target: { exposure: ppm(share * (feature('x') ?? 0)) },
  }),
}

describe('defineStrategy', () => {
  test('binds the params', () => {
    expect(defineStrategy(source).decide(view)).toEqual({ signal, target: { exposure: 125_000 } })
  })

  test.each([
    [{ name: 'Example' }, '"Example" is not a strategy name.'],
    [{ name: '' }, '"" is not a strategy name.'],
    [{ version: 0 }, 'Strategy "example" has version 0.'],
    [{ version: 1.5 }, 'Strategy "example" has version 1.5.'],
    [{ params: { share: Number.NaN } }, 'Param "share" of strategy "example" cannot be recorded.'],
    [
      { params: { share: 1, deep: [{ at: Number.POSITIVE_INFINITY }] } },
      'Param "deep" of strategy "example" cannot be recorded.',
    ],
  ])('refuses case %#', (change, message) => {
    expect(() => defineStrategy({ ...source, ...change } as typeof source)).toThrow(message)
  })

  test('its hash changes with name, version and params, and with nothing else', () => {
    const hash = strategyHash(defineStrategy(source))
    const reordered = { cap: 3n, levels: [1, 2], share: 0.25 }
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/)
    expect(strategyHash(defineStrategy({ ...source, params: reordered }))).toBe(hash)
    expect(strategyHash(defineStrategy({ ...source, decide: () => null }))).toBe(hash)
    for (const change of [{ name: 'other' }, { version: 2 }, { params: { ...source.params, cap: 4n } }])
      expect(strategyHash(defineStrategy({ ...source, ...change }))).not.toBe(hash)
  })
})

describe('checkConclusion', () => {
  test.each<StrategyConclusion>([
    { signal },
    { signal, target: { exposure: ppm(-1.5) } },
    { signal, target: undefined, orders: [] },
    { signal, orders: [{ kind: 'market', side: 'sell', size: { units: quantity(1n) } }], cancel: [3] },
  ])('passes case %#', conclusion => expect(checkConclusion('example', conclusion)).toBe(conclusion))

  test.each<[StrategyConclusion, string]>([
    [{ signal: { ...signal, direction: 2 as 1 } }, 'concluded signal.direction 2.'],
    [{ signal: { ...signal, strength: 0.3 as Ppm } }, 'concluded signal.strength 0.3.'],
    [{ signal: { ...signal, strength: -1 as Ppm } }, 'concluded signal.strength -1.'],
    [{ signal: { ...signal, confidence: 1_000_001 as Ppm } }, 'concluded signal.confidence 1000001.'],
    [{ signal: { ...signal, confidence: Number.NaN as Ppm } }, 'concluded signal.confidence NaN.'],
    [{ signal: { ...signal, horizonMs: 0 } }, 'concluded signal.horizonMs 0.'],
    [{ signal, target: { exposure: Number.NaN as Ppm } }, 'concluded target.exposure NaN.'],
    [{ signal, target: { exposure: ppm(101) } }, 'concluded target.exposure 101000000.'],
    [
      { signal, orders: [{ kind: 'market', side: 'buy', size: { units: quantity(0n) } }] },
      'concluded orders.size 0.',
    ],
    [{ signal, cancel: [-1] }, 'concluded cancel -1.'],
    [
      {
        signal,
        target: { exposure: ppm(1) },
        orders: [{ kind: 'market', side: 'buy', size: { units: quantity(1n) } }],
      },
      'concluded both a target and orders.',
    ],
  ])('refuses case %#', (conclusion, message) => {
    expect(() => checkConclusion('example', conclusion)).toThrow(`Strategy "example" ${message}`)
  })
})

test('directionOf is the sign', () => {
  expect([2, -0.1, 0, -0, Number.NaN].map(directionOf)).toEqual([1, -1, 0, 0, 0])
})
