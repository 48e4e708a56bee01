import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DAY_MS,
  type Decision,
  E8,
  floorDivide,
  HOUR_MS,
  type MarketEvent,
  MINUTE_MS,
  positionOf,
  priceOf,
  unixMs,
} from '../core/index.ts'
import { bookReference } from './test/bookReference.ts'
import { LINEAR_SPEC, linearModel } from './test/linearModel.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { ofKind, runKernel } from './test/runKernel.ts'
import { barValue, eventAt, GOLD, randomBars, START_MS, streams } from './test/syntheticMarket.ts'

const definition = restlessAgent({ model: LINEAR_SPEC })
const inference = linearModel(definition, [80, -3, 0.5])
const options = { agent: AGENT, definition, inference, activeFromMs: unixMs(START_MS) }
const tracked = (events: readonly MarketEvent[]) => runKernel(options, events, undefined, true)

/** The newest price known at a time, with the place of its observation; by reading the whole history again. */
function priceAt(events: readonly MarketEvent[], timeMs: number) {
  const priced = events.filter(
    ({ instrument, knownAt, value }) =>
      instrument === GOLD.id && knownAt <= timeMs && priceOf(value) !== null,
  )
  const event = priced.at(-1)
  if (event === undefined) throw new Error('Nothing was priced by then.')
  const { source, block, logIndex } = positionOf(event)
  return { price: priceOf(event.value), by: { source, block, logIndex } }
}

const firstAfter = (events: readonly MarketEvent[], timeMs: number) =>
  events.find(({ knownAt }) => knownAt > timeMs)

describe('signals are settled', () => {
  test('at the first event after their horizon, by the last price known when it ended, each once', () => {
    let outcomes = 0
    fc.assert(
      fc.property(streams(), events => {
        const decisions = tracked(events)
        const told = ofKind(decisions, 'outcome')
        outcomes += told.length
        for (const { output, instrument, timeMs, observed } of told) {
          const signal = decisions[output.signal]
          if (signal?.output.kind !== 'signal') throw new Error('The signal of an outcome is a signal.')
          const dueMs = signal.timeMs + signal.output.horizonMs
          const end = firstAfter(events, dueMs)!
          expect([timeMs, observed]).toEqual([end.knownAt, withoutTime(positionOf(end))])
          const exit = priceAt(events, dueMs)
          expect([output.exitPriceE8, output.exitPricedBy]).toEqual([exit.price, exit.by])
          // At its own instant: of what was known before it, and at most up to its own event.
          const place = events.findIndex(event => isAt(event, signal))
          const entry = priceAt(events.slice(0, place + 1), signal.timeMs)
          expect([output.entryPriceE8, output.entryPricedBy]).toEqual([entry.price, entry.by])
          expect(instrument).toBe(signal.instrument)
        }
        const speaking = ofKind(decisions, 'signal').filter(
          ({ output }) => output.direction !== 0 || output.prediction !== null,
        )
        const ended = speaking.filter(
          ({ timeMs, output }) => firstAfter(events, timeMs + output.horizonMs) !== undefined,
        )
        expect(told.map(({ output }) => output.signal)).toEqual(
          ended
            .toSorted((a, b) => a.timeMs + a.output.horizonMs - b.timeMs - b.output.horizonMs)
            .map(({ sequence }) => sequence),
        )
      }),
    )
    expect(outcomes).toBeGreaterThan(300)
  })

  test('also after a halt', () => {
    const limits = { ...definition.limits, maxDailyLossE8: 1n as never }
    const halting = restlessAgent({ limits })
    const decisions = runKernel(
      { ...options, definition: halting, inference: null },
      randomBars(600, MINUTE_MS),
      undefined,
      true,
    )
    const [halt] = ofKind(decisions, 'halt')
    const later = decisions.slice(halt!.sequence + 1)
    expect(new Set(later.map(({ output }) => output.kind))).toEqual(new Set(['outcome', 'valuation']))
    const speaking = ofKind(decisions, 'signal').filter(({ output }) => output.direction !== 0)
    expect(ofKind(decisions, 'outcome').length).toBe(speaking.length)
  })
})

describe('the account is valued', () => {
  test.each([
    ['day', HOUR_MS, DAY_MS, 15],
    ['hour', MINUTE_MS, HOUR_MS, 300],
  ])(
    'at the end of each %s in which something was known, with what the fills say',
    (_, everyMs, periodMs, least) => {
      const often = restlessAgent({ everyMs })
      let valuations = 0
      let held = 0
      fc.assert(
        fc.property(streams(120), events => {
          const decisions = runKernel(
            { ...options, definition: often, inference: null },
            events,
            undefined,
            true,
          )
          const book = bookReference(often)
          for (const { output, instrument, timeMs, observed } of decisions) {
            book.add(output, instrument)
            if (output.kind !== 'valuation') continue
            valuations++
            expect(output.asOfMs % periodMs).toBe(0)
            const end = firstAfter(events, output.asOfMs)!
            expect([timeMs, observed]).toEqual([end.knownAt, withoutTime(positionOf(end))])
            expect(output.cashE8).toBe(book.cashE8)
            expect(output.positions.map(({ instrument: id, quantity }) => [id, quantity])).toEqual(
              book.positions(),
            )
            let equity: bigint = output.cashE8
            for (const { quantity, priceE8, pricedBy, decimals } of output.positions) {
              const { price, by } = priceAt(events, output.asOfMs)
              expect([priceE8, pricedBy, decimals]).toEqual([price, by, GOLD.decimals])
              equity += floorDivide(quantity * priceE8, 10n ** BigInt(decimals))
              if (quantity !== 0n) held++
            }
            expect(output.equityE8).toBe(equity)
          }
          const periods = events
            .filter(({ knownAt }) => knownAt > START_MS)
            .map(({ knownAt }) => Math.ceil(knownAt / periodMs))
          const ended = [...new Set(periods)].slice(0, -1)
          expect(ofKind(decisions, 'valuation').map(({ output }) => output.asOfMs)).toEqual(
            ended.map(period => period * periodMs),
          )
        }),
        { numRuns: 60 },
      )
      expect(valuations).toBeGreaterThan(least)
      expect(held).toBeGreaterThan(least / 2)
    },
  )

  test('counts what is known at midnight to the day that ends', () => {
    const midnight = START_MS + DAY_MS
    const bar = (closeMs: number, close: bigint, row: number) =>
      eventAt(barValue(close, close, closeMs), { validAt: closeMs - HOUR_MS, knownAt: closeMs, row })
    const events = [
      ...randomBars(23, HOUR_MS),
      bar(midnight, 2_222n * E8, 23),
      bar(midnight + HOUR_MS, 2_100n * E8, 24),
    ]
    const daily = { ...options, definition: restlessAgent({ everyMs: HOUR_MS }), inference: null }
    const [valuation] = ofKind(runKernel(daily, events, undefined, true), 'valuation')
    expect(valuation?.output.asOfMs).toBe(midnight)
    expect(valuation?.output.positions.map(({ priceE8, pricedBy }) => [priceE8, pricedBy.block])).toEqual([
      [2_222n * E8, 23],
    ])
  })
})

describe('tracking', () => {
  const isTracking = ({ output }: Decision) => output.kind === 'outcome' || output.kind === 'valuation'

  test('adds decisions and changes none', () => {
    fc.assert(
      fc.property(streams(), events => {
        const with_ = tracked(events)
        const kept = with_.filter(decision => !isTracking(decision))
        const places = new Map(kept.map(({ sequence }, place) => [sequence, place]))
        const renumbered = kept.map((decision, sequence) => {
          const { output } = decision
          return 'order' in output && typeof output.order === 'number'
            ? { ...decision, sequence, output: { ...output, order: places.get(output.order) } }
            : { ...decision, sequence }
        })
        expect(renumbered).toEqual(runKernel(options, events))
      }),
      { numRuns: 50 },
    )
  })

  test('looks at nothing later: the decisions of a shorter history are the first of a longer one', () => {
    fc.assert(
      fc.property(streams(), fc.nat(60), (events, cut) => {
        const early = tracked(events.slice(0, cut))
        expect(tracked(events).slice(0, early.length)).toEqual(early)
      }),
      { numRuns: 50 },
    )
  })
})

const withoutTime = ({ source, block, logIndex }: ReturnType<typeof positionOf>) => ({
  source,
  block,
  logIndex,
})

const isAt = (event: MarketEvent, { observed }: Decision): boolean => {
  const { source, block, logIndex } = positionOf(event)
  return source === observed.source && block === observed.block && logIndex === observed.logIndex
}
