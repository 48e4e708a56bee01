import type { CashE8, PriceE8, Quantity, UnixMs } from '../../core/index.ts'

/** What one entry opened and nothing has closed yet. */
export type Lot = {
  readonly id: number
  readonly instrument: number
  /** Negative when short. */
  readonly quantity: Quantity
  /** Price of the entry; a partial reduction keeps it. */
  readonly entryPriceE8: PriceE8
  /** Cash paid for what is left of it, before fees; negative (received) when short. */
  readonly costE8: CashE8
  /** What is left of the entry's fee. */
  readonly feesE8: CashE8
  readonly openedMs: UnixMs
  readonly entryOrder: number
}
