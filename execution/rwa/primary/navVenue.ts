import { checkNavTerms, type MarketHoursTerms, type NavTerms } from '../../../agents/index.ts'
import {
  type CashE8,
  cashE8,
  type MarketEvent,
  type PriceE8,
  type Quantity,
  quantity,
  type UnixMs,
} from '../../../core/index.ts'
import { marketHours } from '../calendar/marketHours.ts'
import { NO_CASH, NO_SHARES } from '../holding/balance.ts'
import { createHolderAccount, type HolderOptions } from '../holding/holderAccount.ts'
import { refusalOf } from '../requests/admitRequest.ts'
import { priceRedemption, priceSubscription } from '../requests/priceRequest.ts'
import type { PendingRequest, Pricing, RejectionReason, RwaRequest } from '../requests/rwaRequest.ts'
import { createSettlements } from '../requests/settlements.ts'
import type { RwaVenue } from '../rwaVenue.ts'
import { type DealingWindow, dealingWindows } from './dealingWindows.ts'

export type NavVenueOptions = Omit<HolderOptions, 'pendingEarns'> & {
  readonly terms: NavTerms
  /** When requests are taken; null for always. */
  readonly hours: MarketHoursTerms | null
}

/** A request that has no price yet. */
type Unpriced = {
  readonly id: number
  readonly request: RwaRequest
  readonly submittedMs: UnixMs
  readonly window: DealingWindow
  readonly isCancellable: boolean
  readonly amountE8: CashE8
  shares: Quantity
  /** The price known when it was made; null where none was. */
  readonly priceThenE8: PriceE8 | null
}

/** A request that is priced and not settled. */
type Priced = { readonly id: number; readonly request: RwaRequest; readonly submittedMs: UnixMs }

/**
 * Opens a venue that subscribes and redeems at NAV. A request is accepted for the first window whose cut-off it
 * meets; priced by the first NAV that describes the cut-off or a later time and was published after the cut-off,
 * so never by one that was known when it was made; and settled T+n.
 *
 * @throws InvalidInputError when the terms cannot be kept.
 */
export function createNavVenue(options: NavVenueOptions): RwaVenue {
  const { instrument, terms, sink, wallet } = options
  checkNavTerms(terms)
  const { pendingEarns, maxNavAgeMs } = terms
  const { decimals } = instrument
  const sides = { subscribe: terms.subscription, redeem: terms.redemption }
  const windows = {
    subscribe: terms.subscription && dealingWindows(terms, terms.subscription),
    redeem: terms.redemption && dealingWindows(terms, terms.redemption),
  }
  const account = createHolderAccount({ ...options, pendingEarns }, (fromE8, toE8) => {
    for (const one of unpriced) rebase(one, fromE8, toE8)
    settlements.rebase(fromE8, toE8)
  })
  const settlements = createSettlements(account, wallet, sink)
  const { book } = account
  const hours = options.hours === null ? null : marketHours(options.hours)
  const admission = { account, wallet, decimals, maxNavAgeMs, hours }
  let unpriced: Unpriced[] = []
  let priced: Priced[] = []
  let nextId = 1

  function rebase(one: Unpriced, fromE8: PriceE8, toE8: PriceE8): void {
    const after = quantity((one.shares * toE8) / fromE8)
    book.adjust(quantity(after - one.shares), 'locked')
    one.shares = after
  }

  function giveBack(one: Unpriced, timeMs: UnixMs, reason: RejectionReason | 'cancelled'): void {
    if (one.amountE8 > 0n) book.refund(one.amountE8)
    if (one.shares > 0n) book.unlock(one.shares)
    account.note(timeMs)
    sink.rejected({ id: one.id, timeMs, request: one.request, reason })
  }

  function priceFor(one: Unpriced, priceE8: PriceE8): Pricing | null {
    const fee = sides[one.request.kind]?.fee
    if (fee === undefined) return null
    if (one.request.kind === 'subscribe') return priceSubscription(one.amountE8, priceE8, decimals, fee)
    const then = one.priceThenE8
    const lower = !pendingEarns && then !== null && then < priceE8 ? then : priceE8
    return priceRedemption(one.shares, lower, decimals, fee)
  }

  function strike({ validAt, knownAt }: MarketEvent, priceE8: PriceE8): void {
    const met = unpriced.filter(({ window }) => window.cutOffMs <= validAt && window.cutOffMs < knownAt)
    if (met.length === 0) return
    unpriced = unpriced.filter(one => !met.includes(one))
    for (const one of met) {
      const pricing = priceFor(one, priceE8)
      if (pricing === null) {
        giveBack(one, knownAt, 'nothingLeft')
        continue
      }
      const isSubscription = one.request.kind === 'subscribe'
      if (isSubscription) book.issue(pricing)
      else book.redeem(pricing)
      const settlesMs = one.window.settlesMs > knownAt ? one.window.settlesMs : knownAt
      priced.push({ id: one.id, request: one.request, submittedMs: one.submittedMs })
      settlements.add({
        id: one.id,
        settlesMs,
        cashE8: isSubscription ? NO_CASH : cashE8(pricing.grossE8 - pricing.feeE8),
        shares: isSubscription ? pricing.shares : NO_SHARES,
      })
      sink.priced({
        ...pricing,
        id: one.id,
        timeMs: knownAt,
        because: 'struckAfterCutOff',
        isWhole: true,
        settlesMs,
      })
    }
    account.note(knownAt)
  }

  function onTime(nowMs: UnixMs): void {
    settlements.settleUntil(nowMs)
    account.note(nowMs)
  }

  return {
    book,
    register: account.register,
    get nav() {
      return account.nav
    },
    get priceE8() {
      return account.priceE8
    },
    get dueMs() {
      return settlements.dueMs
    },
    submit(request, nowMs) {
      onTime(nowMs)
      const side = sides[request.kind]
      const isInstant = request.kind === 'redeem' && request.instantly === true
      const window = windows[request.kind]?.(nowMs) ?? null
      const refusal =
        refusalOf(request, isInstant ? null : side, admission, nowMs, false) ??
        (window === null ? { reason: 'closed' as const, limit: null } : null)
      if (refusal !== null || window === null || side === null) {
        const reason = refusal?.reason ?? 'closed'
        sink.rejected({ id: null, timeMs: nowMs, request, reason })
        return { accepted: false, reason, limit: refusal?.limit ?? null }
      }
      const id = nextId++
      const isSubscription = request.kind === 'subscribe'
      const amountE8 = isSubscription ? request.amountE8 : NO_CASH
      const shares = isSubscription ? NO_SHARES : request.shares
      if (isSubscription) book.payIn(amountE8)
      else book.lock(shares)
      unpriced.push({
        id,
        request,
        submittedMs: nowMs,
        window,
        isCancellable: side.cancellable,
        amountE8,
        shares,
        priceThenE8: account.priceE8,
      })
      account.note(nowMs)
      sink.accepted({ id, timeMs: nowMs, request, because: { kind: 'window', ...window } })
      return { accepted: true, id }
    },
    cancel(id, nowMs) {
      onTime(nowMs)
      const one = unpriced.find(waiting => waiting.id === id)
      if (one === undefined) return { cancelled: false, reason: 'notPending' }
      if (!one.isCancellable) return { cancelled: false, reason: 'notOffered' }
      if (nowMs > one.window.cutOffMs) return { cancelled: false, reason: 'afterCutOff' }
      unpriced = unpriced.filter(waiting => waiting !== one)
      giveBack(one, nowMs, 'cancelled')
      return { cancelled: true }
    },
    onEvent(event) {
      if (event.instrument !== instrument.id) return
      onTime(event.knownAt)
      account.onEvent(event)
      if (event.value.type === 'nav' && unpriced.length > 0) {
        // What a rebasing token's NAV moves is its quantity: the price is another.
        const { yields } = options
        strike(event, yields.kind === 'rebases' ? yields.priceE8 : event.value.navE8)
      }
      settlements.settleUntil(event.knownAt)
      settlements.retry(event.knownAt)
    },
    onTime,
    pending() {
      const open: PendingRequest[] = []
      // Settled whole since it was last asked.
      priced = priced.filter(({ id }) => settlements.settlesMs(id) !== null)
      for (const { id, request, submittedMs } of priced)
        open.push({
          id,
          request,
          submittedMs,
          stage: 'priced',
          amountE8: NO_CASH,
          shares: NO_SHARES,
          settlesMs: settlements.settlesMs(id),
        })
      for (const { id, request, submittedMs, amountE8, shares, window } of unpriced)
        open.push({
          id,
          request,
          submittedMs,
          stage: 'accepted',
          amountE8,
          shares,
          settlesMs: window.settlesMs,
        })
      return open.sort((a, b) => a.id - b.id)
    },
    reconcile(held, nowMs) {
      // What is due by now is part of what should be held.
      onTime(nowMs)
      account.reconcile(held, nowMs)
    },
  }
}
