import fc from 'fast-check'
import { cashE8, type Hex, instrumentId, type Ppm, priceE8, quantity, unixMs } from '../../core/index.ts'

const UINT256_MAX = (1n << 256n) - 1n

/** Any values of a record's fields, each up to its limits. */
export const bytes = (length: number): fc.Arbitrary<Hex> =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)
export const hash = bytes(32)
export const whole = fc.maxSafeNat()
export const timeMs = whole.map(unixMs)
export const uint256 = fc.bigInt({ min: 0n, max: UINT256_MAX })
export const int256 = fc.bigInt({ min: -(1n << 255n), max: (1n << 255n) - 1n })
export const amount = uint256.map(quantity)
export const price = uint256.map(priceE8)
export const cash = int256.map(cashE8)
export const payment = uint256.map(cashE8)
export const share = fc.integer({ min: 0, max: 1_000_000 }).map(value => value as Ppm)
export const multiple = whole.map(value => value as Ppm)
export const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
export const position = fc.record({ source: name, block: whole, logIndex: whole }, { noNullPrototype: true })
export const side = fc.constantFrom('buy' as const, 'sell' as const)
export const instrument = fc.constantFrom(
  instrumentId('oanda:XAUUSD'),
  instrumentId(`eip155:1/erc20:0x${'ab'.repeat(20)}`),
)
