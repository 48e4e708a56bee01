import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, type MarketEvent, MINUTE_MS, seededRandom, unixMs } from '../../core/index.ts'
import { builtInFeatures } from './builtin/builtInFeatures.ts'
import { featureAt } from './builtin/featureAt.conformance.ts'
import { hourOfWeekSine } from './builtin/hourOfWeek.ts'
import { logReturn } from './builtin/logReturn.ts'
import { netLiquidityFlow } from './builtin/netLiquidityFlow.ts'
import { quotedSpread } from './builtin/quotedSpread.ts'
import { shortFeatures } from './builtin/shortFeatures.conformance.ts'
import { defineFeature, type FeatureDefinition } from './defineFeature.ts'
import { cci } from './indicators/cci.ts'
import { donchianUpper } from './indicators/donchian.ts'
import { ema } from './indicators/ema.ts'
import { sma } from './indicators/sma.ts'
import { sessionVwap } from './indicators/vwap.ts'
import { wma } from './indicators/wma.ts'
import { randomStream } from './randomStream.conformance.ts'
import { onChain, reorganisedStream, withdrawal } from './reorganisedStream.conformance.ts'
import { GOLD, liquidity, swap, TREASURY, yieldCurve } from './sampleEvents.conformance.ts'
import { positionsDigest, traceFeature } from './traceFeature.ts'

const trace = (feature: FeatureDefinition, events: readonly MarketEvent[], atMs: number) =>
  traceFeature({ feature, instrument: GOLD, events, atMs: unixMs(atMs) })

/** Equal, but for how sums are grouped. */
function expectSame(found: number, value: number | null): void {
  if (value === null) expect(found).toBeNaN()
  else expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)))
}

/** Both lists, a feature once. */
const features = new Map([...builtInFeatures, ...shortFeatures].map(feature => [feature.name, feature]))

describe('every event that a trace leaves out', () => {
  test.each([...features])('can be left out of %s', (_name, feature) =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async seed => {
        const random = seededRandom(seed)
        const delivered = reorganisedStream(random, 250).map(({ event }) => event)
        const last = delivered.at(-1)?.knownAt ?? 0
        const first = delivered[0]?.knownAt ?? 0
        // Some times are after the last event, when it may be too old.
        const atMs = Math.round(first + random() * 1.3 * (last - first))
        const { value, events } = await trace(feature, delivered, atMs)
        expectSame(featureAt(feature, events, atMs), value)
      }),
      { numRuns: 12 },
    ),
  )

  /** Features that depend on every input, or whose window is longer than the stream. */
  const unlimited =
    /^(ema|rsi|atr|macd|adx|plus_di|minus_di|keltner|obv|ewma|holder|net_issuance|realised_volatility_5d|vault_flow_imbalance_7d)/
  test.each([...features].filter(([name, { inputs }]) => inputs.length > 0 && !unlimited.test(name)))(
    'is most of a long stream where %s looks back on so much only',
    async (_name, feature) => {
      const stream = randomStream(11, 4_000)
      const { events } = await trace(feature, stream, stream.at(-1)?.knownAt ?? 0)
      const inputs = stream.filter(event => feature.inputs.includes(event.value.type))
      expect(events.length).toBeLessThan(inputs.length / 2)
    },
  )
})

test.each(
  [
    sma({ length: 5 }),
    wma({ length: 5 }),
    cci({ length: 6 }),
    ema({ length: 5 }),
    logReturn({ horizonMs: 20 * MINUTE_MS }),
    quotedSpread,
  ].map(feature => [feature.name, feature] as const),
)('each event that %s depends on tells', async (_name, feature) => {
  const stream = randomStream(5, 400)
  const atMs = stream.at(-1)?.knownAt ?? 0
  const { events, value } = await trace(feature, stream, atMs)
  expect(value).not.toBeNull()
  expect(events.length).toBeGreaterThan(0)
  for (const left of events) {
    const without = featureAt(
      feature,
      events.filter(event => event !== left),
      atMs,
    )
    // The weight of the oldest of many prices is below what a binary32 can hold.
    if (feature.name !== 'ema_5' || events.indexOf(left) > events.length - 20) expect(without).not.toBe(value)
  }
})

describe('a trace', () => {
  const minutes = [0, 1, 2, 3, 4].map(minute => swap(minute * MINUTE_MS, { price: 100 + minute }))

  test('gives the value that an agent sees, and where its inputs stood', async () => {
    const feature = logReturn({ horizonMs: 2 * MINUTE_MS })
    const found = await trace(feature, minutes, 3.5 * MINUTE_MS)
    expect(found).toMatchObject({
      feature: 'return_2m',
      version: 1,
      instrument: GOLD.id,
      value: Math.fround(Math.log(103 / 101)),
      events: [minutes[1], minutes[3]],
      digest: positionsDigest([minutes[1]!, minutes[3]!]),
    })
    expect(found.ranges).toHaveLength(1)
    expect(found.ranges[0]).toMatchObject({ source: 'sample', events: 2 })
    expect(found.ranges[0]?.first.knownAt).toBe(MINUTE_MS)
    expect(found.ranges[0]?.last.knownAt).toBe(3 * MINUTE_MS)
  })

  test('is of nothing for what depends on no event', async () => {
    const { events, ranges, value } = await trace(hourOfWeekSine, minutes, 5)
    expect([events, ranges]).toEqual([[], []])
    expect(value).not.toBeNull()
  })

  test('names all inputs of a feature that does not say on which it depends', async () => {
    const silent = defineFeature({
      name: 'swaps',
      version: 1,
      unit: '1',
      description: 'swaps so far',
      inputs: ['swap'],
      init: () => ({ swaps: 0 }),
      update: state => void state.swaps++,
      value: ({ swaps }) => swaps,
    })
    const { events, value } = await trace(silent, minutes, 3 * MINUTE_MS)
    expect([events, value]).toEqual([minutes.slice(0, 4), 4])
  })

  test('follows a value through the events that another depended on', async () => {
    const first = swap(0, { tick: 5, liquidity: 100n })
    const judgedBy = swap(MINUTE_MS, { tick: 7, liquidity: 100n })
    const change = liquidity(62 * MINUTE_MS, 10n, -1_000, 1_000)
    const last = swap(63 * MINUTE_MS, { tick: 9, liquidity: 200n })
    const flow = netLiquidityFlow({ windowMs: HOUR_MS })
    const { events, value } = await trace(flow, [first, judgedBy, change, last], 64 * MINUTE_MS)
    expect(events).toEqual([judgedBy, change, last])
    expect(value).toBeCloseTo(10 / 200, 6)
  })

  test('leaves out what was withdrawn by then, and only by then', async () => {
    const first = onChain(swap(1_000, { price: 10 }), 1, 0)
    const second = onChain(swap(2_000, { price: 20 }), 2, 0)
    const stream = [first, second, withdrawal(3_000, 1)]
    const feature = logReturn({ horizonMs: 500 })
    expect((await trace(feature, stream, 2_999)).events).toEqual([second])
    expect((await trace(feature, stream, 3_000)).events).toEqual([first])
  })

  test('names the newest input, whose age decides whether there is a value', async () => {
    const newer = swap(MINUTE_MS, { price: 5 }, { validAt: MINUTE_MS })
    const late = swap(2 * MINUTE_MS, { price: 6 }, { validAt: 0 })
    const feature = logReturn({ horizonMs: 1, maxAgeMs: 10 * MINUTE_MS })
    const { events } = await trace(feature, [newer, late], 3 * MINUTE_MS)
    expect(events).toEqual([newer, late])
  })

  test('takes the session of a session’s price', async () => {
    const stream = randomStream(3, 3_000)
    const { events } = await trace(sessionVwap(), stream, stream.at(-1)?.knownAt ?? 0)
    expect(new Set(events.map(({ validAt }) => Math.floor(validAt / (24 * HOUR_MS)))).size).toBe(1)
  })

  test('is the same from a stream, which it leaves after its time', async () => {
    let read = 0
    const stream = (async function* () {
      for (const event of minutes) {
        read += 1
        yield event
      }
    })()
    const feature = donchianUpper()
    const found = await traceFeature({ feature, instrument: GOLD, events: stream, atMs: unixMs(MINUTE_MS) })
    expect(found).toEqual(await trace(feature, minutes, MINUTE_MS))
    expect(read).toBe(3)
  })

  test('takes no other instrument unless the feature does', async () => {
    const curve = yieldCurve(MINUTE_MS, { '10Y': 40_000 })
    const other = swap(2 * MINUTE_MS, {}, { instrument: TREASURY })
    const stream = [swap(0), curve, other]
    const level = builtInFeatures.find(({ name }) => name === 'yield_10y')!
    expect((await trace(level, stream, HOUR_MS)).events).toEqual([curve])
    const spread = builtInFeatures.find(({ name }) => name === 'time_since_price')!
    expect((await trace(spread, stream, HOUR_MS)).events).toEqual([stream[0]])
  })
})
