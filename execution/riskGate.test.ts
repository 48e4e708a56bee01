import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cashE8,
  DAY_MS,
  E8,
  floorDivide,
  instrumentId,
  type MarketEvent,
  MINUTE_MS,
  ppm,
  quantity,
  unixMs,
} from '../core/index.ts'
import { defineStrategy } from '../strategies/index.ts'
import { createMarket } from './market.ts'
import { estimateHoldings } from './moneyEstimate.ts'
import { createRiskGate } from './riskGate.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { ofKind, runKernel } from './test/runKernel.ts'
import { barValue, eventAt, GOLD, START_MS, streams } from './test/syntheticMarket.ts'

const money = (whole: bigint) => cashE8(whole * E8)

test('a limit is breached exactly where the integers say so, however large the sums', () => {
  const amount = fc.oneof(fc.bigInt(-50_000n, 50_000n), fc.bigInt(-(10n ** 15n), 10n ** 15n))
  const positive = fc.oneof(fc.bigInt(1n, 40_000n), fc.bigInt(1n, 10n ** 15n))
  let breached = 0
  fc.assert(
    fc.property(
      fc.array(fc.tuple(amount, fc.nat(1_000_000)), { minLength: 1, maxLength: 3 }),
      amount,
      positive,
      positive,
      fc.bigInt(-3n, 3n),
      (held, cash, maxPosition, maxLoss, nudge) => {
        const instruments = held.map((_, index) => ({ ...GOLD, id: instrumentId(`test:X${index}`) }))
        const markets = instruments.map((instrument, index) => createMarket(instrument, index))
        let [now, quantities] = [0n, held.map(() => 0n)]
        const holdings = {
          get cashE8() {
            return cashE8(now)
          },
          get cashNumber() {
            return Number(now)
          },
          freeE8: cashE8(0n),
          quantity: (index: number) => quantity(quantities[index] ?? 0n),
          units: (index: number) => Number(quantities[index] ?? 0n) / 1_000,
          costE8: () => cashE8(0n),
        }
        const values = held.map(([units, price]) => floorDivide(units * BigInt(price), 1_000n))
        const equity = values.reduce((sum, value) => sum + value, cash)
        // Limits that are hit, missed by one, or far away.
        const loss = nudge === 0n ? maxLoss : -equity + nudge
        const position = nudge === 0n ? maxPosition : (values[0]! < 0n ? -values[0]! : values[0]!) + nudge
        const limits = {
          maxPositionE8: cashE8(position > 0n ? position : 1n),
          maxOrderE8: cashE8(1n),
          maxDailyLossE8: cashE8(loss > 0n ? loss : 1n),
          maxStalenessMs: 1,
        }
        const estimate = { cashE8: 0, equityE8: 0, grossE8: 0 }
        const gate = createRiskGate(restlessAgent({ limits }), markets, holdings, estimate)
        gate.openDay()
        now = cash
        quantities = held.map(([units]) => units)
        for (const [index, market] of markets.entries()) {
          market.middleE8 = held[index]![1]
        }
        estimateHoldings(estimate, markets, holdings)
        const size = values[0]! < 0n ? -values[0]! : values[0]!
        const expected =
          size > limits.maxPositionE8 ? 'position' : -equity > limits.maxDailyLossE8 ? 'dailyLoss' : null
        if (expected !== null) breached++
        expect(gate.holdingBreach(markets[0]!)?.reason ?? null).toBe(expected)
      },
    ),
    { numRuns: 3_000 },
  )
  expect(breached).toBeGreaterThan(300)
})

test('a halt is final: after it come only fills of orders already placed', () => {
  const limits = {
    maxPositionE8: money(120_000n),
    maxOrderE8: money(150_000n),
    maxDailyLossE8: money(2_000n),
    maxStalenessMs: 80 * MINUTE_MS,
  }
  const narrow = restlessAgent({ limits: { ...limits, maxPositionE8: money(80_000n) } })
  const definitions = fc.constantFrom(restlessAgent({ limits }), narrow)
  const reasons = new Set<string>()
  fc.assert(
    fc.property(streams(), definitions, (events, definition) => {
      const options = { agent: AGENT, definition, inference: null, activeFromMs: unixMs(START_MS) }
      const decisions = runKernel(options, events)
      const at = decisions.findIndex(({ output }) => output.kind === 'halt')
      if (at === -1) return
      const [halt] = ofKind(decisions, 'halt')
      reasons.add(halt!.output.reason)
      expect(halt!.output.observed > halt!.output.limit).toBe(true)
      for (const { output } of decisions.slice(at + 1))
        expect(output.kind === 'fill' && (output.order ?? 0) < at).toBe(true)
    }),
    { numRuns: 300 },
  )
  expect([...reasons].sort()).toEqual(['dailyLoss', 'orderSize', 'position', 'staleness'])
})

describe('each limit, by hand', () => {
  /** Holds the exposure given, from the first decision on. */
  const holder = (exposure: number, limits: Partial<ReturnType<typeof restlessAgent>['limits']>) =>
    restlessAgent({
      strategy: defineStrategy({
        name: 'holder',
        version: 1,
        params: { exposure },
        decide: () => ({
          signal: { direction: 1, strength: ppm(1), confidence: ppm(0.5), horizonMs: MINUTE_MS },
          target: { exposure: ppm(exposure) },
        }),
      }),
      features: [],
      venue: { feePpm: ppm(0), halfSpreadPpm: ppm(0), maxPriceAgeMs: DAY_MS },
      limits: { ...restlessAgent().limits, ...limits },
      minOrderE8: money(5_000n),
    })
  /** Bars of a minute; prices in whole units. */
  const bars = (prices: readonly number[], startMs = START_MS): MarketEvent[] =>
    prices.slice(1).map((close, row) => {
      const validAt = startMs + row * MINUTE_MS
      const place = { validAt, knownAt: validAt + MINUTE_MS, row: startMs / MINUTE_MS + row }
      return eventAt(barValue(BigInt(prices[row]!) * E8, BigInt(close) * E8, place.knownAt), place)
    })
  const kinds = (definition: ReturnType<typeof restlessAgent>, events: readonly MarketEvent[]) =>
    runKernel({ agent: AGENT, definition, inference: null, activeFromMs: unixMs(0) }, events).map(
      ({ output }) => (output.kind === 'halt' ? output : output.kind),
    )

  test('an order larger than maxOrderE8 is not made', () => {
    expect(kinds(holder(0.6, { maxOrderE8: money(50_000n) }), bars([100, 100, 100, 100]))).toEqual([
      'signal',
      { kind: 'halt', reason: 'orderSize', limit: money(50_000n), observed: money(60_000n) },
    ])
  })

  test('nor one that would take the position beyond maxPositionE8', () => {
    expect(kinds(holder(0.6, { maxPositionE8: money(50_000n) }), bars([100, 100, 100, 100]))).toEqual([
      'signal',
      { kind: 'halt', reason: 'position', limit: money(50_000n), observed: money(60_000n) },
    ])
  })

  test('a position that grows beyond maxPositionE8 by its price halts', () => {
    const definition = holder(0.6, { maxPositionE8: money(65_000n) })
    expect(kinds(definition, bars([100, 100, 100, 100, 108, 109, 109]))).toEqual([
      'signal',
      'order',
      'fill',
      'signal',
      'signal',
      { kind: 'halt', reason: 'position', limit: money(65_000n), observed: money(65_400n) },
    ])
  })

  test('a fall of more than maxDailyLossE8 since the day began halts; the same over two days does not', () => {
    const definition = holder(1, { maxDailyLossE8: money(5_000n) })
    expect(kinds(definition, bars([100, 100, 100, 100, 96, 94, 94])).at(-1)).toEqual({
      kind: 'halt',
      reason: 'dailyLoss',
      limit: money(5_000n),
      observed: money(6_000n),
    })
    const twoDays = [...bars([100, 100, 100, 100, 96]), ...bars([96, 94, 94], START_MS + DAY_MS)]
    expect(kinds(definition, twoDays).some(kind => typeof kind === 'object')).toBe(false)
    // The second day is measured from the last equity of the first, 96,000, gap included.
    const gap = [...bars([100, 100, 100, 100, 96]), ...bars([91, 90, 90], START_MS + DAY_MS)]
    expect(kinds(definition, gap).at(-1)).toEqual({
      kind: 'halt',
      reason: 'dailyLoss',
      limit: money(5_000n),
      observed: money(6_000n),
    })
  })

  test('a fill of the new day counts to the new day', () => {
    const base = holder(1, { maxDailyLossE8: money(5_000n) })
    const definition = { ...base, venue: { ...base.venue, feePpm: ppm(0.02) } }
    const events = [...bars([100, 100, 100]), ...bars([100, 96, 96], START_MS + DAY_MS)]
    // Net of costs 98,039.20 are bought. 2 % of it are paid and 4 % lost on the second day: more than 5,000 only
    // together.
    expect(kinds(definition, events)).toEqual([
      'signal',
      'order',
      'fill',
      { kind: 'halt', reason: 'dailyLoss', limit: money(5_000n), observed: 588_235_200_000n },
    ])
  })

  test('a price older than maxStalenessMs halts at the next event of any kind, a clock too', () => {
    const definition = holder(0.5, { maxStalenessMs: 10 * MINUTE_MS })
    const last = START_MS + 3 * MINUTE_MS
    const tick = (afterMs: number) =>
      eventAt(
        { type: 'clock' },
        { validAt: last + afterMs, knownAt: last + afterMs, row: 0, feed: 'test:clock' },
      )
    const priced = bars([100, 100, 100, 100])
    expect(kinds(definition, [...priced, tick(10 * MINUTE_MS)]).at(-1)).toBe('signal')
    expect(kinds(definition, [...priced, tick(10 * MINUTE_MS + 1)]).at(-1)).toEqual({
      kind: 'halt',
      reason: 'staleness',
      limit: BigInt(10 * MINUTE_MS),
      observed: BigInt(10 * MINUTE_MS + 1),
    })
  })

  test('no limit is enforced before the start', () => {
    const definition = holder(0.5, { maxStalenessMs: MINUTE_MS })
    const events = [...bars([100, 100]), ...bars([100, 100], START_MS + DAY_MS)]
    const decisions = runKernel(
      { agent: AGENT, definition, inference: null, activeFromMs: unixMs(START_MS + 2 * DAY_MS) },
      events,
    )
    expect(decisions).toEqual([])
  })
})
