import type { RequestFeeTerms } from '../../../agents/index.ts'
import type { Address, UnixMs } from '../../../core/index.ts'
import { quantity, quantityFor } from '../../../core/index.ts'
import type { MarketHours } from '../calendar/marketHours.ts'
import { type HolderAccount, ISSUER } from '../holding/holderAccount.ts'
import { requestFeeE8 } from './requestFee.ts'
import type { RejectionReason, RwaRequest } from './rwaRequest.ts'

/** What every venue asks of a request before it looks at its own terms. */
export type AdmissionTerms = {
  readonly minimum: bigint
  readonly increment: bigint
  readonly fee: RequestFeeTerms
}

/** A refusal, and the figure that it went by. */
export type Refusal = { readonly reason: RejectionReason; readonly limit: bigint | number | null }

/** What a request is checked against. */
export type Admission = {
  readonly account: HolderAccount
  readonly wallet: Address
  readonly decimals: number
  readonly maxNavAgeMs: number | null
  /** When requests are taken; null for always. */
  readonly hours: MarketHours | null
}

/**
 * Checks a request: hours, amount, balance, age of the NAV, then the register. Null when it may be taken.
 *
 * @param terms Null where the venue does not offer it.
 * @param needsNav True where a NAV must be known already, whatever its age.
 */
export function refusalOf(
  request: RwaRequest,
  terms: AdmissionTerms | null,
  { account, wallet, decimals, maxNavAgeMs, hours }: Admission,
  nowMs: UnixMs,
  needsNav: boolean,
): Refusal | null {
  const { book, nav, priceE8, register } = account
  if (terms === null) return refused('notOffered')
  if (hours !== null && !hours.isOpen(nowMs)) return refused('closed', hours.nextOpen(nowMs))
  const isSubscription = request.kind === 'subscribe'
  const amount: bigint = isSubscription ? request.amountE8 : request.shares
  if (amount <= 0n || amount < terms.minimum) return refused('belowMinimum', terms.minimum)
  if (amount % terms.increment !== 0n) return refused('offIncrement', terms.increment)
  if (isSubscription) {
    if (amount > book.cash.amount) return refused('insufficientCash', book.cash.amount)
    const feeE8 = requestFeeE8(terms.fee, request.amountE8)
    if (feeE8 >= amount) return refused('nothingLeft', feeE8)
  } else if (amount > book.shares.amount) return refused('insufficientShares', book.shares.amount)
  if (nav === null) {
    if (needsNav || maxNavAgeMs !== null) return refused('noNav')
  } else if (maxNavAgeMs !== null && nowMs - nav.validAt > maxNavAgeMs)
    return refused('staleNav', maxNavAgeMs)
  if (register === null) return null
  // What a subscription will bring is not known yet: the last price tells about how much.
  const check = isSubscription
    ? register.canTransfer(
        ISSUER,
        wallet,
        priceE8 === null ? quantity(0n) : quantityFor(request.amountE8, priceE8, decimals),
        nowMs,
      )
    : register.canTransfer(wallet, ISSUER, request.shares, nowMs)
  return check.ok ? null : refused(check.reason, check.limit)
}

const refused = (reason: RejectionReason, limit: bigint | number | null = null): Refusal => ({
  reason,
  limit,
})
