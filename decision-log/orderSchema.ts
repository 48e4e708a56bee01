import { z } from 'zod'
import type { Bracket, Order, OrderSize, TradeTerms } from '../core/index.ts'
import { amount, multiple, payment, price, side, timeMs, uint64 } from './fieldSchemas.ts'

/** True when exactly one of the fields is there. */
const hasOne = (fields: object, ...names: readonly string[]): boolean =>
  names.filter(name => name in fields).length === 1

const size = z
  .strictObject({
    units: amount.exactOptional(),
    cashE8: payment.exactOptional(),
    equityPpm: multiple.exactOptional(),
  })
  .refine(
    (value): value is OrderSize => hasOne(value, 'units', 'cashE8', 'equityPpm'),
    'is not one of units, cashE8 and equityPpm',
  )

const trail = { trailE8: price.exactOptional(), trailPpm: multiple.exactOptional() }

const stopLoss = z
  .strictObject({ stopE8: price.exactOptional(), ...trail })
  .refine(
    (value): value is NonNullable<Bracket['stopLoss']> => hasOne(value, 'stopE8', 'trailE8', 'trailPpm'),
    'is not one of stopE8, trailE8 and trailPpm',
  )

const trade = {
  side,
  size,
  goodTillMs: timeMs.exactOptional(),
  reduceOnly: z.boolean().exactOptional(),
  lot: uint64.exactOptional(),
  exclusive: z.boolean().exactOptional(),
  bracket: z
    .strictObject({ stopLoss: stopLoss.exactOptional(), takeProfitE8: price.exactOptional() })
    .exactOptional(),
}

const trailingStop = z
  .strictObject({ kind: z.literal('trailingStop'), ...trail, ...trade })
  .refine(
    (value): value is Extract<TradeTerms, { kind: 'trailingStop' }> => hasOne(value, 'trailE8', 'trailPpm'),
    'is not one of trailE8 and trailPpm',
  )

const terms = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('market'), ...trade }),
  z.strictObject({ kind: z.literal('limit'), limitE8: price, ...trade }),
  z.strictObject({ kind: z.literal('stop'), stopE8: price, ...trade }),
  z.strictObject({ kind: z.literal('stopLimit'), stopE8: price, limitE8: price, ...trade }),
  trailingStop,
  z.strictObject({ kind: z.literal('subscribe'), amountE8: payment }),
  z.strictObject({
    kind: z.literal('redeem'),
    shares: amount,
    instantly: z.boolean().exactOptional(),
  }),
])

/** The form of an order and of its terms. Whether a venue takes such terms is the venue's to say. */
export const orderSchema = z.strictObject({
  kind: z.literal('order'),
  terms,
  referencePriceE8: price,
}) satisfies z.ZodType<Order>
