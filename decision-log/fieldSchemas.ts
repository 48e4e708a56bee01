import * as z from 'zod/mini'
import type { CashE8, Hash, Hex, InstrumentId, Ppm, PriceE8, Quantity, UnixMs } from '../core/index.ts'
import { instrumentId, PPM } from '../core/index.ts'

// The values that the fields of a record may have: those that the ABI type of the field holds, and no others.

const UINT256_END = 1n << 256n
const INT256_END = 1n << 255n
const UINT8_MAX = 2 ** 8 - 1
const UINT32_MAX = 2 ** 32 - 1
const INT32_END = 2 ** 31
/** Longest name of a source or feature, in UTF-16 units. */
const MAX_NAME = 256

/** A whole number from 0 that a double holds. */
export const isUint = (value: unknown, max: number = Number.MAX_SAFE_INTEGER): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max
const isUint256 = (value: unknown): value is bigint =>
  typeof value === 'bigint' && value >= 0n && value < UINT256_END
const isInt256 = (value: unknown): value is bigint =>
  typeof value === 'bigint' && value >= -INT256_END && value < INT256_END

export const uint64 = z.custom<number>(
  value => isUint(value),
  'is no whole number from 0 that a double holds',
)
export const uint32 = z.custom<number>(value => isUint(value, UINT32_MAX), 'is no 32-bit unsigned integer')
export const uint8 = z.custom<number>(value => isUint(value, UINT8_MAX), 'is no 8-bit unsigned integer')
export const isInt32 = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= -INT32_END && Number(value) < INT32_END
export const int32 = z.custom<number>(isInt32, 'is no 32-bit signed integer')
export const timeMs = z.custom<UnixMs>(value => isUint(value), 'is no time in whole milliseconds since 1970')
/** A part of one. */
export const share = z.custom<Ppm>(value => isUint(value, PPM), 'is no share from 0 to 1000000 millionths')
/** A share that may be more than all, as with leverage. */
export const multiple = z.custom<Ppm>(value => isUint(value), 'is no whole number of millionths from 0')
export const amount = z.custom<Quantity>(isUint256, 'is no unsigned 256-bit integer')
/** An amount of an instrument that is negative when short. */
export const signedAmount = z.custom<Quantity>(isInt256, 'is no signed 256-bit integer')
export const price = z.custom<PriceE8>(isUint256, 'is no unsigned 256-bit integer')
/** Cash that may be owed. */
export const cash = z.custom<CashE8>(isInt256, 'is no signed 256-bit integer')
/** Cash that is given. */
export const payment = z.custom<CashE8>(isUint256, 'is no unsigned 256-bit integer')
export const int256 = z.custom<bigint>(isInt256, 'is no signed 256-bit integer')

const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value)
export const isHash = matches(/^0x[0-9a-f]{64}$/)
export const hash = z.custom<Hash>(isHash, 'is no lower-case 32-byte hash')
export const isAddress = matches(/^0x[0-9a-f]{40}$/)
export const address = z.custom<Hex>(isAddress, 'is no lower-case 20-byte address')
export const isVector = matches(/^0x(?:[0-9a-f]{8})*$/)
export const vector = z.custom<Hex>(isVector, 'is no lower-case row of 32-bit values')

// A lone surrogate has no UTF-8 text: two such names would be hashed alike.
export const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= MAX_NAME && !/\p{Surrogate}/u.test(value)
export const name = z.custom<string>(isName, `is no well-formed text of 1 to ${MAX_NAME} characters`)
export const isInstrument = (value: unknown): boolean => {
  try {
    return typeof value === 'string' && instrumentId(value) === value
  } catch {
    return false
  }
}
export const instrument = z.custom<InstrumentId>(isInstrument, 'is no instrument id')

export const side = z.enum(['buy', 'sell'])
export const position = z.strictObject({ source: name, block: uint64, logIndex: uint64 })
