import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AgentDefinition, type ChainVenue, observedInstruments } from '../agents/index.ts'
import {
  type Decision,
  floorDivide,
  HOUR_MS,
  type MarketEvent,
  marketColumns,
  type OrderTerms,
  ppm,
  unixMs,
} from '../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../decision-log/index.ts'
import { goldTrend } from '../examples/goldTrend.ts'
import { orderFlowMomentum } from '../examples/orderFlowMomentum.ts'
import { createKernel, replayDecisions, runLive } from '../execution/index.ts'
import { linearModel } from '../execution/test/linearModel.ts'
import {
  asDecisionStore,
  collect,
  type MemoryDecisions,
  memoryDecisions,
  storedObservations,
  streamOf,
} from '../execution/test/memoryStore.ts'
import { orderTrader, SILVER, twoMarketTrader } from '../execution/test/orderTrader.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { GOLD, momentumSwaps, randomBars, START_MS, streams } from '../execution/test/syntheticMarket.ts'
import type { Inference } from '../models/index.ts'
import { runBacktest, runBacktestOver } from './index.ts'

// One engine: what an agent does live, restarted in between or not, a backtest over the same events does, over events
// or over columns, and an audit makes again.

// The first well-known key of every local test chain.
const signer = createSigner('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const

type Subject = { readonly definition: AgentDefinition; readonly inference: Inference | null }
const optionsOf = ({ definition, inference }: Subject) => ({
  agent: signer.agent,
  definition,
  inference,
  activeFromMs: unixMs(START_MS),
})

async function live(
  subject: Subject,
  events: readonly MarketEvent[],
  memory: MemoryDecisions,
): Promise<void> {
  await runLive({
    kernel: createKernel(optionsOf(subject)),
    recorder: createRecorder({ store: asDecisionStore(memory), signer, domain }),
    events: streamOf(storedObservations(events)),
    history: memory,
  })
}

const decisionsIn = ({ rows }: MemoryDecisions): Decision[] =>
  rows.map(({ body }) => {
    const { dataRoot: _, revealAtMs: __, salt: ___, ...decision } = parseBody(body)
    return decision
  })

/** Runs it every way, and expects the same of each. */
async function sameEveryWay(subject: Subject, events: readonly MarketEvent[], cut: number) {
  const options = optionsOf(subject)
  const run = await runBacktest({ ...options, events, tracked: true })
  const over = runBacktestOver({
    ...options,
    columns: marketColumns(events, observedInstruments(subject.definition)),
    tracked: true,
  })
  expect(over.decisions).toEqual(run.decisions)
  expect([over.fills, over.trades, over.equity]).toEqual([run.fills, run.trades, run.equity])
  expect([over.finalEquityE8, over.portfolio, over.decisionCount, over.events]).toEqual([
    run.finalEquityE8,
    run.portfolio,
    run.decisionCount,
    run.events,
  ])
  const whole = memoryDecisions()
  await live(subject, events, whole)
  const made = decisionsIn(whole)
  expect(made).toEqual(run.decisions.slice(0, made.length))
  // A live run hears of what ended at its last event only with the next.
  expect(run.decisions.slice(made.length).every(({ output }) => output.kind === 'fill')).toBe(true)

  const restarted = memoryDecisions()
  await live(subject, events.slice(0, cut), restarted)
  await live(subject, events, restarted)
  expect(restarted.rows.map(({ body }) => body)).toEqual(whole.rows.map(({ body }) => body))

  const again = await collect(replayDecisions({ ...options, observations: storedObservations(events) }))
  expect(again.map(({ decision }) => decision)).toEqual(made)
  return run
}

/** Some of the events of a stream as those of a second instrument, at a price of its own. */
function withSilver(events: readonly MarketEvent[]): MarketEvent[] {
  return events.map((event, row) =>
    row % 3 === 1 && event.instrument === GOLD.id ? { ...event, instrument: SILVER.id } : event,
  )
}

const model = restlessAgent({ model: null })
/** Everything that a venue on a chain may say; the test's swaps are of a pool of three decimals on both sides. */
const chainVenue: ChainVenue = {
  pools: [
    {
      instrument: GOLD.id,
      curve: 'uniswapV3',
      feePpm: ppm(0.0005),
      baseIsToken0: true,
      quoteDecimals: 3,
      maxMovePpm: ppm(0.5),
    },
  ],
  gas: { units: 150_000n, gasPrice: { wei: 20_000_000_000n }, coinPrice: { priceOf: GOLD.id } },
  latencyBlocks: { blocks: 1, periodMs: 12_000 },
}
const subjects: readonly [string, Subject, (events: readonly MarketEvent[]) => readonly MarketEvent[]][] = [
  ['an agent of targets', { definition: model, inference: null }, events => events],
  ['an agent of every kind of order', { definition: orderTrader(), inference: null }, events => events],
  [
    'one that hedges, at this close',
    {
      definition: orderTrader({
        venue: { ...orderTrader().venue, positions: 'hedging', marketOrders: 'thisClose', latencyMs: 0 },
      }),
      inference: null,
    },
    events => events,
  ],
  [
    'one on a chain',
    { definition: orderTrader({ venue: { ...orderTrader().venue, ...chainVenue } }), inference: null },
    events => events,
  ],
  ['an agent of two instruments', { definition: twoMarketTrader(), inference: null }, withSilver],
]

describe.each(subjects)('%s', (_, subject, shape) => {
  test('decides the same live, over a restart, in a backtest and in an audit', async () => {
    const kinds = new Set<OrderTerms['kind']>()
    const ends = new Set<string>()
    let fills = 0
    await fc.assert(
      fc.asyncProperty(streams(120), fc.nat(120), async (events, cut) => {
        const run = await sameEveryWay(subject, shape(events), cut)
        fills += run.fills.length
        for (const { output } of run.decisions) {
          if (output.kind === 'order') kinds.add(output.terms.kind)
          if (output.kind === 'fill') ends.add(output.reason ?? output.cause)
        }
      }),
      { numRuns: 12 },
    )
    const { name, alsoTrades } = subject.definition
    expect(fills).toBeGreaterThan(20)
    if (name === 'order-trader' && alsoTrades.length === 0) {
      expect([...kinds].sort()).toEqual(['limit', 'market', 'stop', 'stopLimit', 'trailingStop'])
      expect([...ends]).toEqual(expect.arrayContaining(['order', 'cancelled', 'stopLoss', 'takeProfit']))
    }
  })

  test('has the cash and the positions that its fills say, to the last unit', async () => {
    await fc.assert(
      fc.asyncProperty(streams(120), async events => {
        const { definition } = subject
        const instruments = [definition.instrument, ...definition.alsoTrades]
        const { fills, portfolio } = await runBacktest({ ...optionsOf(subject), events: shape(events) })
        let cash: bigint = definition.capitalE8
        const held = instruments.map(() => 0n)
        for (const { market, side, quantity, priceE8, feeE8 } of fills) {
          const signed = side === 'buy' ? quantity : -quantity
          cash += floorDivide(-signed * priceE8, 10n ** BigInt(instruments[market]!.decimals)) - feeE8
          held[market] = held[market]! + signed
        }
        expect(portfolio.cashE8).toBe(cash)
        expect(portfolio.positions.map(({ quantity }) => quantity)).toEqual(held)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the example agents', () => {
  const flow = orderFlowMomentum({ instrument: GOLD })
  test.each([
    [
      'gold trend',
      { definition: goldTrend({ instrument: GOLD }), inference: null },
      randomBars(1_000, 6 * HOUR_MS, 3),
    ],
    [
      'order-flow momentum',
      { definition: flow, inference: linearModel(flow, [0.4, 60, 0]) },
      momentumSwaps(500, 5),
    ],
  ] as const)('%s', async (_, subject, events) => {
    const run = await sameEveryWay(subject, events, Math.floor(events.length / 2))
    expect(run.fills.length).toBeGreaterThan(5)
  })
})
