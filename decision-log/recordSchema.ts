import { z } from 'zod'
import type {
  CashE8,
  DecisionRecord,
  Hash,
  Hex,
  InstrumentId,
  Ppm,
  PriceE8,
  Quantity,
  UnixMs,
} from '../core/index.ts'
import { instrumentId, PPM } from '../core/index.ts'
import { HALT_REASONS } from './encodeOutput.ts'

const UINT256_END = 1n << 256n
const INT256_END = 1n << 255n
const UINT32_MAX = 2 ** 32 - 1
const INT32_END = 2 ** 31
/** Longest name of a source or feature, in UTF-16 units. */
const MAX_NAME = 256

const isUint = (value: unknown, max: number = Number.MAX_SAFE_INTEGER): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max
const isUint256 = (value: unknown): value is bigint =>
  typeof value === 'bigint' && value >= 0n && value < UINT256_END
const isInt256 = (value: unknown): value is bigint =>
  typeof value === 'bigint' && value >= -INT256_END && value < INT256_END

const uint64 = z.custom<number>(value => isUint(value), 'is no whole number from 0 that a double holds')
const uint32 = z.custom<number>(value => isUint(value, UINT32_MAX), 'is no 32-bit unsigned integer')
const timeMs = z.custom<UnixMs>(value => isUint(value), 'is no time in whole milliseconds since 1970')
const share = z.custom<Ppm>(value => isUint(value, PPM), 'is no share from 0 to 1000000 millionths')
const amount = z.custom<Quantity>(isUint256, 'is no unsigned 256-bit integer')
const price = z.custom<PriceE8>(isUint256, 'is no unsigned 256-bit integer')
const cash = z.custom<CashE8>(isInt256, 'is no signed 256-bit integer')
const int256 = z.custom<bigint>(isInt256, 'is no signed 256-bit integer')

const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value)
const hash = z.custom<Hash>(matches(/^0x[0-9a-f]{64}$/), 'is no lower-case 32-byte hash')
const address = z.custom<Hex>(matches(/^0x[0-9a-f]{40}$/), 'is no lower-case 20-byte address')
const vector = z.custom<Hex>(matches(/^0x(?:[0-9a-f]{8})*$/), 'is no lower-case row of 32-bit values')

// A lone surrogate has no UTF-8 text: two such names would be hashed alike.
const name = z.custom<string>(
  value =>
    typeof value === 'string' && value !== '' && value.length <= MAX_NAME && !/\p{Surrogate}/u.test(value),
  `is no well-formed text of 1 to ${MAX_NAME} characters`,
)
const instrument = z.custom<InstrumentId>(value => {
  try {
    return typeof value === 'string' && instrumentId(value) === value
  } catch {
    return false
  }
}, 'is no instrument id')

const side = z.enum(['buy', 'sell'])
const position = z.strictObject({ source: name, block: uint64, logIndex: uint64 })

const signal = z.strictObject({
  kind: z.literal('signal'),
  direction: z.literal([-1, 0, 1]),
  strength: share,
  confidence: share,
  horizonMs: uint64,
  predictionBits: uint32.nullable(),
})

const order = z.strictObject({
  kind: z.literal('order'),
  side,
  quantity: amount.refine(value => value > 0n, 'is not positive'),
  referencePriceE8: price,
})

const fill = z
  .strictObject({
    kind: z.literal('fill'),
    order: uint64,
    side,
    outcome: z.enum(['filled', 'expired']),
    quantity: amount,
    priceE8: price,
    feeE8: cash,
    pricedBy: position,
  })
  .refine(
    ({ outcome, quantity }) => (outcome === 'expired') === (quantity === 0n),
    'has a quantity that its outcome excludes',
  )

const halt = z.strictObject({
  kind: z.literal('halt'),
  reason: z.enum(HALT_REASONS),
  limit: int256,
  observed: int256,
})

const modelChange = z.strictObject({ kind: z.literal('modelChange'), from: hash, to: hash })

const attribution = z.strictObject({
  feature: name,
  effectPpm: z.custom<number>(
    value => Number.isInteger(value) && Number(value) >= -INT32_END && Number(value) < INT32_END,
    'is no 32-bit signed integer',
  ),
})

/** The form of every field of a record; fields that it does not name are refused. */
export const recordSchema = z.strictObject({
  agent: address,
  sequence: uint64,
  instrument,
  timeMs,
  observed: position,
  featureSet: hash,
  features: vector,
  model: hash,
  strategy: hash,
  output: z.discriminatedUnion('kind', [signal, order, fill, halt, modelChange]),
  attributions: z.array(attribution),
  dataRoot: hash,
  salt: hash,
}) satisfies z.ZodType<DecisionRecord>

/** The first fault of a failed check, as "field says what". */
export function firstFault(error: z.ZodError): { field: string; fault: string } {
  const [issue] = error.issues
  return { field: issue?.path.join('.') || 'record', fault: issue?.message ?? 'is wrong' }
}
