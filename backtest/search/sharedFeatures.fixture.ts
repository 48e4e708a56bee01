import { MINUTE_MS, marketColumns, ppm, unixMs } from '../../core/index.ts'
import { AGENT, restlessAgent } from '../../execution/test/restlessAgent.ts'
import { CURVE, GOLD, randomBars, START_MS } from '../../execution/test/syntheticMarket.ts'
import { macdLine, rsi, type SharedFeatures, sma } from '../../feature-store/index.ts'
import { defineStrategy } from '../../strategies/index.ts'
import { runBacktestOver } from '../runBacktest.ts'
import type { Pair } from './sweepEvaluators.fixture.ts'
import type { CreateEvaluator, SweepFigures } from './sweepFigures.ts'

// An agent whose features are shared between the runs of a sweep, or computed in each.

const columns = marketColumns(randomBars(1_500, MINUTE_MS), [GOLD.id, CURVE])

const [macd, rsi14] = [macdLine(), rsi()]

const strategy = defineStrategy({
  name: 'crosses',
  version: 1,
  params: {},
  decide({ feature, markets: [market] }) {
    const [fast, slow, momentum, strength] = ['sma_fast', 'sma_slow', macd.name, rsi14.name].map(feature)
    if (fast == null || slow == null) return null
    const signal = {
      direction: fast > slow ? 1 : -1,
      strength: ppm((strength ?? 50) / 100),
      confidence: ppm(0.5),
      horizonMs: MINUTE_MS,
    } as const
    const isMoved = (momentum ?? 0) > 0 === fast > slow && market?.openOrders.length === 0
    return isMoved ? { signal, target: { exposure: ppm(fast > slow ? 0.9 : -0.4) } } : { signal }
  },
})

/** Runs the agent at a pair of averages. */
export function runPair({ fast, slow }: Pair, shared?: SharedFeatures): SweepFigures {
  const renamed = (length: number, name: string) => ({ ...sma({ length }), name })
  const definition = restlessAgent({
    features: [renamed(fast, 'sma_fast'), renamed(slow, 'sma_slow'), macd, rsi14],
    strategy,
  })
  const run = runBacktestOver({
    agent: AGENT,
    definition,
    inference: null,
    activeFromMs: unixMs(START_MS),
    columns,
    shared,
  })
  return {
    decisions: run.decisionCount,
    fills: run.fills.length,
    equity: run.finalEquityE8.toString(),
    sharpe: 1,
  }
}

export const pairs: CreateEvaluator<Pair> =
  ({ features }) =>
  point =>
    runPair(point, features)
