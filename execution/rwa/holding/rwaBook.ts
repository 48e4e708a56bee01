import { type CashE8, cashE8, type PriceE8, type Quantity, quantity, valueE8 } from '../../../core/index.ts'
import type { Pricing } from '../requests/rwaRequest.ts'
import type { Balance } from './balance.ts'

/** What has moved through a book, ever. */
export type RwaTotals = {
  /** Cash that bought shares, after fees. */
  readonly investedE8: CashE8
  /** Worth of the shares redeemed, before fees. */
  readonly redeemedE8: CashE8
  readonly feesE8: CashE8
  /** Yield paid in cash. */
  readonly distributedE8: CashE8
  readonly sharesIssued: Quantity
  readonly sharesRedeemed: Quantity
  /** Shares that came or went by rebases, forced transfers and reconciliation. */
  readonly sharesAdjusted: Quantity
}

/**
 * Cash and shares of one holder with one issuer, and what is under way between them. Nothing is created or
 * lost; of what this book moves, always and exactly:
 * `cash + pending cash + receivable = start − invested + redeemed − fees + distributed` and
 * `shares + locked + incoming = start + issued − redeemed + adjusted`.
 */
export interface RwaBook {
  /** Free cash. */
  readonly cash: Balance<CashE8>
  /** Shares that are settled and free. */
  readonly shares: Balance<Quantity>
  /** Paid in and not priced yet. */
  readonly pendingE8: CashE8
  /** Redemptions priced and not paid yet. */
  readonly receivableE8: CashE8
  /** Given up for redemption and not priced yet. */
  readonly lockedShares: Quantity
  /** Issued and not delivered yet. */
  readonly incomingShares: Quantity
  readonly totals: RwaTotals
  /** Sets cash aside for a subscription. */
  payIn(amountE8: CashE8): void
  /** Gives back cash that was set aside. */
  refund(amountE8: CashE8): void
  /** Turns cash that was set aside into shares to come. */
  issue(pricing: Pricing): void
  deliver(shares: Quantity): void
  /** Sets shares aside for a redemption. */
  lock(shares: Quantity): void
  unlock(shares: Quantity): void
  /** Turns shares that were set aside into cash to come. */
  redeem(pricing: Pricing): void
  pay(amountE8: CashE8): void
  /** Books shares that came or went of themselves, where they are. */
  adjust(change: Quantity, where: 'free' | 'locked' | 'incoming'): void
  distribute(amountE8: CashE8): void
  /** All of it at a NAV: cash, what is under way, and the shares, rounded down. */
  valueE8(navE8: PriceE8): CashE8
}

/** Opens a book over balances that other venues may draw on too. */
export function createRwaBook(cash: Balance<CashE8>, shares: Balance<Quantity>, decimals: number): RwaBook {
  let [pending, receivable, locked, incoming] = [0n, 0n, 0n, 0n]
  let [invested, redeemed, fees, distributed] = [0n, 0n, 0n, 0n]
  let [issuedShares, redeemedShares, adjusted] = [0n, 0n, 0n]
  return {
    cash,
    shares,
    get pendingE8() {
      return cashE8(pending)
    },
    get receivableE8() {
      return cashE8(receivable)
    },
    get lockedShares() {
      return quantity(locked)
    },
    get incomingShares() {
      return quantity(incoming)
    },
    get totals() {
      return {
        investedE8: cashE8(invested),
        redeemedE8: cashE8(redeemed),
        feesE8: cashE8(fees),
        distributedE8: cashE8(distributed),
        sharesIssued: quantity(issuedShares),
        sharesRedeemed: quantity(redeemedShares),
        sharesAdjusted: quantity(adjusted),
      }
    },
    payIn(amount) {
      cash.add(cashE8(-amount))
      pending += amount
    },
    refund(amount) {
      pending -= amount
      cash.add(amount)
    },
    issue({ grossE8, feeE8, shares: issued }) {
      pending -= grossE8
      fees += feeE8
      invested += grossE8 - feeE8
      incoming += issued
      issuedShares += issued
    },
    deliver(amount) {
      incoming -= amount
      shares.add(amount)
    },
    lock(amount) {
      shares.add(quantity(-amount))
      locked += amount
    },
    unlock(amount) {
      locked -= amount
      shares.add(amount)
    },
    redeem({ grossE8, feeE8, shares: taken }) {
      locked -= taken
      redeemedShares += taken
      redeemed += grossE8
      fees += feeE8
      receivable += grossE8 - feeE8
    },
    pay(amount) {
      receivable -= amount
      cash.add(amount)
    },
    adjust(change, where) {
      if (where === 'free') shares.add(change)
      else if (where === 'locked') locked += change
      else incoming += change
      adjusted += change
    },
    distribute(amount) {
      cash.add(amount)
      distributed += amount
    },
    valueE8: navE8 =>
      cashE8(
        cash.amount +
          pending +
          receivable +
          valueE8(quantity(shares.amount + locked + incoming), navE8, decimals),
      ),
  }
}
