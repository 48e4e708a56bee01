import fc from 'fast-check'
import type { Bracket, Order, OrderKind, OrderSize, OrderTerms, Trail } from '../../core/index.ts'
import { amount, multiple, payment, price, side, timeMs, whole } from './anyField.ts'

const plain = { noNullPrototype: true } as const
const optional: { requiredKeys: []; noNullPrototype: true } = { requiredKeys: [], noNullPrototype: true }

const size: fc.Arbitrary<OrderSize> = fc.oneof(
  fc.record({ units: amount }, plain),
  fc.record({ cashE8: payment }, plain),
  fc.record({ equityPpm: multiple }, plain),
)
const trail: fc.Arbitrary<Trail> = fc.oneof(
  fc.record({ trailE8: price }, plain),
  fc.record({ trailPpm: multiple }, plain),
)
const bracket: fc.Arbitrary<Bracket> = fc.record(
  { stopLoss: fc.oneof(fc.record({ stopE8: price }, plain), trail), takeProfitE8: price },
  optional,
)

/** Terms of each kind of trade, without what all kinds have. */
const kind: fc.Arbitrary<OrderKind> = fc.oneof(
  fc.constant({ kind: 'market' as const }),
  price.map(limitE8 => ({ kind: 'limit' as const, limitE8 })),
  price.map(stopE8 => ({ kind: 'stop' as const, stopE8 })),
  fc.tuple(price, price).map(([stopE8, limitE8]) => ({ kind: 'stopLimit' as const, stopE8, limitE8 })),
  trail.map(value => ({ kind: 'trailingStop' as const, ...value })),
)
const trade: fc.Arbitrary<OrderTerms> = fc
  .tuple(
    kind,
    fc.record({ side, size }, plain),
    fc.record(
      { goodTillMs: timeMs, reduceOnly: fc.boolean(), lot: whole, exclusive: fc.boolean(), bracket },
      optional,
    ),
  )
  .map(([own, required, rest]) => ({ ...own, ...required, ...rest }))

/** Any terms that can be recorded, of any kind, whether a venue would take them or not. */
export const anyTerms: fc.Arbitrary<OrderTerms> = fc.oneof(
  { weight: 5, arbitrary: trade },
  payment.map(amountE8 => ({ kind: 'subscribe' as const, amountE8 })),
  fc
    .record({ shares: amount, instantly: fc.boolean() }, { requiredKeys: ['shares'], noNullPrototype: true })
    .map(request => ({ kind: 'redeem' as const, ...request })),
)

/** Any order that can be recorded. */
export const anyOrder: fc.Arbitrary<Order> = fc.record(
  { kind: fc.constant('order' as const), terms: anyTerms, referencePriceE8: price },
  plain,
)
