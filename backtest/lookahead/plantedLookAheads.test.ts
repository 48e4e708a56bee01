import { describe, expect, test } from 'vitest'
import type { AgentDefinition } from '../../agents/index.ts'
import {
  cashE8,
  compareEvents,
  HOUR_MS,
  type MarketColumns,
  type MarketEvent,
  positionAt,
  priceE8,
  quantity,
} from '../../core/index.ts'
import { createPaperVenue, type Venue, type VenueOutcome } from '../../execution/index.ts'
import { LINEAR_SPEC, linearModel } from '../../execution/test/linearModel.ts'
import { CURVE, GOLD, START_MS } from '../../execution/test/syntheticMarket.ts'
import { buildFeatureMatrix, logReturn } from '../../feature-store/index.ts'
import { makeSamples } from '../../models/index.ts'
import { checkLookAhead } from './index.ts'

import {
  ACTIVE,
  activeFromMs,
  BARS,
  bars,
  check,
  closes,
  hourly,
  lookedUp,
  withFeature,
} from './plantedAgents.fixture.ts'

// The planted look-aheads that are in an agent's code; those of its data are in plantedData.test.ts.
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
      const { rows, targets } = makeSamples(matrix, {
        label: { kind: 'forward-return', horizonMs: horizon * HOUR_MS },
        objective: 'direction',
      })
      // The first bar starts the cadence and has no row.
      const labels = [null, ...Array.from(rows, row => targets[row] ?? null)]
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
    // The paper venue, but for what it fills at: the best price of the bar that the order was decided on.
    const venue = (agent: AgentDefinition): Venue => {
      const paper = createPaperVenue(agent)
      let last: { readonly columns: MarketColumns; readonly row: number } | null = null
      const fills: VenueOutcome[] = []
      const place: Venue['place'] = ({ sequence, output }) => {
        if (last === null || output.kind !== 'order' || !('side' in output.terms)) return
        const { side } = output.terms
        const { columns, row } = last
        const price = (side === 'buy' ? columns.askLowE8 : columns.bidHighE8)[row] ?? 0
        const { source, block, logIndex } = positionAt(columns, row)
        fills.push({
          market: 0,
          timeMs: columns.closeMs[row] ?? 0,
          isDone: true,
          output: {
            kind: 'fill',
            order: sequence,
            cause: 'order',
            side,
            outcome: 'filled',
            reason: null,
            quantity: quantity(1n),
            priceE8: priceE8(BigInt(price)),
            feeE8: cashE8(0n),
            pricedBy: { source, block, logIndex },
          },
        })
      }
      return {
        holdings: paper.holdings,
        isClosed: false,
        place,
        outcomes: fills,
        clearOutcomes: () => fills.splice(0),
        onRow(columns: MarketColumns, row: number, market: number) {
          paper.onRow(columns, row, market)
          last = { columns, row }
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
