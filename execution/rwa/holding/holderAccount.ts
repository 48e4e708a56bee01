import { type ComplianceTerms, checkYield, type YieldTerms } from '../../../agents/index.ts'
import {
  type Address,
  type CashE8,
  cashE8,
  type Instrument,
  type MarketEvent,
  type PriceE8,
  type Quantity,
  quantity,
  type UnixMs,
  ZERO_ADDRESS,
} from '../../../core/index.ts'
import type { KnownNav, PositionChange, RwaSink } from '../requests/rwaSink.ts'
import type { Balance } from './balance.ts'
import { createTokenSupply, distributedCashE8, distributionShare } from './distributionShare.ts'
import { createHolderRegister, type HolderRegister } from './holderRegister.ts'
import { createHoldingHistory } from './holdingHistory.ts'
import { createRebasingBalance } from './rebasing.ts'
import { createRwaBook, type RwaBook } from './rwaBook.ts'

/** Who holds what, and how it behaves in a holder's hands. */
export type HolderOptions = {
  readonly instrument: Instrument
  /** The holder's wallet. Transfers from and to it that are observed are not the venue's: they are forced. */
  readonly wallet: Address
  /** Free cash, which other venues may draw on too. */
  readonly cash: Balance<CashE8>
  /** Free shares, which a market may trade too. */
  readonly shares: Balance<Quantity>
  readonly yields: YieldTerms
  /** Null for a token that anybody may hold. */
  readonly compliance: ComplianceTerms | null
  /** True when shares under way, to be delivered or to be priced, share in rebases and distributions. */
  readonly pendingEarns: boolean
  readonly sink: RwaSink
  /** How late the news of a payment may be after its record time; by default 35 days. */
  readonly recordHistoryMs?: number
}

/** A holding in one instrument, as its issuer's events change it. */
export interface HolderAccount {
  readonly book: RwaBook
  readonly register: HolderRegister | null
  /** The NAV that describes the latest time of all that are known. */
  readonly nav: KnownNav | null
  /** What a share costs at the last NAV; the constant price of a rebasing token. Null before the first NAV. */
  readonly priceE8: PriceE8 | null
  /** Folds an event of the instrument. */
  onEvent(event: MarketEvent): void
  /** Takes a price that an event gives otherwise than as a NAV. */
  learn(navE8: PriceE8, event: MarketEvent): void
  /** Notes what is held at a time, after anything that may have changed it. */
  note(nowMs: UnixMs): void
  /** Books the difference to what is truly held, if there is any. */
  reconcile(held: Quantity, nowMs: UnixMs): void
}

const DEFAULT_RECORD_HISTORY_MS = 35 * 86_400_000

/**
 * Opens a holding.
 *
 * @param rebasePending Brings shares under way from one index to another; called where these share in rebases.
 * @throws InvalidInputError when terms are out of range.
 */
export function createHolderAccount(
  options: HolderOptions,
  rebasePending: (fromE8: PriceE8, toE8: PriceE8) => void,
): HolderAccount {
  const { instrument, wallet, cash, shares, yields, pendingEarns, sink } = options
  checkYield(yields)
  const book = createRwaBook(cash, shares, instrument.decimals)
  const register = options.compliance === null ? null : createHolderRegister(options.compliance)
  const rebasing = yields.kind === 'rebases' ? createRebasingBalance(yields) : null
  const paying = yields.kind === 'distributed' ? yields : null
  const supply = createTokenSupply(paying?.totalShares ?? quantity(0n))
  const history = createHoldingHistory(options.recordHistoryMs ?? DEFAULT_RECORD_HISTORY_MS)
  let nav: KnownNav | null = null
  let notedFree: bigint = -1n
  let notedEntitled: bigint = -1n

  const entitled = (): bigint =>
    pendingEarns ? shares.amount + book.lockedShares + book.incomingShares : shares.amount

  function note(nowMs: UnixMs): void {
    if (register !== null && shares.amount !== notedFree) {
      notedFree = shares.amount
      register.setBalance(wallet, shares.amount, nowMs)
    }
    if (paying === null) return
    const now = entitled()
    if (now === notedEntitled) return
    notedEntitled = now
    history.note(quantity(now), nowMs)
  }

  function change(by: bigint, reason: PositionChange['reason'], timeMs: UnixMs): void {
    if (by === 0n) return
    book.adjust(quantity(by), 'free')
    sink.positionChanged({ timeMs, reason, shares: quantity(by), heldAfter: shares.amount })
  }

  /** What leaves the wallet is at most what is free in it: shares under way are the issuer's already. */
  function moved(from: Address, to: Address, amount: bigint, timeMs: UnixMs): void {
    if (from === to) return
    if (to === wallet) change(amount, 'forcedTransfer', timeMs)
    else if (from === wallet)
      change(-(amount < shares.amount ? amount : shares.amount), 'forcedTransfer', timeMs)
  }

  function pay(event: MarketEvent, token: Address, amount: bigint): void {
    if (paying === null) return
    const heldAtRecord = history.heldAt(event.validAt)
    const part = distributionShare(amount, heldAtRecord, supply.total, paying.includesHolder)
    if (part === 0n) return
    const asCash = cashE8(token === paying.cashToken ? distributedCashE8(part, paying) : 0n)
    if (asCash > 0n) book.distribute(asCash)
    sink.paid({
      timeMs: event.knownAt,
      recordMs: event.validAt,
      heldAtRecord,
      token,
      amount: part,
      cashE8: asCash,
    })
  }

  function learn(navE8: PriceE8, { validAt, knownAt }: MarketEvent): void {
    // A late correction of an older day is no newer price.
    if (nav !== null && validAt < nav.validAt) return
    const before = nav
    nav = { navE8, validAt, knownAt }
    if (rebasing === null) return
    const after = rebasing.rebase(shares.amount, navE8)
    change(after - shares.amount, 'rebased', knownAt)
    if (pendingEarns && before !== null) rebasePending(before.navE8, navE8)
  }

  return {
    book,
    register,
    get nav() {
      return nav
    },
    get priceE8() {
      if (nav === null) return null
      return yields.kind === 'rebases' ? yields.priceE8 : nav.navE8
    },
    onEvent(event) {
      const { value, knownAt } = event
      register?.onEvent(event)
      switch (value.type) {
        case 'nav':
          learn(value.navE8, event)
          break
        case 'transfer':
          supply.onEvent(event)
          moved(value.from, value.to, value.amount, knownAt)
          break
        case 'tokenControl':
          // Its transfer is seen before it, where transfers are read: then nothing is left to move.
          if (value.action === 'walletRecovered' && value.account === wallet)
            change(-shares.amount, 'recovered', knownAt)
          break
        case 'distribution':
          pay(event, value.token, value.amount)
          break
        default:
          return
      }
      // The register has folded a transfer by itself, perhaps one of shares that the wallet does not hold here.
      notedFree = -1n
      note(knownAt)
    },
    learn,
    note,
    reconcile(held, nowMs) {
      change(held - shares.amount, 'reconciled', nowMs)
      note(nowMs)
    },
  }
}

/** Who stands on the other side of a subscription or a redemption. */
export const ISSUER = ZERO_ADDRESS
