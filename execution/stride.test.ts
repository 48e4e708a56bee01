import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AgentDefinition } from '../agents/index.ts'
import {
  cashE8,
  DAY_MS,
  E8,
  type MarketColumns,
  type MarketEvent,
  MINUTE_MS,
  marketColumns,
  ppm,
  priceE8,
  quantity,
  unixMs,
} from '../core/index.ts'
import { quotedSpread, sma } from '../feature-store/index.ts'
import { defineStrategy } from '../strategies/index.ts'
import { createKernel, type Kernel, placeUnsigned, portfolioOf, step, stride } from './index.ts'
import { FUND_ISSUER } from './test/issuerMarket.ts'
import { orderTrader } from './test/orderTrader.ts'
import { AGENT, restlessAgent } from './test/restlessAgent.ts'
import { barValue, CURVE, eventAt, GOLD, START_MS } from './test/syntheticMarket.ts'

/** What a run leaves: every decision, the equity after each row, and what is held. */
type Trace = { readonly decisions: unknown; readonly equity: number[]; readonly portfolio: unknown }

const open = (definition: AgentDefinition, columns: MarketColumns) =>
  createKernel({
    agent: AGENT,
    definition,
    inference: null,
    activeFromMs: unixMs(START_MS + 3 * MINUTE_MS),
    history: columns,
  })

const traceOf = (kernel: Kernel & ReturnType<typeof open>, equity: number[]): Trace => ({
  decisions: kernel.decisions.held(),
  equity,
  portfolio: portfolioOf(kernel),
})

function byStep(definition: AgentDefinition, columns: MarketColumns): Trace {
  const kernel = open(definition, columns)
  const equity: number[] = []
  for (let row = 0; row < columns.length; row++) {
    step(kernel, columns, row)
    placeUnsigned(kernel)
    equity.push(kernel.estimate.equityE8)
  }
  return traceOf(kernel, equity)
}

/** How many rows the strides of all runs took. */
let strode = 0

function byStride(definition: AgentDefinition, columns: MarketColumns): Trace {
  const kernel = open(definition, columns)
  const marks = new Float64Array(columns.length)
  for (let row = 0; row < columns.length; ) {
    const next = stride(kernel, columns, row, columns.length, marks, row)
    strode += next - row
    if (next === row) {
      step(kernel, columns, row)
      marks[row] = kernel.estimate.equityE8
      row++
    } else row = next
    placeUnsigned(kernel)
  }
  return traceOf(kernel, [...marks])
}

/** Mostly minute bars of what is traded; now and then a jump, a gap, a new day, a quote or something else between them. */
const histories = (maxLength: number): fc.Arbitrary<MarketColumns> =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom(...Array<'bar'>(20).fill('bar'), 'quote', 'clock', 'other', 'nav'),
        gapMs: fc.constantFrom(...Array<number>(12).fill(MINUTE_MS), 0, 20_000, 7 * MINUTE_MS, DAY_MS / 3),
        movePpm: fc.integer({ min: -2_000, max: 2_000 }),
        jump: fc.integer({ min: 0, max: 60 }),
      }),
      { minLength: maxLength / 2, maxLength, size: 'max' },
    )
    .map(rows => {
      let now = START_MS
      let price = 2_000_00000000n
      const events = rows.map(({ kind, gapMs, movePpm, jump }, row): MarketEvent => {
        const before = now
        now += gapMs
        const opened = price
        price += (price * BigInt(jump === 0 ? movePpm * 40 : movePpm)) / 1_000_000n
        const place = { validAt: now, knownAt: now, row }
        if (kind === 'clock') return eventAt({ type: 'clock' }, place, CURVE)
        if (kind === 'other') return eventAt(barValue(7n, 9n, now), { ...place, validAt: before }, CURVE)
        if (kind === 'nav') return eventAt({ type: 'nav', navE8: priceE8(price) }, place)
        if (kind === 'quote')
          return eventAt({ type: 'quote', bidE8: opened, askE8: price } as MarketEvent['value'], place)
        return eventAt(barValue(opened, price, now, 10_000_000n), { ...place, validAt: before })
      })
      return marketColumns(events, [GOLD.id, CURVE])
    })

/** Holds all it may while a fast average is above a slow one, and looks at its money now and then. */
const crosses = defineStrategy({
  name: 'crosses',
  version: 1,
  params: {},
  decide({ feature, quantity, cashE8: free, equityE8, exposure, nowMs }) {
    const [fast, slow] = [feature('sma_3'), feature('sma_7')]
    if (fast === null || slow === null) return null
    const signal = {
      direction: fast > slow ? 1 : -1,
      strength: ppm(nowMs % 3 === 0 ? Math.min(1, Math.abs(exposure) / 4e6) : 0.5),
      confidence: ppm((Number((free + equityE8) % 1_000n) + 1) / 2_000),
      horizonMs: MINUTE_MS,
    } as const
    if (fast > slow === quantity > 0n && quantity !== 0n) return { signal }
    return { signal, target: { exposure: ppm(fast > slow ? 0.8 : -0.5) } }
  },
})

/** Subscribes and redeems as well as it trades. */
const subscribes = defineStrategy({
  name: 'subscribes',
  version: 1,
  params: {},
  decide({ nowMs, quantity: held, cashE8: free, priceE8: price }) {
    const choice = (Number(price / 1_000n) + nowMs / 1_000) % 13
    const signal = { direction: 1, strength: ppm(0.5), confidence: ppm(0.5), horizonMs: MINUTE_MS } as const
    if (choice < 2) return { signal, orders: [{ kind: 'subscribe', amountE8: cashE8(free / 10n + 1n) }] }
    if (choice < 4) return { signal, orders: [{ kind: 'redeem', shares: quantity(held / 3n + 1n) }] }
    return choice < 6 ? { signal, target: { exposure: ppm(choice - 4) } } : { signal }
  },
})

const averages = [sma({ length: 3 }), sma({ length: 7 })]
const crossing = (changes: Parameters<typeof restlessAgent>[0] = {}) =>
  restlessAgent({ features: averages, strategy: crosses, ...changes })
const { limits, venue } = restlessAgent()

const agents: readonly [string, (capital: number) => AgentDefinition][] = [
  ['one that crosses averages', () => crossing()],
  ['one of which a feature is read row by row', () => crossing({ features: [...averages, quotedSpread] })],
  ['one that decides every five minutes', () => crossing({ everyMs: 5 * MINUTE_MS, allowShort: false })],
  [
    'one near its limits',
    capital =>
      crossing({
        everyMs: (capital % 2 === 0 ? 1 : 5) * MINUTE_MS,
        limits: {
          ...limits,
          maxPositionE8: cashE8(BigInt(capital) * E8),
          maxDailyLossE8: cashE8(BigInt(capital) * (E8 / 200n)),
          maxStalenessMs: DAY_MS,
        },
      }),
  ],
  [
    'one that deals with an issuer',
    () =>
      restlessAgent({
        instrument: { ...GOLD, kind: 'navToken' },
        issuers: [{ ...FUND_ISSUER, instrument: GOLD.id }],
        features: averages,
        strategy: subscribes,
        allowShort: false,
      }),
  ],
  ['one that fills at the close', () => crossing({ venue: { ...venue, marketOrders: 'thisClose' } })],
  ['one that always trades', () => restlessAgent({ features: [...restlessAgent().features, ...averages] })],
  ['one of every kind of order', () => orderTrader()],
  [
    'one that hedges at the close',
    () => orderTrader({ venue: { ...orderTrader().venue, positions: 'hedging', marketOrders: 'thisClose' } }),
  ],
]

describe('a stride leaves what steps leave, at every row', () => {
  test.each(agents)('%s', (_, agentOf) => {
    const before = strode
    let rows = 0
    let decided = 0
    fc.assert(
      fc.property(histories(240), fc.integer({ min: 79_000, max: 110_000 }), (columns, capital) => {
        const definition = agentOf(capital)
        const stepped = byStep(definition, columns)
        expect(byStride(definition, columns)).toEqual(stepped)
        rows += columns.length
        decided += (stepped.decisions as unknown[]).length
      }),
      { numRuns: 15, seed: 11 },
    )
    expect(decided).toBeGreaterThan(100)
    expect(strode - before).toBeGreaterThan(rows / 20)
  })

  test('over several blocks of features that are read ahead', () => {
    const [columns] = fc.sample(histories(2_400), { seed: 5, numRuns: 1 }) as [MarketColumns]
    expect(byStride(crossing(), columns)).toEqual(byStep(crossing(), columns))
  })
})
