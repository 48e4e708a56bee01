import { expect, test } from 'vitest'
import type { DecisionOutput } from '../core/index.ts'
import { encodeOutput } from './index.ts'
import { outputSchema } from './outputSchema.ts'
import { OUTPUTS, TERMS } from './test/sampleDecisions.ts'

const UINT256_MAX = (1n << 256n) - 1n
const INT256_MAX = (1n << 255n) - 1n
/** `number` fields are `uint64` in an encoding, but no double holds all of them. */
const WHOLE = { least: 0, most: Number.MAX_SAFE_INTEGER }
const UINT256 = { least: 0n, most: UINT256_MAX }
const INT256 = { least: -INT256_MAX - 1n, most: INT256_MAX }

const samples: readonly unknown[] = [
  ...OUTPUTS,
  ...TERMS.map(terms => ({ kind: 'order', terms, referencePriceE8: 1n })),
]

/** The ranges of all fields that are numbers, by the kind of output or terms and the path. */
const RANGES: Readonly<Record<string, { least: number | bigint; most: number | bigint }>> = {
  'signal direction': { least: -1, most: 1 },
  'signal strength': { least: 0, most: 1_000_000 },
  'signal confidence': { least: 0, most: 1_000_000 },
  'signal horizonMs': WHOLE,
  'signal prediction.score': { least: -(2 ** 31), most: 2 ** 31 - 1 },
  'signal prediction.probabilityUp': { least: 0, most: 1_000_000 },
  'order referencePriceE8': UINT256,
  'market terms.size.units': UINT256,
  'market terms.size.equityPpm': WHOLE,
  'market terms.bracket.stopLoss.trailPpm': WHOLE,
  'market terms.bracket.takeProfitE8': UINT256,
  'limit terms.limitE8': UINT256,
  'limit terms.size.cashE8': UINT256,
  'limit terms.goodTillMs': WHOLE,
  'limit terms.bracket.stopLoss.stopE8': UINT256,
  'stop terms.stopE8': UINT256,
  'stop terms.size.units': UINT256,
  'stop terms.lot': WHOLE,
  'stopLimit terms.stopE8': UINT256,
  'stopLimit terms.limitE8': UINT256,
  'stopLimit terms.size.units': UINT256,
  'trailingStop terms.trailE8': UINT256,
  'trailingStop terms.trailPpm': WHOLE,
  'trailingStop terms.size.units': UINT256,
  'trailingStop terms.bracket.stopLoss.trailE8': UINT256,
  'subscribe terms.amountE8': UINT256,
  'redeem terms.shares': UINT256,
  'fill order': WHOLE,
  'fill quantity': { least: 1n, most: UINT256_MAX },
  'fill priceE8': UINT256,
  'fill feeE8': INT256,
  'fill pricedBy.block': WHOLE,
  'fill pricedBy.logIndex': WHOLE,
  'halt limit': INT256,
  'halt observed': INT256,
  'cancel order': WHOLE,
  'settlement order': WHOLE,
  'settlement quantity': UINT256,
  'settlement cashE8': INT256,
  'adjustment quantity': INT256,
  'adjustment cashE8': INT256,
  'outcome signal': WHOLE,
  'outcome entryPriceE8': UINT256,
  'outcome entryPricedBy.block': WHOLE,
  'outcome entryPricedBy.logIndex': WHOLE,
  'outcome exitPriceE8': UINT256,
  'outcome exitPricedBy.block': WHOLE,
  'outcome exitPricedBy.logIndex': WHOLE,
  'valuation asOfMs': WHOLE,
  'valuation cashE8': INT256,
  'valuation equityE8': INT256,
  ...Object.fromEntries(
    [0, 1].flatMap(place => [
      [`valuation positions.${place}.decimals`, { least: 0, most: 255 }],
      [`valuation positions.${place}.quantity`, INT256],
      [`valuation positions.${place}.priceE8`, UINT256],
      [`valuation positions.${place}.pricedBy.block`, WHOLE],
      [`valuation positions.${place}.pricedBy.logIndex`, WHOLE],
    ]),
  ),
}

type Place = { readonly name: string; readonly path: readonly string[]; readonly sample: unknown }

/** Where the samples have numbers, each kind and path once. */
const places = [
  ...new Map(
    samples.flatMap(sample => numbersIn(sample, [], sample)).map(place => [place.name, place]),
  ).values(),
]

test('every number of every output has a range', () => {
  expect(places.map(({ name }) => name).sort()).toEqual(Object.keys(RANGES).sort())
})

test.each(places)(
  '$name: takes what its range has, which encodes, and nothing beyond',
  ({ name, path, sample }) => {
    const range = RANGES[name] ?? { least: 0, most: 0 }
    const takes = (value: unknown) => outputSchema.safeParse(replaced(sample, path, value)).success
    for (const value of [range.least, range.most]) {
      expect(takes(value)).toBe(true)
      expect(encodeOutput(replaced(sample, path, value) as DecisionOutput)).toMatch(/^0x/)
    }
    const one = typeof range.least === 'bigint' ? 1n : 1
    for (const value of [plus(range.least, -one), plus(range.most, one), null, 'x', 0.5, undefined])
      expect([value, takes(value)]).toEqual([value, false])
    // What is taken is of one type: 5 and 5n would have two texts and one encoding.
    expect(takes(typeof one === 'bigint' ? 5 : 5n)).toBe(false)
  },
)

test.each(
  places.filter(({ name }) => RANGES[name]?.most === UINT256_MAX || RANGES[name]?.most === INT256_MAX),
)('$name: what is beyond its range has no encoding either', ({ name, path, sample }) => {
  const { most } = RANGES[name] ?? { most: 0 }
  expect(() => encodeOutput(replaced(sample, path, plus(most, 1n)) as DecisionOutput)).toThrow(
    /not in safe|no whole number .* of \d+ bits/,
  )
})

const plus = (a: number | bigint, b: number | bigint): number | bigint =>
  typeof a === 'bigint' ? a + BigInt(b) : a + Number(b)

function numbersIn(value: unknown, path: readonly string[], sample: unknown): Place[] {
  if (typeof value === 'number' || typeof value === 'bigint') {
    const { kind, terms } = sample as { kind: string; terms?: { kind: string } }
    return [{ name: `${path.length > 1 && terms ? terms.kind : kind} ${path.join('.')}`, path, sample }]
  }
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, [...path, key], sample))
}

function replaced(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const inner = replaced(Reflect.get(target as object, key), rest, value)
  if (Array.isArray(target)) return target.map((each, place) => (String(place) === key ? inner : each))
  return { ...(target as object), [key]: inner }
}
