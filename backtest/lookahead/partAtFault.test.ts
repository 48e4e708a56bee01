import { describe, expect, test } from 'vitest'
import type { AgentDefinition } from '../../agents/index.ts'
import { HOUR_MS, type MarketColumns, ppm, priceE8, priceOf, unixMs } from '../../core/index.ts'
import { createPaperVenue, type Venue, type VenueOutcome } from '../../execution/index.ts'
import { LINEAR_SPEC, linearModel } from '../../execution/test/linearModel.ts'
import { START_MS } from '../../execution/test/syntheticMarket.ts'
import { defineFeature, logReturn } from '../../feature-store/index.ts'
import { defineStrategy } from '../../strategies/index.ts'
import { checkLookAhead, formatLookAhead } from './index.ts'

import { ACTIVE, activeFromMs, BARS, bars, check, closes, hourly, lookedUp } from './plantedAgents.fixture.ts'

describe('what is at fault', () => {
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
      // The paper venue, but for the price: the better one of this bar and the one after next.
      const venue = (agent: AgentDefinition): Venue => {
        const paper = createPaperVenue(agent)
        const fills: VenueOutcome[] = []
        let bar = -1
        return {
          holdings: paper.holdings,
          isClosed: false,
          place: paper.place,
          outcomes: fills,
          clearOutcomes: () => fills.splice(0),
          onRow(columns: MarketColumns, row: number, market: number) {
            bar++
            paper.onRow(columns, row, market)
            const best = Math.min(...[prices[bar], prices[bar + 2]].map(each => each ?? 1e9))
            const price = priceE8(BigInt(Math.round(best * 1e8)))
            for (const outcome of paper.outcomes)
              fills.push({
                ...outcome,
                output: { ...outcome.output, priceE8: price } as VenueOutcome['output'],
              })
            paper.clearOutcomes()
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
