import { type IssuerTerms, PAPER_WALLET } from '../agents/index.ts'
import {
  type AdjustmentReason,
  type CashE8,
  cashE8,
  type EndReason,
  type Instrument,
  IntegrityError,
  type MarketEvent,
  positionOf,
  type Quantity,
  quantity,
  type RedeemTerms,
  type SourcePosition,
  type SubscribeTerms,
  sideOf,
  type UnixMs,
} from '../core/index.ts'
import type { Placement } from './decisionBuffer.ts'
import { endedFill, REQUEST_REASONS } from './endReasons.ts'
import { createIssuerShares } from './issuerShares.ts'
import type { Account } from './matching/index.ts'
import {
  type Balance,
  createNavVenue,
  createQueueVenue,
  type KnownNav,
  type PositionChange,
  type RwaSink,
  type RwaVenue,
} from './rwa/index.ts'
import type { VenueOutcome } from './venue.ts'

/** An issuer that serves one instrument of an account: requests go in, outcomes come out. */
export type IssuerDesk = {
  /** When something happens by time alone; infinite when nothing is due. */
  readonly dueMs: number
  /** Cash set aside for subscriptions, or priced and not paid yet. */
  readonly cashE8: CashE8
  /** Shares given up and not priced, or issued and not delivered yet; and what they cost. */
  readonly shares: Quantity
  readonly costE8: CashE8
  request(placement: Placement, terms: SubscribeTerms | RedeemTerms): void
  /** Takes an order back, as far as the issuer lets it; false when it is none of its own. */
  cancel(order: number, nowMs: UnixMs): boolean
  /** Does what is due by a time, and notes what is held then. */
  onTime(nowMs: UnixMs): void
  /** Takes in an event of the instrument that is no market price. */
  onEvent(event: MarketEvent): void
}

const ADJUSTMENTS: Readonly<Record<PositionChange['reason'], AdjustmentReason>> = {
  rebased: 'rebase',
  forcedTransfer: 'forcedTransfer',
  recovered: 'recovery',
  reconciled: 'reconciliation',
}

/**
 * Opens an issuer over the cash and shares of an account.
 *
 * @param market Index of its instrument, in the account and among those that the agent trades.
 * @throws InvalidInputError when the terms cannot be kept.
 */
export function createIssuerDesk(
  terms: IssuerTerms,
  { instrument, market }: { readonly instrument: Instrument; readonly market: number },
  account: Account,
  emit: (outcome: VenueOutcome) => void,
): IssuerDesk {
  const { transfers } = account
  let nowMs = 0 as UnixMs
  /** The request that is being made. */
  let placing: Placement | null = null
  const ids = new Map<number, number>()
  const requests = new Map<number, Placement>()
  /** Where the event at hand stands, and the one that the last NAV was learnt from. */
  let position: SourcePosition | null = null
  let known: { readonly nav: KnownNav; readonly position: SourcePosition } | null = null
  /** Shares that came or went by themselves, as far as they were told. */
  let adjusted = 0n

  const shares = createIssuerShares(
    market,
    () => account.netQuantity(market),
    transfers,
    () => nowMs,
  )
  const cash: Balance<CashE8> = {
    get amount() {
      return transfers.freeE8
    },
    add(change) {
      if (change < 0n && transfers.freeE8 + change < 0n)
        throw new IntegrityError(`Free cash of ${transfers.freeE8} cannot pay ${-change}.`, {
          facts: { free: transfers.freeE8, change, instrument: instrument.id },
          hint: 'A request is checked before it is taken; this is a defect of the issuer’s venue.',
        })
      transfers.moveCash(change)
    },
  }

  const sink: RwaSink = {
    accepted({ id, request }) {
      if (placing === null) throw new RangeError(`Request ${id} was accepted without an order.`)
      ids.set(placing.sequence, id)
      requests.set(id, placing)
      if (request.kind === 'redeem') shares.locked(id)
    },
    priced({ id, timeMs, isWhole, ...pricing }) {
      const { sequence, output } = requestOf(id)
      const isSubscription = output.kind === 'order' && sideOf(output.terms) === 'buy'
      if (isSubscription) shares.issued(id, pricing)
      else shares.redeemed(id, pricing, isWhole)
      if (isWhole) ids.delete(sequence)
      emit({
        market,
        timeMs,
        isDone: isWhole,
        output: {
          kind: 'fill',
          order: sequence,
          cause: 'order',
          side: isSubscription ? 'buy' : 'sell',
          outcome: 'filled',
          reason: null,
          quantity: pricing.shares,
          priceE8: pricing.navE8,
          feeE8: pricing.feeE8,
          pricedBy: pricePosition(),
        },
      })
    },
    settled({ id, timeMs, cashE8: paid, shares: delivered }) {
      if (delivered > 0n) shares.delivered(id, timeMs)
      const { sequence } = requestOf(id)
      emit({
        market,
        timeMs,
        isDone: false,
        output: { kind: 'settlement', order: sequence, quantity: delivered, cashE8: paid },
      })
    },
    // Priced and owed: it is settled as soon as the register lets it through.
    deferred() {},
    rejected({ id, timeMs, reason }) {
      // What is refused at once is told by the submission itself.
      if (id === null) return
      shares.givenBack(id, timeMs)
      end(requestOf(id), timeMs, REQUEST_REASONS[reason])
      ids.delete(requestOf(id).sequence)
    },
    paid({ timeMs, cashE8: paid }) {
      if (paid > 0n) adjust(timeMs, 'distribution', 0n, paid)
    },
    positionChanged({ timeMs, reason, shares: change }) {
      shares.changed(timeMs)
      adjusted += change
      adjust(timeMs, ADJUSTMENTS[reason], change, cashE8(0n))
    },
  }

  const venue = openVenue()
  const { book } = venue

  function openVenue(): RwaVenue {
    const options = {
      instrument,
      wallet: terms.wallet ?? PAPER_WALLET,
      cash,
      shares: shares.balance,
      yields: terms.yields ?? ({ kind: 'accrues' } as const),
      compliance: terms.compliance ?? null,
      hours: terms.hours ?? null,
      sink,
    }
    return terms.kind === 'nav'
      ? createNavVenue({ ...options, terms: terms.terms })
      : createQueueVenue({ ...options, terms: terms.terms })
  }

  function requestOf(id: number): Placement {
    const placement = requests.get(id)
    if (placement === undefined) throw new RangeError(`Request ${id} is of no order.`)
    return placement
  }

  /** Remembers where the last NAV was learnt. */
  function noteNav(): void {
    const { nav } = venue
    if (nav !== null && nav !== known?.nav && position !== null) known = { nav, position }
  }

  function pricePosition(): SourcePosition {
    noteNav()
    // A fund deals at the NAV at hand, even where another describes a later time.
    const at = terms.kind === 'nav' ? position : known?.position
    if (at === null || at === undefined) throw new RangeError('A request was priced without a NAV.')
    return at
  }

  function adjust(timeMs: number, reason: AdjustmentReason, change: bigint, paid: CashE8): void {
    emit({
      market,
      timeMs,
      isDone: false,
      output: { kind: 'adjustment', reason, quantity: change, cashE8: paid },
    })
  }

  function end(placement: Placement, timeMs: number, reason: EndReason): void {
    const output = endedFill(placement, reason)
    if (output !== null) emit({ market, timeMs, isDone: true, output })
  }

  function refusalOf(request: SubscribeTerms | RedeemTerms): EndReason | null {
    if (account.isClosed) return 'accountClosed'
    if (request.kind === 'redeem' && !transfers.canTakeOut(market, request.shares)) return 'margin'
    return null
  }

  return {
    get dueMs() {
      return venue.dueMs
    },
    get cashE8() {
      return cashE8(book.pendingE8 + book.receivableE8)
    },
    get shares() {
      return quantity(book.lockedShares + book.incomingShares)
    },
    get costE8() {
      return shares.costE8
    },
    request(placement, request) {
      nowMs = placement.timeMs
      const refusal = refusalOf(request)
      if (refusal !== null) {
        end(placement, nowMs, refusal)
        return
      }
      placing = placement
      const submission = venue.submit(request, nowMs)
      placing = null
      if (!submission.accepted) end(placement, nowMs, REQUEST_REASONS[submission.reason])
    },
    cancel(order, atMs) {
      const id = ids.get(order)
      if (id === undefined) return false
      nowMs = atMs
      venue.cancel(id, atMs)
      return true
    },
    onTime(atMs) {
      nowMs = atMs
      venue.onTime(atMs)
    },
    onEvent(event) {
      nowMs = event.knownAt
      // What time alone brings was priced before this event, and has no place of it.
      venue.onTime(nowMs)
      const { source, block, logIndex } = positionOf(event)
      position = { source, block, logIndex }
      venue.onEvent(event)
      noteNav()
      position = null
      if (venue.priceE8 !== null) transfers.mark(market, venue.priceE8)
      if (terms.yields?.kind !== 'rebases') return
      // What is under way rebases without a word.
      const rest = book.totals.sharesAdjusted - adjusted
      if (rest === 0n) return
      adjusted += rest
      adjust(nowMs, 'rebase', rest, cashE8(0n))
    },
  }
}
