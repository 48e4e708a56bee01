import fc from 'fast-check'
import { type DecisionOutput, type Fill, priceE8, quantity, unixMs } from '../../core/index.ts'
import {
  ADJUSTMENT_REASONS,
  END_REASONS,
  FILL_CAUSES,
  HALT_REASONS,
  MODEL_CHANGE_CAUSES,
} from '../outputNumbers.ts'
import {
  amount,
  cash,
  hash,
  instrument,
  int256,
  position,
  price,
  share,
  side,
  uint256,
  whole,
} from './anyField.ts'
import { anyOrder } from './anyOrder.ts'

const plain = { noNullPrototype: true } as const

const fill: fc.Arbitrary<Fill> = fc
  .record(
    {
      kind: fc.constant('fill' as const),
      order: whole,
      cause: fc.constantFrom(...FILL_CAUSES),
      side,
      outcome: fc.constantFrom('filled' as const, 'ended' as const),
      reason: fc.constantFrom(...END_REASONS),
      quantity: uint256,
      priceE8: price,
      feeE8: cash,
      pricedBy: position,
    },
    plain,
  )
  .map(
    (any): Fill => ({
      ...any,
      order: any.cause === 'liquidation' ? null : any.order,
      ...(any.outcome === 'ended'
        ? { quantity: quantity(0n), priceE8: priceE8(0n) }
        : { reason: null, quantity: quantity(any.quantity === 0n ? 1n : any.quantity) }),
    }),
  )

/** Any output that can be recorded, of any kind. */
export const anyOutput: fc.Arbitrary<DecisionOutput> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('signal' as const),
      direction: fc.constantFrom(-1 as const, 0 as const, 1 as const),
      strength: share,
      confidence: share,
      horizonMs: whole,
      prediction: fc.option(
        fc.record({ score: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), probabilityUp: share }, plain),
      ),
    },
    plain,
  ),
  // An order has the most forms.
  { weight: 4, arbitrary: anyOrder },
  { weight: 2, arbitrary: fill },
  fc.record(
    {
      kind: fc.constant('halt' as const),
      reason: fc.constantFrom(...HALT_REASONS),
      limit: int256,
      observed: int256,
    },
    plain,
  ),
  fc.record(
    {
      kind: fc.constant('modelChange' as const),
      cause: fc.constantFrom(...MODEL_CHANGE_CAUSES),
      from: hash,
      to: hash,
    },
    plain,
  ),
  fc.record({ kind: fc.constant('cancel' as const), order: whole }, plain),
  fc.record(
    { kind: fc.constant('settlement' as const), order: whole, quantity: amount, cashE8: cash },
    plain,
  ),
  fc.record(
    {
      kind: fc.constant('adjustment' as const),
      reason: fc.constantFrom(...ADJUSTMENT_REASONS),
      quantity: int256,
      cashE8: cash,
    },
    plain,
  ),
  fc.record(
    {
      kind: fc.constant('outcome' as const),
      signal: whole,
      entryPriceE8: price,
      entryPricedBy: position,
      exitPriceE8: price,
      exitPricedBy: position,
    },
    plain,
  ),
  fc.record(
    {
      kind: fc.constant('valuation' as const),
      asOfMs: whole.map(unixMs),
      cashE8: cash,
      equityE8: cash,
      positions: fc.array(
        fc.record(
          {
            instrument,
            decimals: fc.integer({ min: 0, max: 255 }),
            quantity: int256.map(quantity),
            priceE8: price,
            pricedBy: position,
          },
          plain,
        ),
        { maxLength: 2 },
      ),
    },
    plain,
  ),
)
