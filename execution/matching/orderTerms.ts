import type { TradeTerms } from '../../core/index.ts'

export type { Bracket, OrderKind, OrderSize, Trail } from '../../core/index.ts'

/** What an account is asked to do. */
export type OrderTerms = TradeTerms & {
  /** Index among the account's instruments. */
  readonly instrument: number
}
