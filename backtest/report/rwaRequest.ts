import type { CashE8, PriceE8, Quantity, UnixMs } from '../../core/index.ts'

/** A subscription or a redemption at net asset value, and how far it came. */
export type ReportRwaRequest = {
  readonly instrument: string
  /** Of its shares. */
  readonly decimals: number
  readonly kind: 'subscribe' | 'redeem'
  readonly askedMs: UnixMs
  /** Null while it waits for its price, or when it never got one. */
  readonly pricedMs: UnixMs | null
  /** Null while shares or cash are outstanding. */
  readonly settledMs: UnixMs | null
  /** Before the fee: paid in by a subscription, worth of the shares of a redemption. Null until it is known. */
  readonly cashE8: CashE8 | null
  /** Issued or taken back. Null until it is known. */
  readonly shares: Quantity | null
  /** Net asset value of a share. Null without a price. */
  readonly navE8: PriceE8 | null
  /** Null without a price. */
  readonly feeE8: CashE8 | null
  /** Why it was refused, or ended without a price; left out for one that was not. */
  readonly refusal?: string
}

/** Whether a request got its price: from then on it has an effect on the result. */
export const wasPriced = ({ pricedMs }: ReportRwaRequest): boolean => pricedMs !== null

/** What all requests paid in fees. */
export const requestFeesE8 = (requests: readonly ReportRwaRequest[]): bigint =>
  requests.reduce((sum, { feeE8 }) => sum + (feeE8 ?? 0n), 0n)
