import type { CashE8, PriceE8, Quantity, UnixMs } from '../../core/index.ts'
import type { Rejection } from './rejection.ts'
import type { Whole } from './whole.ts'

/** An order, or a forced close, that filled whole. */
export type AccountFill = {
  /** The order's id; null for a liquidation. */
  readonly order: number | null
  readonly instrument: number
  /** The open of the bar for a fill at the open, else its close: the latest that it can have been. */
  readonly timeMs: UnixMs
  readonly side: 'buy' | 'sell'
  readonly quantity: Quantity
  /** Price before fees, slippage included. */
  readonly priceE8: PriceE8
  readonly feeE8: CashE8
  readonly liquidity: 'maker' | 'taker'
  /** `close` is what an exclusive order closes before it trades itself. */
  readonly cause: 'order' | 'stopLoss' | 'takeProfit' | 'close' | 'liquidation'
}

/** The same as the account has it: nothing is made for those who only count. */
export type BookedFill = Pick<AccountFill, 'order' | 'cause'> & {
  readonly buy: boolean
  readonly quantity: Whole
  readonly priceE8: Whole
  readonly feeE8: Whole
  readonly timeMs: number
  readonly maker: boolean
}

/** A lot, or a part of one, that was closed. */
export type ClosedLot = {
  readonly lot: number
  readonly instrument: number
  readonly direction: 'long' | 'short'
  readonly quantity: Quantity
  readonly entryPriceE8: PriceE8
  readonly exitPriceE8: PriceE8
  readonly openedMs: UnixMs
  readonly closedMs: UnixMs
  /** Cash out less cash in, before fees. */
  readonly realisedE8: CashE8
  /** The part's share of the fees of entry and exit. */
  readonly feesE8: CashE8
  readonly entryOrder: number
  /** Null for a liquidation. */
  readonly exitOrder: number | null
}

export type CancelReason =
  | 'requested'
  | 'exclusive'
  | 'oneCancelsOther'
  | 'positionClosed'
  | 'liquidated'
  | 'accountClosed'

/** Where an account tells what happened, in the order it happened. It may not submit or cancel from within. */
export interface AccountSink {
  filled?(fill: AccountFill): void
  /** Is told in place of `filled` where it is given. */
  booked?(instrument: number, fill: BookedFill): void
  /** Follows the fill that closed it; left out where nobody asks. */
  lotClosed?(closed: ClosedLot): void
  cancelled(order: number, timeMs: UnixMs, reason: CancelReason): void
  expired(order: number, timeMs: UnixMs): void
  /** An accepted order that could not be filled. */
  rejected(order: number, timeMs: UnixMs, rejection: Rejection): void
  /**
   * Equity fell below the maintenance margin; the cancellations and fills that end everything follow.
   *
   * @param priceE8 Bid (ask for a position that is short on balance) at which the instrument is closed.
   */
  liquidated(instrument: number, timeMs: UnixMs, priceE8: PriceE8): void
  /** Equity reached zero: the account takes no more orders. */
  accountClosed(timeMs: UnixMs, equityE8: CashE8): void
}
