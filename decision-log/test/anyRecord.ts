import fc from 'fast-check'
import {
  cashE8,
  type DecisionOutput,
  type DecisionRecord,
  type Hex,
  instrumentId,
  ppm,
  priceE8,
  quantity,
  unixMs,
} from '../../core/index.ts'
import { HALT_REASONS } from '../encodeOutput.ts'

const bytes = (length: number): fc.Arbitrary<Hex> =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)
const hash = bytes(32)
const whole = fc.maxSafeNat()
const uint256 = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n })
const int256 = fc.bigInt({ min: -(1n << 255n), max: (1n << 255n) - 1n })
const share = fc.integer({ min: 0, max: 1_000_000 }).map(value => ppm(value / 1_000_000))
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const position = fc.record({ source: name, block: whole, logIndex: whole }, { noNullPrototype: true })
const side = fc.constantFrom('buy' as const, 'sell' as const)

const output: fc.Arbitrary<DecisionOutput> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('signal' as const),
      direction: fc.constantFrom(-1 as const, 0 as const, 1 as const),
      strength: share,
      confidence: share,
      horizonMs: whole,
      predictionBits: fc.option(fc.nat({ max: 0xffffffff })),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('order' as const),
      side,
      quantity: uint256.map(value => quantity(value === 0n ? 1n : value)),
      referencePriceE8: uint256.map(priceE8),
    },
    { noNullPrototype: true },
  ),
  fc
    .record(
      {
        kind: fc.constant('fill' as const),
        order: whole,
        side,
        outcome: fc.constantFrom('filled' as const, 'expired' as const),
        quantity: uint256,
        priceE8: uint256.map(priceE8),
        feeE8: int256.map(cashE8),
        pricedBy: position,
      },
      { noNullPrototype: true },
    )
    .map(fill => ({
      ...fill,
      quantity: quantity(fill.outcome === 'expired' ? 0n : fill.quantity === 0n ? 1n : fill.quantity),
    })),
  fc.record(
    {
      kind: fc.constant('halt' as const),
      reason: fc.constantFrom(...HALT_REASONS),
      limit: int256,
      observed: int256,
    },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant('modelChange' as const), from: hash, to: hash }, { noNullPrototype: true }),
)

/** Any record that can be recorded. */
export const anyRecord: fc.Arbitrary<DecisionRecord> = fc.record(
  {
    agent: bytes(20),
    sequence: whole,
    instrument: fc.constantFrom(
      instrumentId('oanda:XAUUSD'),
      instrumentId(`eip155:1/erc20:0x${'ab'.repeat(20)}`),
    ),
    timeMs: whole.map(unixMs),
    observed: position,
    featureSet: hash,
    features: fc.integer({ min: 0, max: 6 }).chain(count => bytes(count * 4)),
    model: hash,
    strategy: hash,
    output,
    attributions: fc.array(
      fc.record(
        { feature: name, effectPpm: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
        { noNullPrototype: true },
      ),
      { maxLength: 4 },
    ),
    dataRoot: hash,
    salt: hash,
  },
  { noNullPrototype: true },
)
