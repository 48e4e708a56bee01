import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  compareEvents,
  type Decision,
  floorDivide,
  type MarketEvent,
  SCORE_ONE,
  unixMs,
  ZERO_HASH,
} from '../core/index.ts'
import { buildFeatureMatrix, packFeatures } from '../feature-store/index.ts'
import { currentEquity, portfolioOf } from './index.ts'
import { LINEAR_SPEC, linearModel } from './test/linearModel.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { ofKind, runKernel } from './test/runKernel.ts'
import { START_MS, streams } from './test/syntheticMarket.ts'

const plain = restlessAgent()
const withModel = restlessAgent({ model: LINEAR_SPEC })
const inference = linearModel(withModel, [80, -3, 0.5])
/** Sizes that the agent asks for by itself. */
const UNITS: ReadonlySet<bigint> = new Set([1_234n, 777n])
const agents = [
  ['without a model', { agent: AGENT, definition: plain, inference: null, activeFromMs: unixMs(START_MS) }],
  ['with a model', { agent: AGENT, definition: withModel, inference, activeFromMs: unixMs(START_MS) }],
] as const

test('the streams of these tests are in the total order, and make agents trade', () => {
  let fills = 0
  fc.assert(
    fc.property(streams(), events => {
      for (let i = 1; i < events.length; i++)
        expect(compareEvents(events[i - 1]!, events[i]!)).toBeLessThan(0)
      fills += ofKind(runKernel(agents[0][1], events), 'fill').length
    }),
  )
  expect(fills).toBeGreaterThan(200)
})

describe.each(agents)('an agent %s', (_, options) => {
  const run = (events: readonly MarketEvent[]) => runKernel(options, events)

  test('decides the same from the same events, bit for bit', () => {
    fc.assert(
      fc.property(streams(), events => {
        expect(canonicalJson(run(events))).toBe(canonicalJson(run(events)))
      }),
    )
  })

  test('decides nothing from later data', () => {
    fc.assert(
      fc.property(streams(), fc.nat(60), (events, cut) => {
        const seen = events.slice(0, cut)
        const early = run(seen)
        expect(run(events).slice(0, early.length)).toEqual(early)
        const last = seen.at(-1)
        if (last !== undefined) expect(early.every(({ timeMs }) => timeMs <= last.knownAt)).toBe(true)
      }),
    )
  })

  test('numbers its decisions without a gap, in the order of time', () => {
    fc.assert(
      fc.property(streams(), events => {
        const decisions = run(events)
        expect(decisions.map(({ sequence }) => sequence)).toEqual(decisions.map((_, index) => index))
        for (let i = 1; i < decisions.length; i++)
          expect(decisions[i]!.timeMs).toBeGreaterThanOrEqual(decisions[i - 1]!.timeMs)
      }),
    )
  })

  test('fills each order at a later observation than its cause', () => {
    fc.assert(
      fc.property(streams(), events => {
        const open = new Map<number, Decision>()
        for (const decision of run(events)) {
          const { output } = decision
          if (output.kind === 'order') open.set(decision.sequence, decision)
          if (output.kind !== 'fill') continue
          const order = open.get(output.order ?? -1)
          expect(order).toBeDefined()
          if (output.cause === 'order') open.delete(output.order ?? -1)
          const cause = events.findIndex(({ lineage }) => rowOf(lineage) === order!.observed.block)
          const price = events.findIndex(({ lineage }) => rowOf(lineage) === output.pricedBy.block)
          expect(price).toBeGreaterThan(cause)
          // What is refused at once ends at the next event, whatever it is.
          if (output.outcome === 'filled')
            expect(events[price]!.validAt).toBeGreaterThanOrEqual(order!.timeMs)
        }
      }),
    )
  })

  test('pursues a target with one order at a time', () => {
    fc.assert(
      fc.property(streams(), events => {
        runKernel(options, events, (kernel, _event, decisions) => {
          const targeted = kernel.markets[0]!.openOrders.filter(
            ({ terms }) => !('size' in terms && 'units' in terms.size && UNITS.has(terms.size.units)),
          )
          expect(targeted.length).toBeLessThanOrEqual(1)
          expect(ofKind(decisions, 'order').length).toBeLessThanOrEqual(1)
        })
      }),
    )
  })

  test('conserves money: cash moves by what its fills say, to the last unit', () => {
    fc.assert(
      fc.property(streams(), events => {
        const { definition } = options
        const unit = 10n ** BigInt(definition.instrument.decimals)
        let cash: bigint = definition.capitalE8
        let held = 0n
        // The same account without rounding: 10⁻⁸ of the quote currency per smallest unit of the base.
        let exact: bigint = definition.capitalE8 * unit
        let fills = 0n
        runKernel(options, events, (kernel, _event, decisions) => {
          for (const { output } of ofKind(decisions, 'fill')) {
            const signed = output.side === 'buy' ? output.quantity : -output.quantity
            cash += floorDivide(-signed * output.priceE8, unit) - output.feeE8
            exact += -signed * output.priceE8 - output.feeE8 * unit
            held += signed
            fills++
          }
          const { holdings } = kernel.venue
          expect([holdings.cashE8, holdings.quantity(0)]).toEqual([cash, held])
          const { middleE8 } = kernel.markets[0]!
          const price = Number.isNaN(middleE8) ? 0n : BigInt(middleE8)
          const lost = exact + held * price - currentEquity(kernel) * unit
          // Each fill and the valuation round down by less than one unit, always against the agent.
          expect(lost >= 0n && lost < (fills + 1n) * unit).toBe(true)
          expect(portfolioOf(kernel).equityE8).toBe(currentEquity(kernel))
          expect(Math.abs(kernel.estimate.equityE8 - Number(currentEquity(kernel)))).toBeLessThan(2)
        })
      }),
    )
  })

  test('signals exactly the rows of its feature matrix', async () => {
    await fc.assert(
      fc.asyncProperty(streams(), async events => {
        const { features, instrument, everyMs } = options.definition
        const matrix = await buildFeatureMatrix({
          features,
          instrument,
          events,
          everyMs,
          fromMs: unixMs(options.activeFromMs + 1),
        })
        const rows = Array.from({ length: matrix.rows }, (_, row) => ({
          timeMs: matrix.timesMs[row],
          features: packFeatures(matrix.values.slice(row * matrix.columns, (row + 1) * matrix.columns)),
          priced: !Number.isNaN(matrix.prices[row]),
        }))
        const signals = ofKind(run(events), 'signal')
        expect(signals.map(({ timeMs, features: packed }) => [timeMs, packed])).toEqual(
          rows.filter(({ priced }) => priced).map(({ timeMs, features: packed }) => [timeMs, packed]),
        )
        expect(new Set(signals.map(({ featureSet }) => featureSet)).size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 50 },
    )
  })
})

test('an agent that may not go short never does', () => {
  const definition = restlessAgent({ allowShort: false })
  fc.assert(
    fc.property(streams(), events => {
      runKernel({ ...agents[0][1], definition }, events, ({ venue }) => {
        expect(venue.holdings.quantity(0) >= 0n).toBe(true)
      })
    }),
  )
})

test('a warm-up changes no decision: what is known up to the start only warms the features up', () => {
  fc.assert(
    fc.property(streams(), fc.nat(60), (events, cut) => {
      const activeFromMs = unixMs(events[cut]?.knownAt ?? START_MS)
      const decisions = runKernel({ ...agents[1][1], activeFromMs }, events)
      expect(decisions.every(({ timeMs }) => timeMs > activeFromMs)).toBe(true)
      // The cadence and the features ran through the warm-up: the signals are the later ones of a full run.
      const all = ofKind(runKernel({ ...agents[1][1], activeFromMs: unixMs(0) }, events), 'signal')
      expect(ofKind(decisions, 'signal').map(({ timeMs, features }) => [timeMs, features])).toEqual(
        all.filter(({ timeMs }) => timeMs > activeFromMs).map(({ timeMs, features }) => [timeMs, features]),
      )
    }),
  )
})

test('the first decision of an agent with a model says so, at the first event after its start', () => {
  fc.assert(
    fc.property(streams(), events => {
      const [first, ...rest] = runKernel(agents[1][1], events)
      const start = events.find(({ knownAt }) => knownAt > START_MS)
      if (start === undefined) {
        expect(first).toBeUndefined()
        return
      }
      expect(first?.output).toEqual({
        kind: 'modelChange',
        cause: 'deployed',
        from: ZERO_HASH,
        to: inference.hash,
      })
      expect(first?.timeMs).toBe(start.knownAt)
      expect(ofKind(rest, 'modelChange')).toEqual([])
      expect(rest.every(({ model }) => model === inference.hash)).toBe(true)
    }),
  )
})

test('a signal says what the model said', () => {
  const events = fc.sample(streams(), { numRuns: 1, seed: 11 })[0]!
  const signals = ofKind(runKernel(agents[1][1], events), 'signal')
  expect(signals.length).toBeGreaterThan(3)
  for (const { output, attributions } of signals) {
    const { score, probabilityUp } = output.prediction!
    expect(probabilityUp).toBeCloseTo(1e6 / (1 + Math.exp(-score / SCORE_ONE)), -3)
    expect(attributions.map(({ feature }) => feature)).toEqual(withModel.features.map(({ name }) => name))
  }
})

test('an event that goes back in time is refused', () => {
  const events = fc.sample(streams(), { numRuns: 1, seed: 3 })[0]!
  const late = [...events, { ...events.at(-1)!, knownAt: unixMs(START_MS - 1) }]
  expect(() => runKernel(agents[0][1], late)).toThrow(/came after one known at/)
})

const rowOf = (lineage: MarketEvent['lineage']) => (lineage.kind === 'feed' ? lineage.sequence : -1)
