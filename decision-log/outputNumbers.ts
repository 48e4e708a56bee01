import type {
  AdjustmentReason,
  EndReason,
  FillCause,
  HaltReason,
  ModelChangeCause,
  OrderTerms,
} from '../core/index.ts'

// Words that an encoded output holds as their place in these lists. Append only: the numbers are signed.

/** Halt reasons in the order of their number in an encoded halt. */
export const HALT_REASONS = [
  'position',
  'orderSize',
  'dailyLoss',
  'staleness',
  'reorg',
  'operator',
  'ruin',
] as const satisfies readonly HaltReason[]

/** Kinds of order terms in the order of their number in an encoded order. */
export const ORDER_KINDS = [
  'market',
  'limit',
  'stop',
  'stopLimit',
  'trailingStop',
  'subscribe',
  'redeem',
] as const satisfies readonly OrderTerms['kind'][]

/** Causes of a fill in the order of their number in an encoded fill. */
export const FILL_CAUSES = [
  'order',
  'stopLoss',
  'takeProfit',
  'close',
  'liquidation',
] as const satisfies readonly FillCause[]

/** Reasons of an end in the order of their number in an encoded fill, where the first has number 1. */
export const END_REASONS = [
  'goodTill',
  'priceAge',
  'cancelled',
  'exclusive',
  'liquidated',
  'accountClosed',
  'marketClosed',
  'size',
  'price',
  'margin',
  'nothingToReduce',
  'liquidity',
  'notOffered',
  'compliance',
  'belowMinimum',
  'aboveCapacity',
  'insufficientCash',
  'insufficientShares',
  'nav',
  'noMarket',
] as const satisfies readonly EndReason[]

/** Causes of a model change in the order of their number in an encoded one. */
export const MODEL_CHANGE_CAUSES = [
  'deployed',
  'scheduled',
  'admitted',
  'promoted',
  'rolledBack',
] as const satisfies readonly ModelChangeCause[]

/** Reasons of an adjustment in the order of their number in an encoded adjustment. */
export const ADJUSTMENT_REASONS = [
  'distribution',
  'rebase',
  'forcedTransfer',
  'recovery',
  'reconciliation',
] as const satisfies readonly AdjustmentReason[]
