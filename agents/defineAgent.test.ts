import { describe, expect, test } from 'vitest'
import { type CashE8, cashE8, DAY_MS, E8, instrumentId, MINUTE_MS, type Ppm, ppm } from '../core/index.ts'
import { logReturn, quotedSpread } from '../feature-store/index.ts'
import { defineStrategy } from '../strategies/index.ts'
import { type AgentSource, agentDefinitionHash, defineAgent, observedInstruments } from './index.ts'

const money = (whole: number) => cashE8(BigInt(whole) * E8)
const strategy = defineStrategy({ name: 'still', version: 1, params: {}, decide: () => null })
const model = {
  name: 'small',
  version: 1,
  label: { kind: 'forward-return', horizonMs: MINUTE_MS },
  learner: { kind: 'mlp', hidden: [4], epochs: 1 },
  seed: 1,
  embargoMs: 0,
} as const
const promotion = { minOutcomes: 20, minAdvantage: 0, minTStatistic: 1 }
const source: AgentSource = {
  name: 'example',
  version: 1,
  instrument: { id: instrumentId('test:XAU'), kind: 'spot', symbol: 'XAU', decimals: 6, quote: 'USD' },
  features: [logReturn({ horizonMs: DAY_MS }), quotedSpread],
  model,
  strategy,
  everyMs: DAY_MS,
  limits: {
    maxPositionE8: money(10_000),
    maxOrderE8: money(10_000),
    maxDailyLossE8: money(1_000),
    maxStalenessMs: DAY_MS,
  },
  capitalE8: money(10_000),
  venue: { feePpm: ppm(0.001), halfSpreadPpm: ppm(0), maxPriceAgeMs: DAY_MS },
}
const pool = {
  instrument: source.instrument.id,
  curve: 'uniswapV3',
  feePpm: ppm(0.0005),
  baseIsToken0: true,
  quoteDecimals: 6,
} as const
const gas = { units: 150_000n, gasPrice: { wei: 1n }, coinPrice: { priceOf: source.instrument.id } } as const

describe('defineAgent', () => {
  test('fills in what may be left out', () => {
    expect(defineAgent(source)).toMatchObject({ observes: [], minOrderE8: money(100), allowShort: false })
    expect(defineAgent(source)).toMatchObject({ promotion: null, retrain: null })
    const observes = [instrumentId('test:CURVE')]
    expect(observedInstruments(defineAgent({ ...source, observes }))).toEqual(['test:XAU', 'test:CURVE'])
  })

  const limits = (change: object) => ({ limits: { ...source.limits, ...change } })
  const venue = (change: object) => ({ venue: { ...source.venue, ...change } })
  test.each<[string, Partial<AgentSource>, string]>([
    ['a name of the wrong form', { name: 'My Agent' }, 'Agent "My Agent" has name "My Agent".'],
    ['version 0', { version: 0 }, 'Agent "example" has version 0.'],
    [
      'decimals that are none',
      { instrument: { ...source.instrument, decimals: 1.5 } },
      'Agent "example" has instrument.decimals 1.5.',
    ],
    ['an observed instrument twice', { observes: [source.instrument.id] }, 'has observes "test:XAU" twice.'],
    ['one feature twice', { features: [quotedSpread, quotedSpread] }, 'has features "quoted_spread" twice.'],
    ['a model without features', { features: [] }, 'has features none.'],
    [
      'a malformed model',
      { model: { ...model, learner: { ...model.learner, epochs: 0 } } },
      'field "learner.epochs" is wrong',
    ],
    ['no interval of retraining', { promotion, retrain: { everyMs: 0 } }, 'has retrain.everyMs 0.'],
    [
      'retraining before a model is judged',
      { promotion, retrain: { everyMs: 20 * MINUTE_MS } },
      'has retrain.everyMs 1200000.',
    ],
    ['retraining without a model', { model: null, retrain: { everyMs: DAY_MS } }, 'has retrain set.'],
    ['retraining that nothing promotes', { retrain: { everyMs: DAY_MS } }, 'has retrain set.'],
    ['no interval', { everyMs: 0 }, 'has everyMs 0.'],
    ['an interval that is no number', { everyMs: Number.NaN }, 'has everyMs NaN.'],
    ['no position', limits({ maxPositionE8: 0n }), 'has limits.maxPositionE8 0.'],
    ['a negative order', limits({ maxOrderE8: -1n }), 'has limits.maxOrderE8 -1.'],
    ['no daily loss', limits({ maxDailyLossE8: 0n }), 'has limits.maxDailyLossE8 0.'],
    [
      'no staleness',
      limits({ maxStalenessMs: Number.POSITIVE_INFINITY }),
      'has limits.maxStalenessMs Infinity.',
    ],
    ['no capital', { capitalE8: 0n as CashE8 }, 'has capitalE8 0.'],
    ['a fee in the wrong unit', venue({ feePpm: 0.001 as Ppm }), 'has venue.feePpm 0.001.'],
    ['a whole spread', venue({ halfSpreadPpm: ppm(1) }), 'has venue.halfSpreadPpm 1000000.'],
    ['no price age', venue({ maxPriceAgeMs: 0 }), 'has venue.maxPriceAgeMs 0.'],
    [
      'a pool of what it does not trade',
      venue({ pools: [{ ...pool, instrument: instrumentId('test:CURVE') }] }),
      'has venue.pools one of "test:CURVE".',
    ],
    ['two pools of one', venue({ pools: [pool, pool] }), `has venue.pools one of "${pool.instrument}".`],
    [
      'a pool’s fee in the wrong unit',
      venue({ pools: [{ ...pool, feePpm: 0.003 }] }),
      'has venue.pools.feePpm 0.003.',
    ],
    [
      'gas at the price of what it does not observe',
      venue({ gas: { ...gas, gasPrice: { gweiOf: instrumentId('test:GAS') } } }),
      'has venue.gas.gasPrice.gweiOf "test:GAS".',
    ],
    ['no gas', venue({ gas: { ...gas, units: 0n } }), 'has venue.gas.units 0.'],
    [
      'half a block',
      venue({ latencyBlocks: { blocks: 0.5, periodMs: 12_000 } }),
      'has venue.latencyBlocks.blocks 0.5.',
    ],
    [
      'blocks without a period',
      venue({ latencyBlocks: { blocks: 1, periodMs: 0 } }),
      'has venue.latencyBlocks.periodMs 0.',
    ],
    ['a negative smallest order', { minOrderE8: -1n as CashE8 }, 'has minOrderE8 -1.'],
  ])('refuses %s', (_, change, message) => {
    expect(() => defineAgent({ ...source, ...change })).toThrow(message)
  })
})

describe('agentDefinitionHash', () => {
  const hash = agentDefinitionHash(defineAgent(source))

  test('is the same for the same definition, however its fields are ordered', () => {
    const turned = Object.fromEntries(Object.entries(source).reverse()) as AgentSource
    expect(agentDefinitionHash(defineAgent(turned))).toBe(hash)
    expect(agentDefinitionHash(defineAgent({ ...source, allowShort: false }))).toBe(hash)
  })

  test.each<Partial<AgentSource>>([
    { name: 'other' },
    { version: 2 },
    { features: [...source.features].reverse() },
    { model: { ...model, seed: 2 } },
    { model: null },
    { strategy: defineStrategy({ name: 'still', version: 2, params: {}, decide: () => null }) },
    { everyMs: MINUTE_MS },
    { limits: { ...source.limits, maxDailyLossE8: money(999) } },
    { capitalE8: money(10_001), minOrderE8: money(100) },
    { venue: { ...source.venue, feePpm: ppm(0.002) } },
    { venue: { ...source.venue, pools: [pool] } },
    { venue: { ...source.venue, gas } },
    { venue: { ...source.venue, latencyBlocks: { blocks: 1, periodMs: 12_000 } } },
    { allowShort: true },
    { observes: [instrumentId('test:CURVE')] },
    { promotion },
  ])('changes with %o', change => {
    expect(agentDefinitionHash(defineAgent({ ...source, ...change }))).not.toBe(hash)
  })

  test('changes with the interval of retraining', () => {
    const hashes = [null, { everyMs: DAY_MS }, { everyMs: 2 * DAY_MS }].map(retrain =>
      agentDefinitionHash(defineAgent({ ...source, promotion, retrain })),
    )
    expect(new Set(hashes).size).toBe(3)
  })
})
