import type { CashE8, PriceE8, Quantity } from '../../core/index.ts'

/** Why an order was refused, with the figures that say so. */
export type Rejection =
  | { readonly reason: 'accountClosed' }
  | { readonly reason: 'unknownInstrument'; readonly instrument: number }
  | { readonly reason: 'marketClosed'; readonly timeMs: number }
  | { readonly reason: 'expired'; readonly goodTillMs: number; readonly timeMs: number }
  | { readonly reason: 'sizeStep'; readonly size: Quantity; readonly step: Quantity }
  | { readonly reason: 'belowMinimum'; readonly size: Quantity; readonly minimum: Quantity }
  | { readonly reason: 'margin'; readonly requiredE8: CashE8; readonly availableE8: CashE8 }
  | { readonly reason: 'nothingToReduce' }
  | { readonly reason: 'exclusiveNotMarket' }
  /** The market cannot take the size at any price. */
  | { readonly reason: 'liquidity'; readonly size: Quantity }
  | {
      readonly reason: 'price'
      readonly field: 'limit' | 'stop' | 'trail' | 'stopLoss' | 'takeProfit'
      readonly value: bigint
      /** The price that it is on the wrong side of; null where the value is wrong by itself. */
      readonly referenceE8: PriceE8 | null
    }

/** What became of a submission. The stop-loss of a bracket, then its take-profit, take the next ids. */
export type Submission =
  | { readonly accepted: true; readonly id: number }
  | ({ readonly accepted: false } & Rejection)
