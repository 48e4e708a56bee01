import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineAgent, type VenueSettings } from '../../agents/index.ts'
import { readBars, readNavHistory } from '../../chain-ingest/index.ts'
import { recorded } from '../../chain-ingest/testing/recordedData.conformance.ts'
import {
  deliveredEvent,
  HOUR_MS,
  type Instrument,
  instrumentId,
  type MarketEvent,
  MINUTE_MS,
  ppm,
  unixMs,
} from '../../core/index.ts'
import { goldTrend } from '../../examples/goldTrend.ts'
import { orderFlowMomentum } from '../../examples/orderFlowMomentum.ts'
import { createAgent as createTrend } from '../../examples/starter/agents/trend.ts'
import { LINEAR_SPEC, linearModel } from '../../execution/test/linearModel.ts'
import { restlessAgent } from '../../execution/test/restlessAgent.ts'
import { GOLD, momentumSwaps, randomBars, START_MS, streams } from '../../execution/test/syntheticMarket.ts'
import { navPremium } from '../../feature-store/index.ts'
import { type CheckedAgent, checkLookAhead, DEFAULT_CUTS, formatLookAhead } from './index.ts'

const start = unixMs(START_MS)

const goldAgent = (instrument: Instrument) => (): CheckedAgent => ({
  definition: goldTrend({ instrument }),
  inference: null,
})
/** The root of a swap's price in a pool of three decimals on both sides. */
function inPool(event: MarketEvent): MarketEvent {
  const { value } = event
  if (value.type !== 'swap') return event
  const root = BigInt(Math.round(Math.sqrt(Number(value.priceE8) / 1e8) * 2 ** 40))
  return { ...event, value: { ...value, sqrtPriceX96: root << 56n } }
}
const examples: readonly [string, () => CheckedAgent, MarketEvent[]][] = [
  ['gold trend', goldAgent(GOLD), randomBars(1_200, 6 * HOUR_MS, 11)],
  [
    'order-flow momentum',
    () => {
      const definition = orderFlowMomentum({ instrument: GOLD })
      return { definition, inference: linearModel(definition, [0.4, 60, 0]) }
    },
    momentumSwaps(1_500, 12),
  ],
  [
    'gold trend by a pool’s curve, with gas and blocks',
    () => {
      const trend = goldTrend({ instrument: GOLD, periodMs: MINUTE_MS })
      const curve = { curve: 'uniswapV3', feePpm: ppm(0.0005), baseIsToken0: true, quoteDecimals: 3 } as const
      const venue: VenueSettings = {
        ...trend.venue,
        pools: [{ instrument: GOLD.id, ...curve }],
        gas: { units: 150_000n, gasPrice: { wei: 20_000_000_000n }, coinPrice: { priceOf: GOLD.id } },
        latencyBlocks: { blocks: 1, periodMs: 12_000 },
      }
      return { definition: defineAgent({ ...trend, venue }), inference: null }
    },
    momentumSwaps(1_500, 14).map(inPool),
  ],
  [
    'the starter’s trend',
    () => ({
      definition: createTrend(
        { instrument: GOLD, observes: [], settings: {} },
        { lookbackDays: 30, volatilityTarget: 0.1 },
      ),
      inference: null,
    }),
    randomBars(1_200, 6 * HOUR_MS, 13),
  ],
]

describe.each(examples)('the example agent %s', (_, build, events) => {
  test('uses nothing before it is known', async () => {
    const report = await checkLookAhead({ ...build(), rebuild: build, events, activeFromMs: start })
    expect(report).toMatchObject({ passed: true, findings: [], events: events.length })
    expect(report.decisions).toBeGreaterThan(50)
    expect(report.cuts).toHaveLength(DEFAULT_CUTS)
    expect(report.cuts.every(({ sameTruncated, samePoisoned }) => sameTruncated && samePoisoned)).toBe(true)
    // Its own run, a repetition, and two for each cut; features alone once.
    expect(report.runs).toBe(3 + 2 * DEFAULT_CUTS)
  })
})

test('an agent that knows only what it is fed passes on any stream', async () => {
  const definition = restlessAgent({ model: LINEAR_SPEC })
  const build = () => ({ definition, inference: linearModel(definition, [60, 2, -1]) })
  let compared = 0
  await fc.assert(
    fc.asyncProperty(streams(40), fc.nat(), async (events, seed) => {
      const activeFromMs = unixMs(START_MS + 5 * MINUTE_MS)
      const report = await checkLookAhead({ ...build(), rebuild: build, events, activeFromMs, seed, cuts: 3 })
      compared += report.cuts.reduce((sum, { decisions }) => sum + decisions, 0)
      expect(report.findings.filter(({ culprit }) => culprit !== 'data')).toEqual([])
    }),
    { numRuns: 60 },
  )
  expect(compared).toBeGreaterThan(500)
})

test('the same seed makes the same check, another one other cuts', async () => {
  const definition = goldTrend({ instrument: GOLD })
  const events = randomBars(800, 6 * HOUR_MS, 3)
  const check = (seed: number) =>
    checkLookAhead({ definition, inference: null, events, activeFromMs: start, seed })
  expect(await check(5)).toEqual(await check(5))
  expect((await check(6)).cuts).not.toEqual((await check(5)).cuts)
})

test('says what it did, and what it could not check', async () => {
  const definition = goldTrend({ instrument: GOLD })
  const events = randomBars(800, 6 * HOUR_MS, 3)
  const report = await checkLookAhead({
    definition,
    inference: null,
    events,
    activeFromMs: start,
    cuts: 2,
    seed: 4,
  })
  expect(formatLookAhead(report)).toMatchInlineSnapshot(`
    "gold-trend used nothing before it was known, as far as this check sees.
      800 events, 232 decisions, 200 feature vectors; 2 cuts from 2024-04-10T06:00:00Z to 2024-05-20T06:00:00Z; 7 runs, seed 4
      not checked: data that the agent’s code read by itself: give \`rebuild\` to build it from each history.
      not checked: restated data: give \`firstPrints\`.
      not checked: survivorship: give \`candidates\`."
  `)
})

test('an agent that never decides is reported as not compared', async () => {
  const definition = goldTrend({ instrument: GOLD })
  const report = await checkLookAhead({ definition, inference: null, events: [], activeFromMs: start })
  expect(report).toMatchObject({ passed: true, cuts: [], decisions: 0 })
  expect(report.notChecked[0]).toBe('the agent decided nothing, so there is nothing to compare.')
})

test('refuses a check without cuts', async () => {
  const definition = goldTrend({ instrument: GOLD })
  const options = { definition, inference: null, events: [], activeFromMs: start }
  await expect(checkLookAhead({ ...options, cuts: 0 })).rejects.toMatchObject({
    message: 'A check with 0 cuts checks nothing.',
    exitCode: 2,
  })
})

test('refuses a poison that moves rows', async () => {
  const definition = goldTrend({ instrument: GOLD })
  const events = randomBars(200, 6 * HOUR_MS, 3)
  const poison = (event: MarketEvent) => ({ ...event, knownAt: unixMs(event.knownAt + 1) })
  await expect(
    checkLookAhead({ definition, inference: null, events, activeFromMs: start, poison }),
  ).rejects.toThrow('The poison moved row')
})

test('events out of their order are a finding, and nothing runs', async () => {
  const definition = goldTrend({ instrument: GOLD })
  const [a, b, c] = randomBars(3, HOUR_MS)
  const events = [a, c, b].flatMap(event => (event === undefined ? [] : [event]))
  const report = await checkLookAhead({ definition, inference: null, events, activeFromMs: start })
  expect(report).toMatchObject({
    passed: false,
    runs: 0,
    findings: [{ culprit: 'data' }, { culprit: 'data' }],
  })
  expect(report.notChecked[0]).toContain('out of order')
})

const HOURLY = recorded('xauusd/xauusd-hourly-2006-2016.csv')
describe.skipIf(!existsSync(HOURLY))('on recorded data (skipped without it)', () => {
  const spot: Instrument = {
    id: instrumentId('oanda:XAUUSD'),
    kind: 'spot',
    symbol: 'XAU',
    decimals: 6,
    quote: 'USD',
  }

  test('gold trend passes on ten years of hourly bars', async () => {
    const events: MarketEvent[] = []
    for await (const row of readBars({ file: HOURLY, instrument: spot, periodMs: HOUR_MS }))
      events.push(deliveredEvent(row))
    expect(events).toHaveLength(64_063)
    const build = goldAgent(spot)
    const began = performance.now()
    const report = await checkLookAhead({ ...build(), rebuild: build, events, activeFromMs: unixMs(0) })
    console.log(
      `${events.length} bars, ${report.cuts.length} cuts: ${report.runs} runs in ${(performance.now() - began).toFixed(0)} ms`,
    )
    expect(report).toMatchObject({ passed: true, findings: [] })
    expect(report.cuts.at(-1)?.decisions).toBeGreaterThan(2_000)
  })

  test('the share prices of vaults, read from blocks, are no NAVs known at once', async () => {
    const instrument: Instrument = {
      ...spot,
      id: instrumentId('test:WOUSD'),
      kind: 'vaultShare',
      symbol: 'WOUSD',
    }
    const file = recorded('erc4626/share-prices.csv')
    const navs: MarketEvent[] = []
    for await (const row of readNavHistory({ file, symbol: 'WOUSD', instrument }))
      navs.push(deliveredEvent(row))
    expect(navs.length).toBeGreaterThan(100)
    const definition = restlessAgent({ instrument, features: [...restlessAgent().features, navPremium()] })
    const report = await checkLookAhead({
      definition,
      inference: null,
      events: navs,
      activeFromMs: unixMs(0),
    })
    expect(report.findings).toEqual([])
  })
})
