import type { CashE8, PriceE8, Quantity, RedeemTerms, SubscribeTerms, UnixMs } from '../../../core/index.ts'
import type { TransferRefusal } from '../holding/holderRegister.ts'

/** What a holder asks of an issuer: shares for cash, or cash for shares. */
export type RwaRequest = SubscribeTerms | RedeemTerms

/** Why a request was refused, or did not come to its end. */
export type RejectionReason =
  | TransferRefusal
  /** The amount is below the minimum. */
  | 'belowMinimum'
  /** The amount is no multiple of the increment. */
  | 'offIncrement'
  /** There is more in it than the venue could ever serve. */
  | 'aboveCapacity'
  /** The fee takes all of it, or it buys less than one smallest unit. */
  | 'nothingLeft'
  | 'insufficientCash'
  | 'insufficientShares'
  /** No window is left, or the market is shut. */
  | 'closed'
  /** The venue does not offer it. */
  | 'notOffered'
  /** No NAV is known yet. */
  | 'noNav'
  /** The last NAV is older than its maximum age. */
  | 'staleNav'
  /** The vault has not enough liquidity left to pay at once. */
  | 'noLiquidity'

/** What became of a submission. */
export type RequestSubmission =
  | { readonly accepted: true; readonly id: number }
  | {
      readonly accepted: false
      readonly reason: RejectionReason
      /** What the request had too much or too little of, in its own unit; null where it is no figure. */
      readonly limit: bigint | number | null
    }

/** What became of a cancellation. */
export type RequestCancellation =
  | { readonly cancelled: true }
  | { readonly cancelled: false; readonly reason: 'notPending' | 'afterCutOff' | 'notOffered' }

/** How a request was priced and how far it has come. */
export type PendingRequest = {
  readonly id: number
  readonly request: RwaRequest
  readonly submittedMs: UnixMs
  /** Waiting for its price, or priced and waiting for its settlement. */
  readonly stage: 'accepted' | 'priced'
  /** Cash of a subscription, fee included, that is not priced yet. */
  readonly amountE8: CashE8
  /** Shares of a redemption that are not priced yet. */
  readonly shares: Quantity
  /** When it settles; null while that is not known. */
  readonly settlesMs: UnixMs | null
}

/** A price, and what follows from it. */
export type Pricing = {
  readonly navE8: PriceE8
  /** Cash before the fee: paid in by a subscription, or worth of the shares of a redemption. */
  readonly grossE8: CashE8
  readonly feeE8: CashE8
  /** Issued to a subscriber, or taken from a redeemer. */
  readonly shares: Quantity
}
