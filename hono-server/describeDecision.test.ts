import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cashE8,
  type DecisionOutput,
  type Fill,
  instrumentId,
  type OrderTerms,
  ppm,
  priceE8,
  quantity,
  type RecordedDecision,
  unixMs,
} from '../core/index.ts'
import { encodeBody } from '../decision-log/index.ts'
import { anyOutput } from '../decision-log/test/anyOutput.ts'
import { hashOf, sampleRecord } from '../decision-log/test/sampleDecisions.ts'
import { describeDecision, describeOutput } from './describeDecision.ts'

const E18 = 10n ** 18n
const units = (value: bigint) => ({ units: quantity(value) })
const says = (output: DecisionOutput, decimals: number | null = 18) => describeOutput(output, decimals)
const outcome = (exitE8: bigint): DecisionOutput => ({
  kind: 'outcome',
  signal: 3,
  entryPriceE8: priceE8(3_350_00000000n),
  entryPricedBy: { source: 'oanda:XAUUSD', block: 7, logIndex: 0 },
  exitPriceE8: priceE8(exitE8),
  exitPricedBy: { source: 'oanda:XAUUSD', block: 9, logIndex: 0 },
})
const order = (terms: OrderTerms) => says({ kind: 'order', terms, referencePriceE8: priceE8(1n) })

test.each<[says: string, terms: OrderTerms]>([
  ['buy 2.5 at market', { kind: 'market', side: 'buy', size: units(25n * 10n ** 17n) }],
  ['buy for 1,000.00 at market', { kind: 'market', side: 'buy', size: { cashE8: cashE8(1_000_00000000n) } }],
  ['sell 150.0 % of equity at market', { kind: 'market', side: 'sell', size: { equityPpm: ppm(1.5) } }],
  [
    'sell limit 1 at 2,010.00, good till 2024-01-05 12:00:00',
    {
      kind: 'limit',
      limitE8: priceE8(2_010_00000000n),
      side: 'sell',
      size: units(E18),
      goodTillMs: unixMs(Date.UTC(2024, 0, 5, 12)),
    },
  ],
  [
    'sell stop 1 at 0.0125, of lot 3',
    { kind: 'stop', stopE8: priceE8(1_250_000n), side: 'sell', size: units(E18), lot: 3, reduceOnly: true },
  ],
  [
    'sell stop 1 at 1,990.00 with limit 1,985.00, reduce only',
    {
      kind: 'stopLimit',
      stopE8: priceE8(1_990_00000000n),
      limitE8: priceE8(1_985_00000000n),
      side: 'sell',
      size: units(E18),
      reduceOnly: true,
    },
  ],
  [
    'sell trailing stop 1, 15.00 behind',
    { kind: 'trailingStop', trailE8: priceE8(15_00000000n), side: 'sell', size: units(E18) },
  ],
  [
    'sell trailing stop 1, 1.5 % behind',
    { kind: 'trailingStop', trailPpm: ppm(0.015), side: 'sell', size: units(E18) },
  ],
  [
    'buy 1 at market, in place of all else, stop-loss 1,950.00, take-profit 2,100.00',
    {
      kind: 'market',
      side: 'buy',
      size: units(E18),
      exclusive: true,
      bracket: { stopLoss: { stopE8: priceE8(1_950_00000000n) }, takeProfitE8: priceE8(2_100_00000000n) },
    },
  ],
  [
    'buy 1 at market, stop-loss 2.0 % behind',
    { kind: 'market', side: 'buy', size: units(E18), bracket: { stopLoss: { trailPpm: ppm(0.02) } } },
  ],
  [
    'buy 1 at market',
    { kind: 'market', side: 'buy', size: units(E18), exclusive: false, reduceOnly: false, bracket: {} },
  ],
  ['subscribe 1,000.00', { kind: 'subscribe', amountE8: cashE8(1_000_00000000n) }],
  ['redeem 500 shares', { kind: 'redeem', shares: quantity(500n * E18) }],
  ['redeem 1 share at once', { kind: 'redeem', shares: quantity(E18), instantly: true }],
])('an order: %s', (text, terms) => {
  expect(order(terms)).toBe(text)
})

describe('a fill', () => {
  const fill: Fill = {
    kind: 'fill',
    order: 12,
    cause: 'order',
    side: 'sell',
    outcome: 'filled',
    reason: null,
    quantity: quantity(E18),
    priceE8: priceE8(1_950_00000000n),
    feeE8: cashE8(0n),
    pricedBy: { source: 'feed', block: 1, logIndex: 0 },
  }
  const ended = { outcome: 'ended', reason: 'margin', quantity: quantity(0n), priceE8: priceE8(0n) } as const
  test.each<[string, Partial<Fill>]>([
    ['sold 1 at 1,950.00 for order 12', {}],
    ['bought 1 at 1,950.00 for order 12', { side: 'buy' }],
    ['stop-loss sold 1 at 1,950.00 for order 12', { cause: 'stopLoss' }],
    ['take-profit sold 1 at 1,950.00 for order 12', { cause: 'takeProfit' }],
    ['close sold 1 at 1,950.00 for order 12', { cause: 'close' }],
    ['liquidation sold 1 at 1,950.00', { cause: 'liquidation', order: null }],
    ['order 12 ended: margin', ended],
    ['order 12 ended: time is up', { ...ended, reason: 'goodTill' }],
    [
      'stop-loss of order 12 ended: another took its place',
      { ...ended, cause: 'stopLoss', reason: 'exclusive' },
    ],
  ])('%s', (text, change) => {
    expect(says({ ...fill, ...change })).toBe(text)
  })
})

test.each<[string, DecisionOutput]>([
  ['cancelled order 12', { kind: 'cancel', order: 12 }],
  [
    'received 10 shares of order 12',
    { kind: 'settlement', order: 12, quantity: quantity(10n * E18), cashE8: cashE8(0n) },
  ],
  [
    'received 1,234.50 of order 12',
    { kind: 'settlement', order: 12, quantity: quantity(0n), cashE8: cashE8(1_234_50000000n) },
  ],
  [
    'received 0.5 shares and 0.01 of order 12',
    { kind: 'settlement', order: 12, quantity: quantity(E18 / 2n), cashE8: cashE8(1_000_000n) },
  ],
  [
    'yield +12.30',
    { kind: 'adjustment', reason: 'distribution', quantity: 0n, cashE8: cashE8(12_30000000n) },
  ],
  ['rebase +3 shares', { kind: 'adjustment', reason: 'rebase', quantity: 3n * E18, cashE8: cashE8(0n) }],
  [
    'forced transfer -10 shares and -1.00',
    { kind: 'adjustment', reason: 'forcedTransfer', quantity: -10n * E18, cashE8: cashE8(-100_000_000n) },
  ],
  ['signal 3 ended: 3,350.00 to 3,316.50, -1.00 %', outcome(3_316_50000000n)],
  ['signal 3 ended: 3,350.00 to 3,350.00, +0.00 %', outcome(3_350_00000000n)],
  [
    'worth 100,350.00 at 2024-01-06T00:00:00Z, -3,000.00 of it cash',
    {
      kind: 'valuation',
      asOfMs: unixMs(1_704_499_200_000),
      cashE8: cashE8(-3_000_00000000n),
      equityE8: cashE8(100_350_00000000n),
      positions: [],
    },
  ],
  ['halted: dailyLoss', { kind: 'halt', reason: 'dailyLoss', limit: 1n, observed: 2n }],
  ...(
    [
      ['model 0xdddddddd… deployed', 'deployed'],
      ['model 0xdddddddd… after 0xcccccccc…, as scheduled', 'scheduled'],
      ['model 0xdddddddd… admitted beside the serving one', 'admitted'],
      ['model 0xdddddddd… promoted over 0xcccccccc…', 'promoted'],
      ['model 0xcccccccc… rolled back to 0xdddddddd…', 'rolledBack'],
    ] as const
  ).map(([text, cause]): [string, DecisionOutput] => [
    text,
    { kind: 'modelChange', cause, from: hashOf('c'), to: hashOf('d') },
  ]),
])('%s', (text, output) => {
  expect(says(output)).toBe(text)
})

test.each<[amount: bigint, decimals: number | null, text: string]>([
  [1_234_567_890_000n, 6, '1,234,567.89'],
  [10n ** 18n / 3n, 18, '0.333333'],
  [5n, 18, '0.000000000000000005'],
  [1_000n, 0, '1,000'],
  [1_500n, null, '1,500 smallest units'],
  [1n, null, '1 smallest unit'],
])('%s of %s decimals is %s', (amount, decimals, text) => {
  expect(
    says(
      {
        kind: 'order',
        referencePriceE8: priceE8(1n),
        terms: { kind: 'market', side: 'buy', size: units(amount) },
      },
      decimals,
    ),
  ).toBe(`buy ${text} at market`)
})

const stored = (body: string): RecordedDecision => ({
  ...{ agent: `0x${'1'.repeat(40)}`, sequence: 1, feedSequence: 1, kind: 'order', timeMs: unixMs(1) },
  ...{ instrument: instrumentId('oanda:XAUUSD'), body, leaf: hashOf('a'), signature: '0x' },
})

test('a record of any output is described in one short line, with the decimals of its instrument', () => {
  fc.assert(
    fc.property(anyOutput, output => {
      const decision = stored(encodeBody(sampleRecord(`0x${'1'.repeat(40)}`, 1, output)))
      const text = describeDecision(decision, instrument => (instrument === 'oanda:XAUUSD' ? 18 : null))
      expect(text).toBe(describeOutput(output, 18))
      expect(text).toMatch(/^[^\n]{4,}$/)
      expect(text).not.toMatch(/undefined|null|NaN|\[object|unreadable/)
    }),
    { numRuns: 500 },
  )
})

test('what is no record is said to be unreadable', () => {
  expect(describeDecision(stored('{}'), () => 18)).toBe('unreadable record')
})
