import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Decision,
  E8,
  floorDivide,
  type MarketEvent,
  MINUTE_MS,
  marketColumns,
  priceOf,
  unixMs,
} from '../core/index.ts'
import { createRecorder, createSigner, parseBody } from '../decision-log/index.ts'
import { createKernel, runLive } from '../execution/index.ts'
import { LINEAR_SPEC, linearModel } from '../execution/test/linearModel.ts'
import {
  asDecisionStore,
  memoryDecisions,
  storedObservations,
  streamOf,
} from '../execution/test/memoryStore.ts'
import { restlessAgent } from '../execution/test/restlessAgent.ts'
import { ofKind } from '../execution/test/runKernel.ts'
import { GOLD, randomBars, START_MS, streams } from '../execution/test/syntheticMarket.ts'
import { computeStatistics, runBacktest, runBacktestOver } from './index.ts'

// The first well-known key of every local test chain.
const signer = createSigner('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const domain = { chainId: 31_337, verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const
const definition = restlessAgent({ model: LINEAR_SPEC })
const options = {
  agent: signer.agent,
  definition,
  inference: linearModel(definition, [60, 2, -1]),
  activeFromMs: unixMs(START_MS + 20 * MINUTE_MS),
}

async function liveDecisions(events: readonly MarketEvent[]): Promise<Decision[]> {
  const memory = memoryDecisions()
  await runLive({
    kernel: createKernel(options),
    recorder: createRecorder({ store: asDecisionStore(memory), signer, domain }),
    events: streamOf(storedObservations(events)),
    history: memory,
  })
  return memory.rows.map(({ body }) => {
    const { dataRoot: _, revealAtMs: __, salt: ___, ...decision } = parseBody(body)
    return decision
  })
}
const bare = (decisions: readonly Decision[]) =>
  decisions.map(decision => ({ ...decision, receipt: undefined }))

describe('a backtest', () => {
  test('decides what a live run over the same events decides: same order, same numbers', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(streams(), async events => {
        const { decisions } = await runBacktest({ ...options, events, tracked: true })
        expect(bare(decisions)).toEqual(bare(await liveDecisions(events)))
        compared += decisions.length
      }),
      { numRuns: 20 },
    )
    expect(compared).toBeGreaterThan(200)
  })

  test('takes an async iterable as well as an array, and stops at its end', async () => {
    const events = randomBars(300, MINUTE_MS)
    const run = await runBacktest({ ...options, events })
    expect(await runBacktest({ ...options, events: streamOf(events) })).toEqual(run)
    const toMs = unixMs(START_MS + 200 * MINUTE_MS)
    const shorter = await runBacktest({ ...options, events, toMs })
    expect(shorter.events).toBe(200)
    expect(run.decisions.slice(0, shorter.decisions.length)).toEqual(shorter.decisions)
  })

  test('over columns and cut short, books what filled last at the last row taken, not at one to come', async () => {
    const venue = { ...definition.venue, marketOrders: 'thisClose' } as const
    const closing = { ...options, definition: { ...definition, venue } }
    const events = randomBars(300, MINUTE_MS)
    const columns = marketColumns(events, [definition.instrument.id, ...definition.observes])
    for (let minute = 150; minute < 170; minute++) {
      const toMs = unixMs(START_MS + minute * MINUTE_MS)
      const over = runBacktestOver({ ...closing, columns, toMs })
      expect(over.decisions).toEqual((await runBacktest({ ...closing, events, toMs })).decisions)
      expect(over.decisions.at(-1)?.timeMs).toBeLessThanOrEqual(toMs)
    }
  })

  test('skips instruments that the agent does not observe', async () => {
    const events = randomBars(100, MINUTE_MS)
    const foreign = events.map(event => ({
      ...event,
      instrument: `${event.instrument}-other` as typeof event.instrument,
      lineage: { kind: 'feed', feed: 'test:other', sequence: 0 } as const,
    }))
    const mixed = events.flatMap((event, index) => [event, foreign[index]!])
    expect(await runBacktest({ ...options, events: mixed })).toEqual(
      await runBacktest({ ...options, events }),
    )
  })

  test('samples equity at each price after the warm-up, from the capital on', async () => {
    const events = randomBars(300, MINUTE_MS)
    const { equity, finalEquityE8, fills, portfolio } = await runBacktest({ ...options, events })
    expect([...equity.timeMs]).toEqual(events.slice(20).map(({ knownAt }) => knownAt))
    expect(equity.equityE8[0]).toBe(Number(definition.capitalE8))
    expect(Math.floor(equity.equityE8.at(-1) ?? 0)).toBe(Number(finalEquityE8))
    const unit = 10n ** BigInt(GOLD.decimals)
    // Equity at each sample, from the fills alone.
    let cash: bigint = definition.capitalE8
    let held = 0n
    let next = 0
    events.slice(20).forEach((event, index) => {
      for (; next < fills.length && fills[next]!.timeMs <= event.validAt; next++) {
        const { side, quantity, priceE8, feeE8 } = fills[next]!
        const signed = side === 'buy' ? quantity : -quantity
        cash += floorDivide(-signed * priceE8, unit) - feeE8
        held += signed
      }
      const value = floorDivide(held * priceOf(event.value)!, unit)
      // A double, not rounded down.
      expect(Math.abs(equity.equityE8[index]! - Number(cash + value))).toBeLessThan(1.001)
    })
    expect(next).toBe(fills.length)
    expect(portfolio.equityE8).toBe(finalEquityE8)
  })

  test('its trades explain its equity, to the last unit, whenever it is flat', async () => {
    let flat = 0
    await fc.assert(
      fc.asyncProperty(streams(), async events => {
        const { trades, fills, decisions, portfolio, finalEquityE8 } = await runBacktest({
          ...options,
          events,
        })
        expect(ofKind(decisions, 'fill').filter(({ output }) => output.outcome === 'filled')).toHaveLength(
          fills.length,
        )
        for (const { entryMs, exitMs, quantity } of trades) {
          expect(exitMs).toBeGreaterThanOrEqual(entryMs)
          expect(quantity > 0n).toBe(true)
        }
        if (portfolio.position.quantity !== 0n) return
        flat++
        const gained = trades.reduce((sum, { pnlE8 }) => sum + pnlE8, 0n)
        expect(finalEquityE8 - definition.capitalE8).toBe(gained)
        expect(trades.reduce((sum, { feesE8 }) => sum + feesE8, 0n)).toBe(
          fills.reduce((sum, { feeE8 }) => sum + feeE8, 0n),
        )
      }),
      { numRuns: 200 },
    )
    expect(flat).toBeGreaterThan(10)
  })

  test('has statistics', async () => {
    const run = await runBacktest({ ...options, events: randomBars(5_000, MINUTE_MS) })
    const statistics = computeStatistics(run)
    expect(statistics).toMatchObject({
      trades: run.trades.length,
      initialEquityE8: definition.capitalE8,
      finalEquityE8: run.finalEquityE8,
    })
    expect(statistics.exposure).toBeGreaterThan(0)
  })
})

test('of a run without events nothing is known but the capital', async () => {
  const run = await runBacktest({ ...options, events: [] })
  expect(run).toMatchObject({ decisions: [], fills: [], trades: [], finalEquityE8: 100_000n * E8, events: 0 })
  expect(run.equity.timeMs).toHaveLength(0)
})
