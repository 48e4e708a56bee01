import fc from 'fast-check'
import { toHex } from 'viem'
import { expect, test } from 'vitest'
import {
  cashE8,
  DECISION_KINDS,
  type DecisionOutput,
  type Fill,
  type Hex,
  priceE8,
  quantity,
} from '../core/index.ts'
import {
  ADJUSTMENT_REASONS,
  END_REASONS,
  encodeOutput,
  FILL_CAUSES,
  HALT_REASONS,
  ORDER_KINDS,
} from './index.ts'
import { anyOutput } from './test/anyOutput.ts'
import { decodeOutput } from './test/decodeOutput.ts'
import { hashOf, OUTPUTS, TERMS } from './test/sampleDecisions.ts'

const E8 = 100_000_000n

/** 32-byte words, by hand: numbers in two's complement, booleans as 1 or 0. */
function words(...values: readonly (number | bigint | boolean | Hex)[]): Hex {
  const word = (value: number | bigint | boolean | Hex) =>
    typeof value === 'string' ? value.slice(2) : BigInt.asUintN(256, BigInt(value)).toString(16)
  return `0x${values.map(value => word(value).padStart(64, '0')).join('')}`
}
/** The bytes of a text, filled up to a word. */
const padded = (text: string): Hex => `0x${toHex(text).slice(2).padEnd(64, '0')}`

const NO_TRAIL = [0, 0] as const
const NO_BRACKET = [false, 0, 0, false, 0] as const

// Pinned word by word: whoever changes an encoding changes what every signature and anchor means.
test.each([
  ['signal', words(-1, 250_000, 610_000, 3_600_000, true, 467_001, 610_000)],
  [
    'order',
    words(
      0,
      3_350_12345678n,
      0,
      0,
      5n * 10n ** 18n,
      0,
      0,
      ...NO_TRAIL,
      false,
      0,
      0,
      false,
      0,
      0,
      ...NO_BRACKET,
    ),
  ],
  ['fill', words(true, 1, 0, 1, 0, 0, 7, 3_350n * E8, -12, 12 * 32, 23_000_000, 7, 8, padded('eip155:1'))],
  ['halt', words(2, -500n * E8, -512n * E8)],
  ['modelChange', words(3, hashOf('0'), hashOf('d'))],
  ['cancel', words(1)],
  ['settlement', words(1, 10n ** 18n, 0)],
  ['adjustment', words(0, 0, 12_30000000n)],
  [
    'outcome',
    words(
      ...[0, 3_350n * E8, 9 * 32, 999, 0, 3_351_50000000n, 11 * 32, 23_000_000, 7],
      ...[12, padded('oanda:XAUUSD'), 8, padded('eip155:1')],
    ),
  ],
  [
    'valuation',
    words(
      ...[1_700_006_400_000, -3_000n * E8, 350n * E8, 4 * 32],
      // Two positions: where each starts, counted from after their number; then their words and texts.
      ...[2, 2 * 32, 13 * 32],
      ...[7 * 32, 18, 10n ** 18n, 3_350n * E8, 9 * 32, 999, 0],
      ...[12, padded('oanda:XAUUSD'), 12, padded('oanda:XAUUSD')],
      ...[7 * 32, 6, 0, 3_349n * E8, 9 * 32, 4, 0],
      ...[15, padded('kraken:XAUT/USD'), 15, padded('kraken:XAUT/USD')],
    ),
  ],
] as const)('words of a %s', (kind, encoded) => {
  expect(OUTPUTS.filter(output => output.kind === kind).map(encodeOutput)).toEqual([encoded])
})

const REFERENCE = 3_350n * E8
test.each([
  [
    'market',
    words(
      ...[0, REFERENCE, 0, 2, 1_500_000, 0, 0, ...NO_TRAIL, false, 0, 0, false, 0, 2],
      ...[true, 2, 20_000, true, 3_500n * E8],
    ),
  ],
  [
    'limit',
    words(
      ...[
        1,
        REFERENCE,
        0,
        1,
        1_000n * E8,
        3_340n * E8,
        0,
        ...NO_TRAIL,
        true,
        1_700_000_000_000,
        0,
        false,
        0,
        0,
      ],
      ...[true, 3, 3_300n * E8, false, 0],
    ),
  ],
  [
    'stop',
    words(
      ...[2, REFERENCE, 1, 0, 25n * 10n ** 17n, 0, 3_300n * E8, ...NO_TRAIL, false, 0, 0, true, 3, 0],
      ...NO_BRACKET,
    ),
  ],
  [
    'stopLimit',
    words(
      ...[3, REFERENCE, 1, 0, 10n ** 18n, 3_295n * E8, 3_300n * E8, ...NO_TRAIL, false, 0, 2, false, 0, 1],
      ...NO_BRACKET,
    ),
  ],
  [
    'trailingStop',
    words(
      ...[4, REFERENCE, 1, 0, 1, 0, 0, 1, 15n * E8, false, 0, 0, false, 0, 0],
      ...[true, 1, 40n * E8, false, 0],
    ),
    words(4, REFERENCE, 0, 0, 1, 0, 0, 2, 15_000, false, 0, 0, false, 0, 0, ...NO_BRACKET),
  ],
  ['subscribe', words(5, REFERENCE, 1_000n * E8)],
  ['redeem', words(6, REFERENCE, 500n * 10n ** 18n, 2)],
] as const)('words of %s terms', (kind, ...encoded) => {
  const orders = TERMS.filter(terms => terms.kind === kind)
  expect(
    orders.map(terms => encodeOutput({ kind: 'order', terms, referencePriceE8: priceE8(REFERENCE) })),
  ).toEqual(encoded)
})

const ended: Fill = {
  kind: 'fill',
  order: null,
  cause: 'liquidation',
  side: 'buy',
  outcome: 'ended',
  reason: 'goodTill',
  quantity: quantity(0n),
  priceE8: priceE8(0n),
  feeE8: cashE8(-12n),
  pricedBy: { source: 'x', block: 1, logIndex: 2 },
}

test('words of an ended fill without an order', () => {
  expect(encodeOutput(ended)).toBe(words(false, 0, 4, 0, 1, 1, 0, 0, -12, 12 * 32, 1, 2, 1, padded('x')))
})

test('every output reads back from its encoding, so that no two of a kind encode alike', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(anyOutput, output => {
      seen.add(output.kind === 'order' ? output.terms.kind : output.kind)
      expect(decodeOutput(output.kind, encodeOutput(output))).toEqual(output)
    }),
    { numRuns: 1_000 },
  )
  expect([...seen].sort()).toEqual(
    [...DECISION_KINDS.filter(kind => kind !== 'order'), ...ORDER_KINDS].sort(),
  )
})

const trade = { kind: 'market', side: 'buy', size: { units: quantity(1n) } } as const
const order = (terms: object): DecisionOutput => ({
  kind: 'order',
  terms: { ...trade, ...terms },
  referencePriceE8: priceE8(1n),
})
const zero = priceE8(0n)

test.each<[what: string, readonly DecisionOutput[]]>([
  ['no time limit and 1970', [order({}), order({ goodTillMs: 0 })]],
  ['no lot and the first', [order({}), order({ lot: 0 })]],
  ['no word, false and true', [order({}), order({ reduceOnly: false }), order({ reduceOnly: true })]],
  ['the same of exclusive', [order({}), order({ exclusive: false }), order({ exclusive: true })]],
  [
    'no bracket, an empty one, and zero prices',
    [
      order({}),
      order({ bracket: {} }),
      order({ bracket: { takeProfitE8: zero } }),
      order({ bracket: { stopLoss: { stopE8: zero } } }),
      order({ bracket: { stopLoss: { trailE8: zero } } }),
      order({ bracket: { stopLoss: { trailPpm: 0 } } }),
    ],
  ],
  [
    'sizes of the same number',
    [order({ size: { units: 7n } }), order({ size: { cashE8: 7n } }), order({ size: { equityPpm: 7 } })],
  ],
  [
    'trails of the same number',
    [order({ kind: 'trailingStop', trailE8: 7n }), order({ kind: 'trailingStop', trailPpm: 7 })],
  ],
  [
    'no order and the first',
    [
      { ...ended, order: null },
      { ...ended, order: 0 },
    ],
  ],
  [
    'no reason and the first',
    [
      { ...ended, reason: null },
      { ...ended, reason: 'goodTill' },
    ],
  ],
])('%s encode differently', (_, outputs) => {
  expect(new Set(outputs.map(encodeOutput)).size).toBe(outputs.length)
})

test('the numbered words stay in their places: more may only be appended', () => {
  expect({
    DECISION_KINDS,
    ORDER_KINDS,
    FILL_CAUSES,
    END_REASONS,
    HALT_REASONS,
    ADJUSTMENT_REASONS,
  }).toMatchInlineSnapshot(`
    {
      "ADJUSTMENT_REASONS": [
        "distribution",
        "rebase",
        "forcedTransfer",
        "recovery",
        "reconciliation",
      ],
      "DECISION_KINDS": [
        "signal",
        "order",
        "fill",
        "halt",
        "modelChange",
        "cancel",
        "settlement",
        "adjustment",
        "outcome",
        "valuation",
      ],
      "END_REASONS": [
        "goodTill",
        "priceAge",
        "cancelled",
        "exclusive",
        "liquidated",
        "accountClosed",
        "marketClosed",
        "size",
        "price",
        "margin",
        "nothingToReduce",
        "liquidity",
        "notOffered",
        "compliance",
        "belowMinimum",
        "aboveCapacity",
        "insufficientCash",
        "insufficientShares",
        "nav",
        "noMarket",
      ],
      "FILL_CAUSES": [
        "order",
        "stopLoss",
        "takeProfit",
        "close",
        "liquidation",
      ],
      "HALT_REASONS": [
        "position",
        "orderSize",
        "dailyLoss",
        "staleness",
        "reorg",
        "operator",
        "ruin",
      ],
      "ORDER_KINDS": [
        "market",
        "limit",
        "stop",
        "stopLimit",
        "trailingStop",
        "subscribe",
        "redeem",
      ],
    }
  `)
})
