import type { CashE8, Quantity, TradeTerms, UnixMs } from '../../core/index.ts'
import type { AccountSink } from './accountSink.ts'
import type { AccountTransfers } from './accountTransfers.ts'
import type { BarColumns } from './barColumns.ts'
import type { ExecutionModels } from './executionModels.ts'
import type { InstrumentTerms } from './instrumentTerms.ts'
import type { Lot } from './lot.ts'
import type { OrderTerms } from './orderTerms.ts'
import type { Submission } from './rejection.ts'

/** How an account is set up. */
export type AccountTerms = {
  readonly instruments: readonly InstrumentTerms[]
  /** Cash at the start, in 10⁻⁸ of the quote currency that all instruments share; above zero. */
  readonly cashE8: CashE8
  /** Netting closes the oldest lot first; in hedging each entry is a position of its own. */
  readonly mode: 'netting' | 'hedging'
  /** Where a market order fills that meets the price it was decided on: the next open, unless said otherwise. */
  readonly marketOrders?: 'nextOpen' | 'thisClose'
  readonly models?: ExecutionModels
  readonly sink: AccountSink
}

/** A pending order, as its owner sees it. */
export type OpenOrder = {
  readonly id: number
  readonly instrument: number
  readonly side: 'buy' | 'sell'
  readonly kind: OrderTerms['kind']
  readonly role: 'order' | 'stopLoss' | 'takeProfit'
  readonly lot: number | null
}

/** Bid and ask of one instrument. */
export type BidAsk = { readonly bidE8: bigint; readonly askE8: bigint }

/** A simulated account at an exchange; its rules are in docs/fills.md. Synchronous, without clock or randomness. */
export type Account = {
  /**
   * Takes an order at a time, or refuses it with the reason. Ids ascend by submission.
   *
   * @param goodTillMs Last moment, excluded, at which it is good; the order's own unless given.
   */
  submit(order: OrderTerms, nowMs: UnixMs): Submission
  submit(order: TradeTerms, nowMs: UnixMs, instrument: number, goodTillMs: number): Submission
  /** Cancels a pending order; false when there is none of that id. */
  cancel(id: number, nowMs: UnixMs): boolean
  /** Lets a bar act on the instrument's orders and positions. Nothing is copied: the columns must stay. */
  onBar(instrument: number, bars: BarColumns, row: number): void
  /** The first row from `row` on, before `end`, whose bar may act on something, if nothing changes until then; else `end`. */
  quietTo(instrument: number, bars: BarColumns, row: number, end: number): number
  /** Says which bar is the newest, where it acts on nothing. */
  pass(instrument: number, bars: BarColumns, row: number): void
  /** Lets a tick, quote or swap act on them: prices are whole 10⁻⁸. */
  onPrice(instrument: number, timeMs: number, bidE8: number, askE8: number): void
  /** Ends what is not good at a time, once every event of an earlier time was given. */
  onTime(nowMs: UnixMs): void
  readonly cashE8: CashE8
  /** True once equity has reached zero. */
  readonly isClosed: boolean
  /** Cash as a double, for estimates. */
  readonly cashNumber: number
  /** What is open in an instrument, shorts taken from longs. */
  netQuantity(instrument: number): Quantity
  /** The same in whole units, as a double. */
  netUnits(instrument: number): number
  /** What is open in an instrument, oldest first. */
  lots(instrument: number): readonly Lot[]
  /** What is pending in an instrument, by id. */
  openOrders(instrument: number): readonly OpenOrder[]
  /** Initial margin of all positions at the last prices. */
  marginUsedE8(): CashE8
  /** Cash and positions at the last prices, longs at the bid and shorts at the ask, rounded down. */
  equityE8(): CashE8
  /** The same at given prices, one for each instrument. */
  equityAtE8(prices: readonly BidAsk[]): CashE8
  /** The same at the last prices as a double, in 10⁻⁸: for an equity curve, never for money. */
  equityEstimateE8(): number
  /** Moves cash and shares without a trade. */
  readonly transfers: AccountTransfers
}
