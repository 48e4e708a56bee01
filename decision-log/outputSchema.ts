import * as z from 'zod/mini'
import type { DecisionOutput } from '../core/index.ts'
import {
  amount,
  cash,
  hash,
  instrument,
  int32,
  int256,
  position,
  price,
  share,
  side,
  signedAmount,
  timeMs,
  uint8,
  uint64,
} from './fieldSchemas.ts'
import { orderSchema } from './orderSchema.ts'
import {
  ADJUSTMENT_REASONS,
  END_REASONS,
  FILL_CAUSES,
  HALT_REASONS,
  MODEL_CHANGE_CAUSES,
} from './outputNumbers.ts'

const signal = z.strictObject({
  kind: z.literal('signal'),
  direction: z.literal([-1, 0, 1]),
  strength: share,
  confidence: share,
  horizonMs: uint64,
  prediction: z.nullable(z.strictObject({ score: int32, probabilityUp: share })),
})

const fill = z
  .strictObject({
    kind: z.literal('fill'),
    order: z.nullable(uint64),
    cause: z.enum(FILL_CAUSES),
    side,
    outcome: z.enum(['filled', 'ended']),
    reason: z.nullable(z.enum(END_REASONS)),
    quantity: amount,
    priceE8: price,
    feeE8: cash,
    pricedBy: position,
  })
  .check(
    z.refine(({ outcome, reason }) => (outcome === 'filled') === (reason === null), {
      path: ['reason'],
      message: 'is there when filled, or missing when ended',
    }),
    z.refine(({ outcome, quantity }) => (outcome === 'filled') === quantity > 0n, {
      path: ['quantity'],
      message: 'is zero when filled, or not zero when ended',
    }),
    z.refine(({ outcome, priceE8 }) => outcome === 'filled' || priceE8 === 0n, {
      path: ['priceE8'],
      message: 'is not zero when ended',
    }),
    z.refine(({ cause, order }) => (cause === 'liquidation') === (order === null), {
      path: ['order'],
      message: 'is there for a liquidation, or missing for something else',
    }),
  )

const halt = z.strictObject({
  kind: z.literal('halt'),
  reason: z.enum(HALT_REASONS),
  limit: int256,
  observed: int256,
})

const modelChange = z.strictObject({
  kind: z.literal('modelChange'),
  cause: z.enum(MODEL_CHANGE_CAUSES),
  from: hash,
  to: hash,
})

const cancel = z.strictObject({ kind: z.literal('cancel'), order: uint64 })

const settlement = z.strictObject({
  kind: z.literal('settlement'),
  order: uint64,
  quantity: amount,
  cashE8: cash,
})

const adjustment = z.strictObject({
  kind: z.literal('adjustment'),
  reason: z.enum(ADJUSTMENT_REASONS),
  quantity: int256,
  cashE8: cash,
})

const outcome = z.strictObject({
  kind: z.literal('outcome'),
  signal: uint64,
  entryPriceE8: price,
  entryPricedBy: position,
  exitPriceE8: price,
  exitPricedBy: position,
})

const valuation = z.strictObject({
  kind: z.literal('valuation'),
  asOfMs: timeMs,
  cashE8: cash,
  equityE8: cash,
  positions: z.readonly(
    z.array(
      z.strictObject({
        instrument,
        decimals: uint8,
        quantity: signedAmount,
        priceE8: price,
        pricedBy: position,
      }),
    ),
  ),
})

/** The form of what was decided: what it takes, `encodeOutput` encodes. */
export const outputSchema = z.discriminatedUnion('kind', [
  signal,
  orderSchema,
  fill,
  halt,
  modelChange,
  cancel,
  settlement,
  adjustment,
  outcome,
  valuation,
]) satisfies z.ZodMiniType<DecisionOutput>
