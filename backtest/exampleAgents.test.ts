import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AgentDefinition } from '../agents/index.ts'
import {
  type BarValue,
  DAY_MS,
  HOUR_MS,
  type Instrument,
  instrumentId,
  type MarketEvent,
  parseDecimal,
  parseInstant,
  priceE8,
  unixMs,
} from '../core/index.ts'
import { goldTrend } from '../examples/goldTrend.ts'
import { orderFlowMomentum } from '../examples/orderFlowMomentum.ts'
import { linearModel } from '../execution/test/linearModel.ts'
import { AGENT } from '../execution/test/restlessAgent.ts'
import { ofKind, runKernel } from '../execution/test/runKernel.ts'
import {
  eventAt,
  GOLD,
  momentumSwaps,
  randomBars,
  START_MS,
  swapValue,
} from '../execution/test/syntheticMarket.ts'
import type { Inference } from '../models/index.ts'
import { computeStatistics, runBacktest } from './index.ts'

const start = unixMs(START_MS)

const flow = orderFlowMomentum({ instrument: GOLD })
const gold = goldTrend({ instrument: GOLD })
const examples: readonly [string, AgentDefinition, Inference | null, (seed: number) => MarketEvent[]][] = [
  ['order-flow momentum', flow, linearModel(flow, [0.4, 60, 0]), seed => momentumSwaps(1_500, seed)],
  ['gold trend', gold, null, seed => randomBars(1_200, 6 * HOUR_MS, seed)],
]

describe.each(examples)('the example agent %s', (_, definition, inference, market) => {
  const options = { agent: AGENT, definition, inference, activeFromMs: start }

  test('trades', () => {
    const decisions = runKernel(options, market(1))
    expect(ofKind(decisions, 'fill').length).toBeGreaterThan(5)
    expect(ofKind(decisions, 'signal').some(({ output }) => output.direction !== 0)).toBe(true)
    expect(ofKind(decisions, 'halt')).toEqual([])
  })

  test('decides nothing from later data', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) => {
        const events = market(seed)
        const early = runKernel(options, events.slice(0, Math.floor(share * events.length)))
        expect(runKernel(options, events).slice(0, early.length)).toEqual(early)
      }),
      { numRuns: 6 },
    )
  })

  test('is written in fewer than 40 lines', () => {
    const file = definition === gold ? 'goldTrend.ts' : 'orderFlowMomentum.ts'
    const text = readFileSync(join(import.meta.dirname, '../examples', file), 'utf8')
    expect(text.trimEnd().split('\n').length).toBeLessThan(40)
  })
})

test('gold trend works on swaps as it does on bars', () => {
  const definition = goldTrend({ instrument: GOLD, everyMs: HOUR_MS })
  const events = randomBars(4_000, HOUR_MS, 3).map(({ value, knownAt }, row) =>
    eventAt(swapValue(value.bid.close), { validAt: knownAt, knownAt, row }),
  )
  const decisions = runKernel({ agent: AGENT, definition, inference: null, activeFromMs: start }, events)
  expect(ofKind(decisions, 'fill').length).toBeGreaterThan(3)
})

const DATA = process.env['TOUCHSTONE_DATA'] ?? join(import.meta.dirname, '../../shared/data')
const HOURLY = join(DATA, 'xauusd/xauusd-hourly-2006-2016.csv')

describe.skipIf(!existsSync(HOURLY))(
  'gold trend on recorded hourly gold (skipped without the recording)',
  () => {
    const spot: Instrument = {
      id: instrumentId('oanda:XAUUSD'),
      kind: 'spot',
      symbol: 'XAU',
      decimals: 6,
      quote: 'USD',
    }
    const bars = (): MarketEvent<BarValue>[] =>
      readFileSync(HOURLY, 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line, row) => {
          const [time = '', ...prices] = line.split(',')
          const [bo, bh, bl, bc, ao, ah, al, ac] = prices.map(text => priceE8(parseDecimal(text, 8) ?? 0n))
          const validAt = parseInstant(time)
          const closeMs = unixMs(validAt + HOUR_MS)
          const bid = { open: bo!, high: bh!, low: bl!, close: bc! }
          const ask = { open: ao!, high: ah!, low: al!, close: ac! }
          const value: BarValue = { type: 'bar', closeMs, bid, ask }
          return eventAt(value, { validAt, knownAt: closeMs, row, feed: spot.id }, spot.id)
        })

    test('runs through ten years, never halts, and does what it says', async () => {
      const events = bars()
      expect(events).toHaveLength(64_063)
      const definition = goldTrend({ instrument: spot })
      const began = performance.now()
      const run = await runBacktest({
        agent: AGENT,
        definition,
        inference: null,
        activeFromMs: unixMs(0),
        events,
      })
      const tookMs = performance.now() - began
      const statistics = computeStatistics(run)
      console.log(
        `${events.length} bars in ${tookMs.toFixed(0)} ms; ${run.decisions.length} decisions, ${run.fills.length} fills, ` +
          `return ${statistics.totalReturn?.toFixed(3)}, volatility ${statistics.annualisedVolatility?.toFixed(3)}, ` +
          `Sharpe ${statistics.sharpe?.toFixed(2)}, drawdown ${statistics.maxDrawdown.toFixed(3)}`,
      )
      expect(ofKind(run.decisions, 'halt')).toEqual([])
      expect(run.fills.length).toBeGreaterThan(100)
      expect(run.portfolio.position.quantity >= 0n).toBe(true)
      // The target is 10 % while invested, and it is out of the market part of the time.
      expect(statistics.annualisedVolatility).toBeGreaterThan(0.04)
      expect(statistics.annualisedVolatility).toBeLessThan(0.13)
      expect(statistics.maxDrawdownDurationMs).toBeGreaterThan(DAY_MS)
    })
  },
)
