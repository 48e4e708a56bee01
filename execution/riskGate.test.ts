import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cashE8,
  DAY_MS,
  E8,
  type MarketEvent,
  MINUTE_MS,
  ppm,
  priceE8,
  quantity,
  unixMs,
} from '../core/index.ts'
import { defineStrategy } from '../strategies/index.ts'
import { holdingBreach, safePrices } from './riskGate.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { ofKind, runKernel } from './test/runKernel.ts'
import { barValue, eventAt, START_MS, streams } from './test/syntheticMarket.ts'

const money = (whole: bigint) => cashE8(whole * E8)

test('the safe prices are exactly those at which nothing is breached', () => {
  const amounts = fc.bigInt(-50_000n, 50_000n)
  fc.assert(
    fc.property(
      amounts,
      amounts,
      fc.bigInt(1n, 40_000n),
      fc.bigInt(1n, 40_000n),
      amounts,
      fc.bigInt(0n, 1_000n),
      fc.constantFrom(1n, 7n, 1_000n),
      (held, cash, maxPosition, maxLoss, dayOpen, price, unit) => {
        const limits = {
          maxPositionE8: cashE8(maxPosition),
          maxOrderE8: cashE8(1n),
          maxDailyLossE8: cashE8(maxLoss),
          maxStalenessMs: 1,
        }
        const none = cashE8(0n)
        const ledger = {
          cashE8: cashE8(cash),
          quantity: quantity(held),
          costE8: none,
          realisedE8: none,
          feesE8: none,
        }
        const { low, high } = safePrices(ledger, limits, cashE8(dayOpen), unit)
        const breach = holdingBreach(ledger, limits, cashE8(dayOpen), priceE8(price), unit)
        expect(price >= low && (high === null || price <= high)).toBe(breach === null)
      },
    ),
    { numRuns: 3_000 },
  )
})

test('a halt is final: after it comes only the fill of the order already placed', () => {
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
      const after = decisions.slice(at + 1)
      expect(after.length).toBeLessThanOrEqual(1)
      for (const { output } of after) expect(output.kind).toBe('fill')
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
    // 2 % of 100,000 are paid and 4,000 lost on the second day: more than 5,000 only together.
    expect(kinds(definition, events)).toEqual([
      'signal',
      'order',
      'fill',
      { kind: 'halt', reason: 'dailyLoss', limit: money(5_000n), observed: money(6_000n) },
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
