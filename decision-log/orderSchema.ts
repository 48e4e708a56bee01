import * as z from 'zod/mini'
import type { Bracket, Order, OrderSize, OrderTerms } from '../core/index.ts'
import { amount, multiple, payment, price, side, timeMs, uint64 } from './fieldSchemas.ts'

/** True when exactly one of the fields is there. */
const hasOne = (fields: object, ...names: readonly string[]): boolean =>
  names.filter(name => name in fields).length === 1

// A check narrows no type in zod/mini: each cast says what the check before it holds.

const size = z
  .strictObject({
    units: z.exactOptional(amount),
    cashE8: z.exactOptional(payment),
    equityPpm: z.exactOptional(multiple),
  })
  .check(
    z.refine(
      value => hasOne(value, 'units', 'cashE8', 'equityPpm'),
      'is not one of units, cashE8 and equityPpm',
    ),
  ) as z.ZodMiniType<OrderSize>

const trail = { trailE8: z.exactOptional(price), trailPpm: z.exactOptional(multiple) }

const stopLoss = z
  .strictObject({ stopE8: z.exactOptional(price), ...trail })
  .check(
    z.refine(
      value => hasOne(value, 'stopE8', 'trailE8', 'trailPpm'),
      'is not one of stopE8, trailE8 and trailPpm',
    ),
  ) as z.ZodMiniType<NonNullable<Bracket['stopLoss']>>

const trade = {
  side,
  size,
  goodTillMs: z.exactOptional(timeMs),
  reduceOnly: z.exactOptional(z.boolean()),
  lot: z.exactOptional(uint64),
  exclusive: z.exactOptional(z.boolean()),
  bracket: z.exactOptional(
    z.strictObject({ stopLoss: z.exactOptional(stopLoss), takeProfitE8: z.exactOptional(price) }),
  ),
}

const terms = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('market'), ...trade }),
    z.strictObject({ kind: z.literal('limit'), limitE8: price, ...trade }),
    z.strictObject({ kind: z.literal('stop'), stopE8: price, ...trade }),
    z.strictObject({ kind: z.literal('stopLimit'), stopE8: price, limitE8: price, ...trade }),
    z.strictObject({ kind: z.literal('trailingStop'), ...trail, ...trade }),
    z.strictObject({ kind: z.literal('subscribe'), amountE8: payment }),
    z.strictObject({
      kind: z.literal('redeem'),
      shares: amount,
      instantly: z.exactOptional(z.boolean()),
    }),
  ])
  .check(
    z.refine(
      value => value.kind !== 'trailingStop' || hasOne(value, 'trailE8', 'trailPpm'),
      'is not one of trailE8 and trailPpm',
    ),
  ) as z.ZodMiniType<OrderTerms>

/** The form of an order and of its terms. Whether a venue takes such terms is the venue's to say. */
export const orderSchema = z.strictObject({
  kind: z.literal('order'),
  terms,
  referencePriceE8: price,
}) satisfies z.ZodMiniType<Order>
