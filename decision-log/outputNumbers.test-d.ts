import type { AdjustmentReason, EndReason, FillCause, HaltReason, OrderTerms } from '../core/index.ts'
import type {
  ADJUSTMENT_REASONS,
  END_REASONS,
  FILL_CAUSES,
  HALT_REASONS,
  ORDER_KINDS,
} from './outputNumbers.ts'

// Compiled, never run: a word of core that has no number here is not assignable to `never`.
type Missing<Word, List extends readonly unknown[]> = Exclude<Word, List[number]>
declare const words:
  | Missing<HaltReason, typeof HALT_REASONS>
  | Missing<EndReason, typeof END_REASONS>
  | Missing<FillCause, typeof FILL_CAUSES>
  | Missing<OrderTerms['kind'], typeof ORDER_KINDS>
  | Missing<AdjustmentReason, typeof ADJUSTMENT_REASONS>

/** Every word has its number. */
export const numbered: never = words

declare const shortened: Missing<FillCause, readonly ['order', 'stopLoss']>
// @ts-expect-error: a list that leaves words out would be noticed.
export const noticed: never = shortened
