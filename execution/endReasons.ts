import { cashE8, type EndReason, priceE8, quantity, sideOf } from '../core/index.ts'
import type { FillAtRow, Placement } from './decisionBuffer.ts'
import type { CancelReason, Rejection } from './matching/index.ts'
import type { RejectionReason } from './rwa/index.ts'

/** Why an order ended that its account cancelled. */
export const CANCEL_REASONS: Readonly<Record<CancelReason, EndReason>> = {
  requested: 'cancelled',
  exclusive: 'exclusive',
  oneCancelsOther: 'cancelled',
  positionClosed: 'nothingToReduce',
  liquidated: 'liquidated',
  accountClosed: 'accountClosed',
}

/** Why an order ended that its account refused. */
export function rejectionReason({ reason }: Rejection): EndReason {
  switch (reason) {
    case 'sizeStep':
    case 'belowMinimum':
      return 'size'
    case 'expired':
      return 'goodTill'
    case 'exclusiveNotMarket':
    case 'unknownInstrument':
      return 'notOffered'
    default:
      return reason
  }
}

/** Why a request ended that its issuer refused or gave back. */
export const REQUEST_REASONS: Readonly<Record<RejectionReason | 'cancelled', EndReason>> = {
  paused: 'compliance',
  senderFrozen: 'compliance',
  receiverFrozen: 'compliance',
  amountFrozen: 'compliance',
  unverifiedReceiver: 'compliance',
  lockedUp: 'compliance',
  tooManyHolders: 'compliance',
  aboveMaximumBalance: 'compliance',
  insufficientBalance: 'insufficientShares',
  insufficientShares: 'insufficientShares',
  insufficientCash: 'insufficientCash',
  belowMinimum: 'belowMinimum',
  offIncrement: 'size',
  nothingLeft: 'size',
  aboveCapacity: 'aboveCapacity',
  closed: 'marketClosed',
  notOffered: 'notOffered',
  noNav: 'nav',
  staleNav: 'nav',
  noLiquidity: 'liquidity',
  cancelled: 'cancelled',
}

/** What tells that an order ended without a fill, or what was left of it; null for what is no order. */
export function endedFill({ output, sequence }: Placement, reason: EndReason): FillAtRow | null {
  if (output.kind !== 'order') return null
  return {
    kind: 'fill',
    order: sequence,
    cause: 'order',
    side: sideOf(output.terms),
    outcome: 'ended',
    reason,
    quantity: quantity(0n),
    priceE8: priceE8(0n),
    feeE8: cashE8(0n),
  }
}
