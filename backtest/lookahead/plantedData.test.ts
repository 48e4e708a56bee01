import { describe, expect, test } from 'vitest'
import { observedInstruments } from '../../agents/index.ts'
import {
  type BarValue,
  compareEvents,
  DAY_MS,
  HOUR_MS,
  instrumentId,
  type MarketEvent,
  priceE8,
  unixMs,
} from '../../core/index.ts'
import { CURVE, eventAt, START_MS } from '../../execution/test/syntheticMarket.ts'
import { logReturn, navPremium } from '../../feature-store/index.ts'
import { checkLookAhead } from './index.ts'

import { activeFromMs, BARS, bars, hourly, start } from './plantedAgents.fixture.ts'

describe('a planted look-ahead of the data is found and named', () => {
  test('5: a NAV used before its publication', async () => {
    const navs = Array.from({ length: 20 }, (_, day) => {
      const validAt = START_MS + day * DAY_MS
      const value = { type: 'nav', navE8: priceE8(2_000_00000000n + BigInt(day) * 1_00000000n) } as const
      return eventAt(value, { validAt, knownAt: validAt, row: day, feed: 'test:nav' })
    })
    const events = [...bars.map(event => event as MarketEvent), ...navs].sort(compareEvents)
    const definition = hourly({ features: [navPremium()] })
    const options = { definition, inference: null, events, activeFromMs }
    const told = await checkLookAhead({ ...options, publicationDelayMs: { nav: DAY_MS } })
    expect(told.passed).toBe(false)
    expect(told.findings).toMatchObject([
      {
        culprit: 'data',
        name: 'test:nav',
        certainty: 'proved',
        observation: { source: 'test:nav', block: 0 },
      },
    ])
    expect(told.findings[0]?.sentence).toContain('The same is true of 19 more of its rows.')
    expect(told.findings[0]?.sentence).toContain('It changes "nav_premium" from 2024-01-03T03:00:00Z on')
    // Without being told, it can only suspect it.
    const untold = await checkLookAhead(options)
    expect(untold.passed).toBe(true)
    expect(untold.findings).toMatchObject([{ culprit: 'data', certainty: 'suspected' }])
    expect(untold.findings[0]?.sentence).toContain('counts as known at the very day that it describes')
    const delayed = events.map(event =>
      event.value.type === 'nav' ? { ...event, knownAt: unixMs(event.knownAt + DAY_MS) } : event,
    )
    const right = { ...options, events: delayed.sort(compareEvents), publicationDelayMs: { nav: DAY_MS } }
    expect((await checkLookAhead(right)).findings).toEqual([])
  })

  test('6: a bar used before its close', async () => {
    const early = 300
    const events = bars.map((event, place) =>
      place === early ? { ...event, knownAt: event.validAt } : event,
    )
    // At its open the bar is known as early as the one before it, and comes after it.
    const definition = hourly({ features: [logReturn({ horizonMs: 6 * HOUR_MS })] })
    const report = await checkLookAhead({ definition, inference: null, events, activeFromMs })
    expect(report.findings).toMatchObject([
      {
        culprit: 'data',
        certainty: 'proved',
        observation: { index: early, block: early },
        // The order of the bar before fills at its open; the decision after rests on its close.
        decision: { kind: 'fill', timeMs: START_MS + early * HOUR_MS },
      },
    ])
    expect(report.findings[0]?.sentence).toMatch(
      /^The bar 300 of test:feed, known at 2024-01-13T12:00:00Z, counts as known before its close at 2024-01-13T13:00:00Z\. The first decision that rests on it is \d+ at 2024-01-13T12:00:00Z, a fill\. It changes "return_6h" from 2024-01-13T18:00:00Z on\.$/,
    )
  })

  test('6: all bars used before their close', async () => {
    const events = bars.map(event => ({ ...event, knownAt: event.validAt }))
    const definition = hourly({ features: [logReturn({ horizonMs: HOUR_MS })] })
    const report = await checkLookAhead({ definition, inference: null, events, activeFromMs })
    expect(report.findings).toMatchObject([
      { culprit: 'data', certainty: 'proved', observation: { index: 0 }, decision: { sequence: 0 } },
    ])
    expect(report.findings[0]?.sentence).toContain(`The same is true of ${BARS - 1} more of its rows.`)
  })

  test('7: a late correction that carries the known time of the original', async () => {
    const wrong = bars[400]
    if (wrong === undefined) throw new Error('no bar')
    const corrected = { ...wrong.value, bid: scaledOhlc(wrong.value.bid), ask: scaledOhlc(wrong.value.ask) }
    const late = {
      ...wrong,
      value: corrected,
      lineage: { kind: 'feed', feed: 'test:feed', sequence: BARS } as const,
    }
    const definition = hourly({ features: [logReturn({ horizonMs: HOUR_MS })] })
    const options = { definition, inference: null, activeFromMs }
    const report = await checkLookAhead({ ...options, events: [...bars, late].sort(compareEvents) })
    const proved = report.findings.filter(({ certainty }) => certainty === 'proved')
    expect(proved).toMatchObject([
      { culprit: 'data', name: 'test:feed', observation: { index: 401, block: BARS } },
    ])
    expect(proved[0]?.sentence).toContain('corrects row 400, and counts as known as early as that one')
    expect(proved[0]?.decision?.timeMs).toBeGreaterThanOrEqual(wrong.knownAt)
    // Known when it was published, it is an honest correction.
    const honest = { ...late, knownAt: bars[BARS - 1]?.knownAt ?? start }
    expect(
      (await checkLookAhead({ ...options, events: [...bars, honest].sort(compareEvents) })).findings,
    ).toEqual([])
  })

  test('8: restated data in place of the first print', async () => {
    const curve = (revised: boolean) =>
      Array.from({ length: 20 }, (_, day) => {
        const validAt = START_MS + day * DAY_MS
        const change = revised && day >= 12 ? 100 : 0
        const yieldsPpm = {
          '1M': 50_000 + change,
          '3M': 49_000,
          '1Y': null,
          '2Y': 40_000,
          '10Y': 39_000 + day,
        }
        const place = {
          validAt,
          knownAt: validAt + 18 * HOUR_MS,
          row: day,
          feed: revised ? 'new:h15' : 'test:h15',
        }
        return eventAt({ type: 'yieldCurve', yieldsPpm }, place, CURVE)
      })
    const definition = hourly({})
    const options = { definition, inference: null, activeFromMs }
    const firstPrints = curve(false)
    const events = [...bars.map(event => event as MarketEvent), ...curve(true)].sort(compareEvents)
    const report = await checkLookAhead({ ...options, events, firstPrints })
    expect(report.findings).toMatchObject([
      {
        culprit: 'data',
        name: 'new:h15',
        certainty: 'proved',
        observation: { block: 12, instrument: CURVE },
      },
    ])
    expect(report.findings[0]?.sentence).toContain(
      'was restated: what was published for 2024-01-13T00:00:00Z at the time is another value. The same is true of 7 more',
    )
    const asPrinted = [...bars.map(event => event as MarketEvent), ...firstPrints].sort(compareEvents)
    expect((await checkLookAhead({ ...options, events: asPrinted, firstPrints })).findings).toEqual([])
    expect((await checkLookAhead({ ...options, events })).notChecked).toContain(
      'restated data: give `firstPrints`.',
    )
  })

  test('9: survivorship in the instrument list', async () => {
    const [dead, young] = [instrumentId('test:DEAD'), instrumentId('test:YOUNG')]
    const definition = hourly({ observes: [CURVE, young] })
    const end = bars[BARS - 1]?.knownAt ?? start
    const candidates = [
      ...observedInstruments(definition)
        .filter(id => id !== young)
        .map(instrument => ({ instrument, firstMs: start, lastMs: end })),
      { instrument: young, firstMs: unixMs(START_MS + 200 * HOUR_MS), lastMs: end },
      { instrument: dead, firstMs: start, lastMs: unixMs(START_MS + 300 * HOUR_MS) },
    ]
    const options = { inference: null, events: bars, activeFromMs }
    const report = await checkLookAhead({ ...options, definition, candidates })
    expect(report.findings).toMatchObject([
      { culprit: 'instruments', name: young, certainty: 'proved' },
      { culprit: 'instruments', name: dead, certainty: 'suspected' },
    ])
    expect(report.findings[0]?.sentence).toContain('first observed at 2024-01-09T08:00:00Z')
    // Who has chosen the one that ended too did not choose by the end.
    const fair = hourly({ observes: [CURVE, dead] })
    expect((await checkLookAhead({ ...options, definition: fair, candidates })).findings).toEqual([])
  })
})

function scaledOhlc({ open, high, low, close }: BarValue['bid']): BarValue['bid'] {
  const higher = (price: bigint) => priceE8((price * 101n) / 100n)
  return { open: higher(open), high: higher(high), low: higher(low), close: higher(close) }
}
