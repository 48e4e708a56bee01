import { checkQueueTerms, type MarketHoursTerms, type QueueTerms } from '../../../agents/index.ts'
import {
  cashE8,
  floorDivide,
  type PriceE8,
  type Quantity,
  quantity,
  quantityFor,
  type UnixMs,
  valueE8,
} from '../../../core/index.ts'
import { marketHours } from '../calendar/marketHours.ts'
import { NO_CASH, NO_SHARES } from '../holding/balance.ts'
import { createHolderAccount, type HolderOptions } from '../holding/holderAccount.ts'
import { type Refusal, refusalOf } from '../requests/admitRequest.ts'
import { priceRedemption, priceSubscription } from '../requests/priceRequest.ts'
import type {
  PendingRequest,
  Pricing,
  RejectionReason,
  RequestSubmission,
  RwaRequest,
} from '../requests/rwaRequest.ts'
import type { PricedRequest } from '../requests/rwaSink.ts'
import { createSettlements } from '../requests/settlements.ts'
import type { RwaVenue } from '../rwaVenue.ts'
import { observeOthers } from './observeOthers.ts'
import { createPeriodAllowance } from './periodAllowance.ts'
import { createRequestQueue, type Queued, type QueueHooks } from './requestQueue.ts'
import { observedRate } from './vaultRate.ts'

export type QueueVenueOptions = Omit<HolderOptions, 'pendingEarns'> & {
  readonly terms: QueueTerms
  /** When requests are taken; null for always. */
  readonly hours: MarketHoursTerms | null
}

/** What is known of a request from its beginning to its last settlement. */
type Open = {
  readonly request: RwaRequest
  readonly submittedMs: UnixMs
  readonly priceThenE8: PriceE8 | null
}

/**
 * Opens a venue that is an asynchronous vault: a request waits in a queue, and its rate is fixed when it is
 * fulfilled, not when it is made. What fulfils it is observed where the stream tells and modelled otherwise; each
 * pricing says which.
 *
 * @throws InvalidInputError when the terms cannot be kept.
 */
export function createQueueVenue(options: QueueVenueOptions): RwaVenue {
  const { instrument, terms, sink, wallet } = options
  checkQueueTerms(terms)
  const { pendingEarns, maxNavAgeMs, assetDecimals, instant } = terms
  const { decimals } = instrument
  const unit = 10n ** BigInt(decimals)
  const account = createHolderAccount({ ...options, pendingEarns }, (fromE8, toE8) => {
    queues.redeem?.change(({ amount }) => {
      const after = (amount * toE8) / fromE8
      book.adjust(quantity(after - amount), 'locked')
      return after
    })
    settlements.rebase(fromE8, toE8)
  })
  const { book } = account
  const settlements = createSettlements(account, wallet, sink)
  const queues = {
    subscribe: terms.deposit && createRequestQueue(terms.deposit, hooksOf('subscribe')),
    redeem: terms.redemption && createRequestQueue(terms.redemption, hooksOf('redeem')),
  }
  const sides = { subscribe: terms.deposit, redeem: terms.redemption }
  const liquidity = instant && createPeriodAllowance(instant.liquidityE8, instant.periodMs)
  const hours = options.hours === null ? null : marketHours(options.hours)
  const admission = { account, wallet, decimals, maxNavAgeMs, hours }
  const open = new Map<number, Open>()
  let nextId = 1

  /** The price that a request may be fulfilled at; null while there is none, or none that is fresh. */
  function usablePrice(atMs: number): PriceE8 | null {
    const { nav, priceE8 } = account
    return nav !== null && maxNavAgeMs !== null && atMs - nav.validAt > maxNavAgeMs ? null : priceE8
  }

  function hooksOf(kind: RwaRequest['kind']): QueueHooks {
    const isDeposit = kind === 'subscribe'
    return {
      valueE8(amount, atMs) {
        const price = usablePrice(atMs)
        return price === null ? null : isDeposit ? amount : valueE8(quantity(amount), price, decimals)
      },
      amountFor(sumE8, atMs) {
        const price = usablePrice(atMs)
        return isDeposit ? sumE8 : price === null ? 0n : quantityFor(cashE8(sumE8), price, decimals)
      },
      fulfil: (queued, amount, atMs, because) => fulfil(kind, queued, amount, atMs, because),
      tooLarge: (queued, atMs) => giveBack(queued.id, queued.amount, atMs, 'aboveCapacity'),
    }
  }

  function fulfil(
    kind: RwaRequest['kind'],
    { id, amount: waiting }: Queued,
    amount: bigint,
    atMs: UnixMs,
    because: 'observed' | 'modelled',
  ): boolean {
    const price = usablePrice(atMs)
    const side = sides[kind]
    const request = open.get(id)
    if (price === null || side === null || request === undefined) return false
    const then = request.priceThenE8
    const lower = !pendingEarns && then !== null && then < price ? then : price
    const pricing =
      kind === 'subscribe'
        ? priceSubscription(cashE8(amount), price, decimals, side.fee)
        : priceRedemption(quantity(amount), lower, decimals, side.fee)
    const isWhole = amount === waiting
    if (pricing !== null) bookPricing(id, kind, pricing, atMs, because, isWhole, side.claimDelayMs)
    else if (isWhole) giveBack(id, amount, atMs, 'nothingLeft')
    return pricing !== null || isWhole
  }

  /** Books a price, and sets its settlement. */
  function bookPricing(
    id: number,
    kind: RwaRequest['kind'],
    pricing: Pricing,
    timeMs: UnixMs,
    because: PricedRequest['because'],
    isWhole: boolean,
    delayMs: number,
  ): void {
    const settlesMs = (timeMs + delayMs) as UnixMs
    if (kind === 'subscribe') {
      book.issue(pricing)
      settlements.add({ id, settlesMs, cashE8: NO_CASH, shares: pricing.shares })
    } else {
      book.redeem(pricing)
      const paid = cashE8(pricing.grossE8 - pricing.feeE8)
      settlements.add({ id, settlesMs, cashE8: paid, shares: NO_SHARES })
    }
    account.note(timeMs)
    sink.priced({ ...pricing, id, timeMs, because, isWhole, settlesMs })
  }

  function giveBack(id: number, amount: bigint, timeMs: UnixMs, reason: RejectionReason | 'cancelled'): void {
    const request = open.get(id)?.request
    if (request === undefined) return
    if (request.kind === 'subscribe') book.refund(cashE8(amount))
    else book.unlock(quantity(amount))
    account.note(timeMs)
    sink.rejected({ id, timeMs, request, reason })
  }

  function refuse(request: RwaRequest, refusal: Refusal, nowMs: UnixMs): RequestSubmission {
    sink.rejected({ id: null, timeMs: nowMs, request, reason: refusal.reason })
    return { accepted: false, ...refusal }
  }

  function redeemInstantly(request: RwaRequest, shares: Quantity, nowMs: UnixMs): RequestSubmission {
    const refusal = refusalOf(request, instant, admission, nowMs, true)
    if (refusal !== null) return refuse(request, refusal, nowMs)
    const price = usablePrice(nowMs)
    if (price === null || instant === null || liquidity === null)
      return refuse(request, { reason: 'notOffered', limit: null }, nowMs)
    const pricing = priceRedemption(shares, price, decimals, instant.fee)
    if (pricing === null) return refuse(request, { reason: 'nothingLeft', limit: null }, nowMs)
    const left = liquidity.leftAt(nowMs)
    if (pricing.grossE8 > left) return refuse(request, { reason: 'noLiquidity', limit: left }, nowMs)
    liquidity.use(pricing.grossE8, nowMs)
    const id = nextId++
    book.lock(shares)
    sink.accepted({ id, timeMs: nowMs, request, because: { kind: 'queue', expectedMs: nowMs, ahead: 0n } })
    bookPricing(id, 'redeem', pricing, nowMs, 'instant', true, 0)
    settlements.settleUntil(nowMs)
    return { accepted: true, id }
  }

  function onTime(nowMs: UnixMs): void {
    for (;;) {
      const due = Math.min(
        queues.subscribe?.dueMs ?? Number.POSITIVE_INFINITY,
        queues.redeem?.dueMs ?? Number.POSITIVE_INFINITY,
      )
      if (due > nowMs) break
      // What settles before is settled before, so that shares are noted in the order of time.
      settlements.settleUntil(due as UnixMs)
      queues.subscribe?.advance(due as UnixMs)
      queues.redeem?.advance(due as UnixMs)
    }
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
      return Math.min(
        settlements.dueMs,
        queues.subscribe?.dueMs ?? Number.POSITIVE_INFINITY,
        queues.redeem?.dueMs ?? Number.POSITIVE_INFINITY,
      )
    },
    submit(request, nowMs) {
      onTime(nowMs)
      if (request.kind === 'redeem' && request.instantly === true)
        return redeemInstantly(request, request.shares, nowMs)
      const side = sides[request.kind]
      const queue = queues[request.kind]
      const refusal = refusalOf(request, side, admission, nowMs, false)
      if (refusal !== null || side === null || queue === null)
        return refuse(request, refusal ?? { reason: 'notOffered', limit: null }, nowMs)
      const amount: bigint = request.kind === 'subscribe' ? request.amountE8 : request.shares
      const price = usablePrice(nowMs)
      const { capacity } = side
      if (capacity !== null && !side.partialFulfilment) {
        const worth =
          request.kind === 'subscribe' ? amount : price === null ? 0n : floorDivide(amount * price, unit)
        if (worth > capacity.assetsE8)
          return refuse(request, { reason: 'aboveCapacity', limit: capacity.assetsE8 }, nowMs)
      }
      const id = nextId++
      open.set(id, { request, submittedMs: nowMs, priceThenE8: price })
      if (request.kind === 'subscribe') book.payIn(request.amountE8)
      else book.lock(request.shares)
      account.note(nowMs)
      const { expectedMs, ahead } = queue.push(id, amount, nowMs)
      sink.accepted({ id, timeMs: nowMs, request, because: { kind: 'queue', expectedMs, ahead } })
      onTime(nowMs)
      return { accepted: true, id }
    },
    cancel(id, nowMs) {
      onTime(nowMs)
      const request = open.get(id)?.request
      const queue = request === undefined ? null : queues[request.kind]
      if (request === undefined || !queue?.waiting.some(queued => queued.id === id))
        return { cancelled: false, reason: 'notPending' }
      if (sides[request.kind]?.cancellable !== true) return { cancelled: false, reason: 'notOffered' }
      giveBack(id, queue.remove(id)?.amount ?? 0n, nowMs, 'cancelled')
      return { cancelled: true }
    },
    onEvent(event) {
      if (event.instrument !== instrument.id) return
      const { value, knownAt } = event
      onTime(knownAt)
      account.onEvent(event)
      const rate = terms.rateFrom === 'fulfilments' ? observedRate(value, decimals, assetDecimals) : null
      if (rate !== null) account.learn(rate, event)
      if (rate !== null || value.type === 'nav') {
        queues.subscribe?.priced(knownAt)
        queues.redeem?.priced(knownAt)
      }
      // What the wallet itself asked for on chain is not ahead of it.
      if (value.type === 'vaultRequest' && value.controller !== wallet)
        observeOthers(value, { ...queues, liquidity, assetDecimals }, knownAt)
      settlements.settleUntil(knownAt)
      settlements.retry(knownAt)
    },
    onTime,
    pending() {
      const waiting = new Map<number, bigint>()
      for (const queue of [queues.subscribe, queues.redeem])
        for (const { id, amount } of queue?.waiting ?? []) waiting.set(id, amount)
      const list: PendingRequest[] = []
      for (const [id, { request, submittedMs }] of open) {
        const left = waiting.get(id)
        const settlesMs = settlements.settlesMs(id)
        // Settled whole, or given back, since it was last asked.
        if (left === undefined && settlesMs === null) {
          open.delete(id)
          continue
        }
        const isDeposit = request.kind === 'subscribe'
        list.push({
          id,
          request,
          submittedMs,
          stage: left === undefined ? 'priced' : 'accepted',
          amountE8: cashE8(isDeposit ? (left ?? 0n) : 0n),
          shares: quantity(isDeposit ? 0n : (left ?? 0n)),
          settlesMs: left === undefined ? settlesMs : null,
        })
      }
      return list
    },
    reconcile(held, nowMs) {
      // What is due by now is part of what should be held.
      onTime(nowMs)
      account.reconcile(held, nowMs)
    },
  }
}
