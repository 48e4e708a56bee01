import { describe, expect, test } from 'vitest'
import { cashE8, MINUTE_MS, ppm, priceE8, quantity, unixMs, ZERO_HASH } from '../core/index.ts'
import { LINEAR_SPEC, linearModel } from '../execution/test/linearModel.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { barValue, eventAt, randomBars, START_MS } from '../execution/test/syntheticMarket.ts'
import { logReturn, quotedSpread } from '../feature-store/index.ts'
import { defineStrategy, type StrategyView, strategyHash } from '../strategies/index.ts'
import { createAgentRuntime } from './index.ts'

const plain = restlessAgent()
const withModel = restlessAgent({ model: LINEAR_SPEC })
const view = (nowMs: number) => ({
  nowMs: unixMs(nowMs),
  priceE8: priceE8(1n),
  exposure: ppm(0),
  quantity: quantity(0n),
  equityE8: cashE8(1n),
})

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
      model: inference.hash,
      strategy: strategyHash(withModel.strategy),
    })
    const bare = createAgentRuntime({ definition: restlessAgent({ features: [] }), inference: null })
    expect(bare).toMatchObject({ featureSet: ZERO_HASH, model: ZERO_HASH })
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
    expect(concluded).toMatchObject({ features: '0x7fc000007fc0000000000000', predictionBits: null })
    for (const event of randomBars(3, MINUTE_MS)) runtime.observe(event)
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
    expect(runtime.conclude(view(START_MS)).signal).toEqual({
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
    runtime.observe(eventAt(barValue(1n, 1n, START_MS), { validAt: START_MS, knownAt: START_MS, row: 0 }))
    runtime.conclude(view(START_MS))
    expect(told).toEqual([
      [
        [Number.NaN, 0, 0],
        [START_MS, START_MS, null],
      ],
    ])
  })

  test('gives the bits of the prediction', () => {
    const runtime = createAgentRuntime({
      definition: withModel,
      inference: linearModel(withModel, [0, 0, 0]),
    })
    runtime.observe(eventAt(barValue(1n, 1n, START_MS), { validAt: START_MS, knownAt: START_MS, row: 0 }))
    // A half is 0x3f000000 as a binary32.
    expect(runtime.conclude(view(START_MS)).predictionBits).toBe(0x3f000000)
  })
})
