import { describe, expect, test } from 'vitest'
import {
  cashE8,
  instrumentId,
  type MarketEvent,
  MINUTE_MS,
  marketColumns,
  ppm,
  priceE8,
  quantity,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { LINEAR_SPEC, linearModel } from '../execution/test/linearModel.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { barValue, eventAt, GOLD, randomBars, START_MS } from '../execution/test/syntheticMarket.ts'
import { logReturn, quotedSpread } from '../feature-store/index.ts'
import { defineStrategy, type StrategyView, strategyHash } from '../strategies/index.ts'
import { type AgentRuntime, type AgentView, createAgentRuntime, isList } from './index.ts'

const plain = restlessAgent()
const withModel = restlessAgent({ model: LINEAR_SPEC })
const market = {
  instrument: GOLD.id,
  priceE8: priceE8(1n),
  bidE8: priceE8(1n),
  askE8: priceE8(1n),
  navE8: null,
  exposure: ppm(0),
  quantity: quantity(0n),
  openOrders: [],
}
const view = (nowMs: number, markets: AgentView['markets'] = [market]): AgentView => ({
  nowMs: unixMs(nowMs),
  equityE8: cashE8(1n),
  cashE8: cashE8(1n),
  markets,
})
function feed(runtime: AgentRuntime, events: readonly MarketEvent[]): void {
  const columns = marketColumns(events, [GOLD.id, OTHER.id])
  for (let row = 0; row < columns.length; row++) runtime.observe(columns, row)
}
const OTHER = { ...GOLD, id: instrumentId('test:XAG'), symbol: 'XAG' }

describe('createAgentRuntime', () => {
  test('refuses an agent without its model', () => {
    expect(() => createAgentRuntime({ definition: withModel, inference: null })).toThrow(
      'Agent "restless" needs its model "linear", and none was given.',
    )
  })

  test('refuses a model that the agent does not use', () => {
    const inference = linearModel(withModel, [1])
    expect(() => createAgentRuntime({ definition: plain, inference })).toThrow(
      'Agent "restless" uses no model',
    )
  })

  test.each([
    ['fewer features', [quotedSpread]],
    ['other features', [logReturn({ horizonMs: 2 * MINUTE_MS }), ...plain.features.slice(1)]],
    ['the features in another order', plain.features.toReversed()],
  ])('refuses a model that was trained on %s', (_, features) => {
    const inference = linearModel({ ...withModel, features }, [1])
    expect(() => createAgentRuntime({ definition: withModel, inference })).toThrow(
      'Agent "restless" was given a model that was trained on other features.',
    )
  })

  test('names what it runs', () => {
    const inference = linearModel(withModel, [1])
    expect(createAgentRuntime({ definition: withModel, inference })).toMatchObject({
      roster: { models: [inference] },
      strategy: strategyHash(withModel.strategy),
    })
    const bare = createAgentRuntime({ definition: restlessAgent({ features: [] }), inference: null })
    expect(bare).toMatchObject({ featureSet: ZERO_HASH, roster: { models: [] } })
  })
})

describe('conclude', () => {
  const asking = (decide: (view: StrategyView) => null) =>
    restlessAgent({ strategy: defineStrategy({ name: 'asking', version: 1, params: {}, decide }) })

  test('shows the strategy its features, null while they are missing', () => {
    const seen: (number | null)[] = []
    const definition = asking(({ feature }) => {
      seen.push(feature('return_1m'), feature('hour_of_week_sin'))
      return null
    })
    const runtime = createAgentRuntime({ definition, inference: null })
    const concluded = runtime.conclude(view(START_MS))
    expect(seen).toEqual([null, 0])
    expect([concluded, runtime.prediction(0)]).toEqual([null, null])
    expect(runtime.pack(runtime.vector(0))).toBe('0x7fc000007fc0000000000000')
    feed(runtime, randomBars(3, MINUTE_MS))
    runtime.conclude(view(START_MS + 3 * MINUTE_MS))
    expect(seen[2]).toBeTypeOf('number')
  })

  test('refuses a feature that the agent does not have', () => {
    const definition = asking(({ feature }) => {
      feature('returns_1m')
      return null
    })
    expect(() => createAgentRuntime({ definition, inference: null }).conclude(view(START_MS))).toThrow(
      expect.objectContaining({
        message: 'The strategy of agent "restless" asked for feature "returns_1m".',
        hint: expect.stringContaining('return_1m, quoted_spread, hour_of_week_sin'),
      }),
    )
  })

  test('makes no conclusion a signal without direction', () => {
    const runtime = createAgentRuntime({ definition: asking(() => null), inference: null })
    expect(runtime.conclude(view(START_MS))).toBeNull()
    expect(runtime.nothing).toEqual({
      direction: 0,
      strength: 0,
      confidence: 500_000,
      horizonMs: MINUTE_MS,
    })
  })

  test('tells of the vector that it concludes from, and of the times of its inputs', () => {
    const told: unknown[] = []
    const runtime = createAgentRuntime({
      definition: plain,
      inference: null,
      onVector: (vector, inputTimes) => told.push([[...vector], inputTimes]),
    })
    feed(runtime, [eventAt(barValue(1n, 1n, START_MS), { validAt: START_MS, knownAt: START_MS, row: 0 })])
    runtime.conclude(view(START_MS))
    expect(told).toEqual([
      [
        [Number.NaN, 0, 0],
        [START_MS, START_MS, null],
      ],
    ])
  })

  test('gives the prediction', () => {
    const runtime = createAgentRuntime({
      definition: withModel,
      inference: linearModel(withModel, [0, 0, 0]),
    })
    feed(runtime, [eventAt(barValue(1n, 1n, START_MS), { validAt: START_MS, knownAt: START_MS, row: 0 })])
    expect(runtime.prediction(0)).toBeNull()
    runtime.conclude(view(START_MS))
    expect(runtime.prediction(0)).toMatchObject({
      probabilityUp: 0.5,
      output: { score: 0, probabilityUp: 500_000 },
    })
  })

  test('concludes on several instruments, each by its own features', () => {
    const signal = { direction: 1, strength: ppm(1), confidence: ppm(0.5), horizonMs: MINUTE_MS } as const
    const seen: (number | null)[][] = []
    const definition = restlessAgent({
      alsoTrades: [OTHER],
      strategy: defineStrategy({
        name: 'both',
        version: 1,
        params: {},
        decide: ({ markets }) => {
          seen.push(markets.map(({ feature }) => feature('quoted_spread')))
          return markets.map(({ instrument }) => ({ instrument, signal, target: { exposure: ppm(0.5) } }))
        },
      }),
    })
    const runtime = createAgentRuntime({ definition, inference: null })
    const place = { validAt: START_MS, knownAt: START_MS, row: 0 }
    feed(runtime, [
      eventAt(barValue(100n, 100n, START_MS), place),
      eventAt(barValue(100n, 100n, START_MS, 2n), { ...place, row: 1 }, OTHER.id),
    ])
    const concluded = runtime.conclude(view(START_MS, [market, { ...market, instrument: OTHER.id }]))
    if (!isList(concluded)) throw new Error('It concludes on several.')
    expect(concluded.map(each => [runtime.marketOf(each), each.target?.exposure])).toEqual([
      [0, 500_000],
      [1, 500_000],
    ])
    expect(seen[0]?.[0]).toBe(0)
    expect(seen[0]?.[1]).toBeGreaterThan(0)
  })

  test('refuses a conclusion on an instrument that the agent does not trade', () => {
    const signal = { direction: 1, strength: ppm(1), confidence: ppm(0.5), horizonMs: MINUTE_MS } as const
    const strategy = defineStrategy({
      name: 'astray',
      version: 1,
      params: {},
      decide: () => ({ instrument: OTHER.id, signal }),
    })
    const runtime = createAgentRuntime({ definition: restlessAgent({ strategy }), inference: null })
    expect(() => runtime.conclude(view(START_MS))).toThrow(
      'The strategy of agent "restless" concluded on test:XAG.',
    )
  })
})
