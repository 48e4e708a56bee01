import { describe, expect, test } from 'vitest'
import { type AgentDefinition, type AgentSource, observedInstruments } from '../../agents/index.ts'
import {
  type BarValue,
  compareEvents,
  DAY_MS,
  type Decision,
  type Fill,
  HOUR_MS,
  instrumentId,
  type MarketEvent,
  ppm,
  priceE8,
  priceOf,
  unixMs,
} from '../../core/index.ts'
import { isOrder, type Venue } from '../../execution/index.ts'
import { LINEAR_SPEC, linearModel } from '../../execution/test/linearModel.ts'
import { restlessAgent } from '../../execution/test/restlessAgent.ts'
import { CURVE, eventAt, GOLD, randomBars, START_MS } from '../../execution/test/syntheticMarket.ts'
import {
  buildFeatureMatrix,
  defineFeature,
  type FeatureDefinition,
  logReturn,
  navPremium,
} from '../../feature-store/index.ts'
import { makeLabels } from '../../models/index.ts'
import { defineStrategy } from '../../strategies/index.ts'
import { type CheckedAgent, checkLookAhead, formatLookAhead, type LookAheadOptions } from './index.ts'

const BARS = 600
const ACTIVE = 50
const start = unixMs(START_MS)
const activeFromMs = unixMs(START_MS + ACTIVE * HOUR_MS)
const bars = randomBars(BARS, HOUR_MS, 7)
const isBar = (event: MarketEvent): event is MarketEvent<BarValue> => event.value.type === 'bar'
const closes = (history: readonly MarketEvent[]) =>
  history.filter(isBar).map(({ value }) => Number(priceOf(value)) / 1e8)

/** Trades almost every time, long and short, by the price alone. */
const busy = defineStrategy({
  name: 'busy',
  version: 1,
  params: {},
  decide({ priceE8: price }) {
    const choice = Number((price / 1_000n) % 5n) - 2
    const direction = choice > 0 ? 1 : -1
    const signal = { direction, strength: ppm(0.5), confidence: ppm(0.5), horizonMs: HOUR_MS } as const
    return { signal, target: { exposure: ppm(choice / 4) } }
  },
})

/** Agents of one cadence: a decision at the close of every hourly bar. */
const hourly = (changes: Partial<AgentSource>): AgentDefinition =>
  restlessAgent({ everyMs: HOUR_MS, strategy: busy, ...changes })

/** A feature that looks its value up in numbers computed beforehand, at the number of the bar. */
function lookedUp(name: string, values: readonly (number | null)[], shift = 0): FeatureDefinition {
  return defineFeature({
    name,
    version: 1,
    unit: '1',
    description: 'Planted',
    inputs: ['bar'],
    init: () => ({ bars: 0 }),
    update(state) {
      state.bars++
    },
    value: state => values[state.bars - 1 + shift] ?? null,
  })
}

/** Checks an agent that is built from the history by `definitionFrom`. */
const check = (
  build: (history: readonly MarketEvent[]) => CheckedAgent | Promise<CheckedAgent>,
  options: Partial<LookAheadOptions> = {},
  events: readonly MarketEvent[] = bars,
) =>
  Promise.resolve(build(events)).then(agent =>
    checkLookAhead({ ...agent, rebuild: build, events, activeFromMs, ...options }),
  )
const withFeature = (feature: (history: readonly MarketEvent[]) => FeatureDefinition) =>
  check(history => ({
    definition: hourly({ features: [logReturn({ horizonMs: HOUR_MS }), feature(history)] }),
    inference: null,
  }))

describe('a planted look-ahead is found and named', () => {
  test('1: a feature that reads the next close from an array', async () => {
    const report = await withFeature(history => lookedUp('next_close', closes(history), 1))
    expect(report.passed).toBe(false)
    expect(report.findings).toHaveLength(1)
    // The first decision after the warm-up is made at the close of bar 50, and saw the close of bar 51.
    expect(report.findings[0]).toMatchObject({
      culprit: 'feature',
      name: 'next_close',
      certainty: 'proved',
      timeMs: START_MS + (ACTIVE + 1) * HOUR_MS,
      decision: { sequence: 0, kind: 'signal', timeMs: START_MS + (ACTIVE + 1) * HOUR_MS },
      observation: { index: ACTIVE + 1, type: 'bar', source: 'test:feed', block: ACTIVE + 1 },
      lastObservation: null,
    })
    expect(report.cuts).toHaveLength(8)
    expect(report.cuts.every(({ samePoisoned, sameTruncated }) => !samePoisoned && !sameTruncated)).toBe(true)
    expect(report.findings[0]?.sentence).toMatch(
      /^Feature "next_close" looks ahead: at 2024-01-03T03:00:00Z it is [\d.]+, and [\d.]+ when only bar 51 of test:feed, known at 2024-01-03T04:00:00Z, 1h later, is another\. The first decision that rests on it is 0 at 2024-01-03T03:00:00Z, a signal\.$/,
    )
  })

  test('2: a centred moving average', async () => {
    const report = await withFeature(history => {
      const prices = closes(history)
      const centred = prices.map((_, place) => {
        const window = prices.slice(Math.max(0, place - 3), place + 4)
        return window.reduce((sum, price) => sum + price, 0) / window.length
      })
      return lookedUp('centred_average', centred)
    })
    expect(report.findings).toMatchObject([
      {
        culprit: 'feature',
        name: 'centred_average',
        decision: { sequence: 0 },
        // It sees the next three bars, and no more.
        observation: { index: ACTIVE + 1 },
        lastObservation: { index: ACTIVE + 3 },
      },
    ])
  })

  test('3: a scaler fitted on all data, of a feature', async () => {
    const report = await withFeature(history => {
      const prices = closes(history)
      const mean = prices.reduce((sum, price) => sum + price, 0) / prices.length
      const variance = prices.reduce((sum, price) => sum + (price - mean) ** 2, 0) / prices.length
      const scores = prices.map(price => (price - mean) / Math.sqrt(variance))
      return lookedUp('price_score', scores)
    })
    expect(report.findings).toMatchObject([
      {
        culprit: 'feature',
        name: 'price_score',
        decision: { sequence: 0 },
        observation: { index: ACTIVE + 1 },
        lastObservation: { index: BARS - 1 },
      },
    ])
  })

  test('3: a scaler fitted on all data, of a model', async () => {
    const report = await check(history => {
      const prices = closes(history)
      const returns = prices.slice(1).map((price, place) => price / (prices[place] ?? price) - 1)
      const scale = Math.sqrt(returns.reduce((sum, each) => sum + each * each, 0) / returns.length)
      const definition = hourly({ features: [logReturn({ horizonMs: HOUR_MS })], model: LINEAR_SPEC })
      return { definition, inference: linearModel(definition, [1 / scale]) }
    })
    expect(report.findings).toMatchObject([
      {
        culprit: 'model',
        name: 'linear',
        decision: { sequence: 0, kind: 'modelChange' },
        observation: { index: ACTIVE + 1 },
        lastObservation: { index: BARS - 1 },
      },
    ])
    expect(report.findings[0]?.sentence).toContain('its weights, its scaler or its code know later data')
  })

  test('4: a label inside a feature', async () => {
    const horizon = 5
    const report = await check(async history => {
      const features = [logReturn({ horizonMs: HOUR_MS })]
      const matrix = await buildFeatureMatrix({
        features,
        instrument: GOLD,
        events: history,
        everyMs: HOUR_MS,
      })
      const { rows, up } = makeLabels(matrix, horizon * HOUR_MS)
      // The first bar starts the cadence and has no row.
      const labels = [null, ...Array.from(rows, (_, place) => up[place] ?? null)]
      return {
        definition: hourly({ features: [...features, lookedUp('momentum', labels)] }),
        inference: null,
      }
    })
    const [finding, ...others] = report.findings
    expect(others).toEqual([])
    expect(finding).toMatchObject({ culprit: 'feature', name: 'momentum' })
    // The label compares the price of the decision with the close five bars later.
    const decidedAt = (finding?.timeMs ?? 0) - START_MS
    expect(finding?.observation?.index).toBe(decidedAt / HOUR_MS - 1 + horizon)
  })

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

  test('9: instruments that are chosen by what becomes of them', async () => {
    const other = bars.map(
      (event): MarketEvent => ({
        ...event,
        instrument: CURVE,
        lineage: {
          kind: 'feed',
          feed: 'test:other',
          sequence: event.lineage.kind === 'feed' ? event.lineage.sequence : 0,
        },
      }),
    )
    const events = [...bars, ...other.slice(0, 580)].sort(compareEvents)
    const report = await check(
      history => {
        const lasts = history.slice(-10).some(({ instrument }) => instrument === CURVE)
        return { definition: hourly({ observes: lasts ? [CURVE] : [] }), inference: null }
      },
      {},
      events,
    )
    expect(report.findings).toMatchObject([{ culprit: 'definition', name: 'restless' }])
    expect(report.findings[0]?.sentence).toContain('it has other settings')
  })

  test('10: an order that fills at the bar that caused it', async () => {
    const venue = (): Venue => {
      let last: MarketEvent<BarValue> | null = null
      let fills: Fill[] = []
      return {
        place(order) {
          if (last === null || last.lineage.kind !== 'feed') return
          const { side, quantity } = order.output
          const pricedBy = { source: last.lineage.feed, block: last.lineage.sequence, logIndex: 0 }
          const price = side === 'buy' ? last.value.ask.low : last.value.bid.high
          const fill = { kind: 'fill', order: order.sequence, side, outcome: 'filled', quantity } as const
          fills = [...fills, { ...fill, priceE8: price, feeE8: 0n as Fill['feeE8'], pricedBy }]
        },
        onEvent(event) {
          if (isBar(event)) last = event
          const made = fills
          fills = []
          return made
        },
      }
    }
    const definition = hourly({})
    const options = { definition, inference: null, events: bars, activeFromMs }
    const report = await checkLookAhead({ ...options, venue })
    expect(report.findings).toMatchObject([
      { culprit: 'venue', name: 'restless', certainty: 'proved', decision: { kind: 'fill' } },
    ])
    const [finding] = report.findings
    expect(finding?.observation?.knownAt).toBe(finding?.timeMs)
    expect(finding?.sentence).toContain('at the price of the very observation that caused it: bar ')
    // The paper venue fills at the next bar.
    expect((await checkLookAhead(options)).findings).toEqual([])
  })
})

describe('beyond the ten', () => {
  test('a strategy whose code knows the future is named, not its features', async () => {
    const report = await check(history => {
      const prices = closes(history)
      const strategy = defineStrategy({
        name: 'oracle',
        version: 1,
        params: {},
        decide({ nowMs }) {
          const place = (nowMs - START_MS) / HOUR_MS - 1
          const direction = (prices[place + 1] ?? 0) > (prices[place] ?? 0) ? 1 : -1
          const signal = { direction, strength: ppm(1), confidence: ppm(0.5), horizonMs: HOUR_MS } as const
          return { signal, target: { exposure: ppm(direction) } }
        },
      })
      return { definition: hourly({ strategy }), inference: null }
    })
    expect(report.findings).toMatchObject([{ culprit: 'strategy', name: 'oracle' }])
    const [finding] = report.findings
    expect(finding?.observation?.index).toBe(((finding?.timeMs ?? 0) - START_MS) / HOUR_MS)
    expect(finding?.sentence).toContain('Features and prediction are the same')
  })

  test('a venue that knows the next bar is named', async () => {
    const report = await check(history => {
      const prices = closes(history)
      const venue = (): Venue => {
        const waiting: Decision[] = []
        let bar = -1
        return {
          place: order => void (isOrder(order) && waiting.push(order)),
          onEvent(event) {
            if (!isBar(event) || event.lineage.kind !== 'feed') return []
            bar++
            const { feed, sequence } = event.lineage
            return waiting.splice(0).map(({ sequence: order, output }) => {
              if (output.kind !== 'order') throw new Error('no order')
              const best = Math.min(...[prices[bar], prices[bar + 2]].map(each => each ?? 1e9))
              const fill = { kind: 'fill', order, side: output.side, outcome: 'filled' } as const
              const price = priceE8(BigInt(Math.round(best * 1e8)))
              const pricedBy = { source: feed, block: sequence, logIndex: 0 }
              return {
                ...fill,
                quantity: output.quantity,
                priceE8: price,
                feeE8: 0n as Fill['feeE8'],
                pricedBy,
              }
            })
          },
        }
      }
      return { definition: hourly({}), inference: null, venue }
    })
    expect(report.findings).toMatchObject([{ culprit: 'venue', decision: { kind: 'fill' } }])
    const [finding] = report.findings
    // Its fill is at the bar known at that time; it saw the one after next.
    expect(finding?.observation?.index).toBe(((finding?.timeMs ?? 0) - START_MS) / HOUR_MS + 1)
  })

  test('each feature at fault is named, and none that is not', async () => {
    const report = await check(history => ({
      definition: hourly({
        features: [
          lookedUp('next_close', closes(history), 1),
          logReturn({ horizonMs: HOUR_MS }),
          lookedUp('far_close', closes(history), 9),
          lookedUp('this_close', closes(history)),
        ],
        strategy: defineStrategy({ name: 'still', version: 1, params: {}, decide: () => null }),
      }),
      inference: null,
    }))
    expect(report.findings.map(({ name, observation }) => [name, observation?.index])).toEqual([
      ['next_close', ACTIVE + 1],
      ['far_close', ACTIVE + 9],
    ])
  })

  test('a feature that throws without the future is named, and not the others', async () => {
    const report = await check(history => {
      const prices = closes(history)
      const reader = defineFeature({
        name: 'reader',
        version: 1,
        unit: '1',
        description: 'Planted',
        inputs: ['bar'],
        init: () => ({ bars: 0 }),
        update: state => void state.bars++,
        value({ bars: count }) {
          const next = prices[Math.min(count, BARS - 1)]
          if (next === undefined) throw new Error('no such bar')
          return 1
        },
      })
      return {
        definition: hourly({ features: [reader, logReturn({ horizonMs: HOUR_MS })] }),
        inference: null,
      }
    })
    expect(report.findings).toMatchObject([
      { culprit: 'feature', name: 'reader', observation: { index: ACTIVE + 1 } },
    ])
    expect(report.findings[0]?.sentence).toContain('and fails (no such bar)')
  })

  test('a state that outlives its run is found as a run that does not repeat', async () => {
    const seen: number[] = []
    const leaking = defineFeature({
      name: 'leaking',
      version: 1,
      unit: '1',
      description: 'Planted',
      inputs: ['bar'],
      init: () => ({ bars: 0 }),
      update(state, { value }) {
        state.bars++
        seen[state.bars] = Number(priceOf(value))
      },
      value: ({ bars: count }) => seen[count + 1] ?? 0,
    })
    const definition = hourly({ features: [leaking] })
    const report = await checkLookAhead({ definition, inference: null, events: bars, activeFromMs })
    expect(report.passed).toBe(false)
    expect(report.findings).toMatchObject([{ culprit: 'repeatability', decision: { sequence: 0 } }])
    expect(formatLookAhead(report)).toContain(
      'Run twice over the same history, the agent does not decide the same',
    )
  })

  test('a model that was trained on what it then trades is found by its training time', async () => {
    const definition = hourly({ model: LINEAR_SPEC })
    const inference = linearModel(definition, [1, 0, 0])
    const options = { definition, inference, events: bars, activeFromMs }
    const through = unixMs(START_MS + 100 * HOUR_MS)
    expect((await checkLookAhead({ ...options, trainedThroughMs: through })).findings).toMatchObject([
      { culprit: 'model', name: 'linear', decision: { sequence: 1, kind: 'signal' } },
    ])
    expect((await checkLookAhead({ ...options, trainedThroughMs: activeFromMs })).findings).toEqual([])
  })

  test('features are checked after a halt too', async () => {
    const limits = { ...hourly({}).limits, maxDailyLossE8: 1n as AgentDefinition['limits']['maxDailyLossE8'] }
    const report = await check(history => {
      // Looks ahead only in the second half, long after the halt.
      const prices = closes(history)
      const late = closes(bars).map((close, place) =>
        place < BARS / 2 ? close : (prices[place + 1] ?? null),
      )
      return { definition: hourly({ limits, features: [lookedUp('late', late)] }), inference: null }
    })
    expect(report.decisions).toBeLessThan(50)
    expect(report.findings).toMatchObject([
      { culprit: 'feature', name: 'late', decision: null, observation: { index: BARS / 2 + 1 } },
    ])
  })
})

function scaledOhlc({ open, high, low, close }: BarValue['bid']): BarValue['bid'] {
  const higher = (price: bigint) => priceE8((price * 101n) / 100n)
  return { open: higher(open), high: higher(high), low: higher(low), close: higher(close) }
}
