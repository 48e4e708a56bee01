import { type AgentDefinition, tradedInstruments } from '../agents/index.ts'
import {
  type CashE8,
  cashE8,
  type MarketEvent,
  type Quantity,
  quantity,
  type RedeemTerms,
  type SubscribeTerms,
  type UnixMs,
} from '../core/index.ts'
import type { Placement } from './decisionBuffer.ts'
import { createIssuerDesk, type IssuerDesk } from './issuerDesk.ts'
import type { Account } from './matching/index.ts'
import type { VenueOutcome } from './venue.ts'

/** All issuers that serve an account, and what is under way with them. Doubles are for estimates. */
export type IssuerDesks = {
  /** When something happens by time alone; infinite when nothing is due. */
  readonly dueMs: number
  /** Cash under way with any of them. */
  readonly cashE8: CashE8
  readonly cashNumber: number
  has(market: number): boolean
  /** Shares of a market under way, as such and in whole units. */
  shares(market: number): Quantity
  units(market: number): number
  costE8(market: number): CashE8
  /** Makes a request; false where the instrument has no issuer. */
  request(market: number, placement: Placement, terms: SubscribeTerms | RedeemTerms): boolean
  cancel(order: number, nowMs: UnixMs): void
  onTime(nowMs: UnixMs): void
  onEvent(market: number, event: MarketEvent): void
  /** Notes what is held since a trade: distributions go by the holding at a time. */
  traded(atMs: UnixMs): void
}

/**
 * Opens the issuers of an agent's instruments over its account.
 *
 * @throws InvalidInputError when the terms of one cannot be kept.
 */
export function openIssuerDesks(
  definition: AgentDefinition,
  account: Account,
  emit: (outcome: VenueOutcome) => void,
): IssuerDesks {
  const instruments = tradedInstruments(definition)
  const desks: (IssuerDesk | null)[] = instruments.map((instrument, market) => {
    const terms = definition.issuers.find(issuer => issuer.instrument === instrument.id)
    return terms === undefined ? null : createIssuerDesk(terms, { instrument, market }, account, emit)
  })
  const open = desks.filter(desk => desk !== null)
  const shares = instruments.map(() => 0n)
  const units = new Float64Array(instruments.length)

  function refresh(): void {
    let dueMs = Number.POSITIVE_INFINITY
    let cash = 0n
    let isOwed = false
    desks.forEach((desk, market) => {
      if (desk === null) return
      dueMs = Math.min(dueMs, desk.dueMs)
      cash += desk.cashE8
      shares[market] = desk.shares
      units[market] = Number(desk.shares) / 10 ** (instruments[market]?.decimals ?? 0)
      isOwed ||= desk.shares > 0n
    })
    all.dueMs = dueMs
    all.cashE8 = cashE8(cash)
    all.cashNumber = Number(cash)
    account.transfers.setOwed(isOwed || cash > 0n)
  }

  // Sums as plain fields, so that a row of events costs one comparison, and a valuation one addition.
  const all: Mutable<IssuerDesks> = {
    dueMs: Number.POSITIVE_INFINITY,
    cashE8: cashE8(0n),
    // A fraction, so that it is a double from the start.
    cashNumber: -0,
    has: market => desks[market] !== null,
    shares: market => quantity(shares[market] ?? 0n),
    units: market => units[market] ?? 0,
    costE8: market => desks[market]?.costE8 ?? cashE8(0n),
    request(market, placement, terms) {
      const desk = desks[market] ?? null
      desk?.request(placement, terms)
      refresh()
      return desk !== null
    },
    cancel(order, nowMs) {
      if (open.some(desk => desk.cancel(order, nowMs))) refresh()
    },
    onTime(nowMs) {
      for (const desk of open) desk.onTime(nowMs)
      refresh()
    },
    onEvent(market, event) {
      desks[market]?.onEvent(event)
      refresh()
    },
    traded(atMs) {
      if (open.length === 0) return
      for (const desk of open) desk.onTime(atMs)
      refresh()
    },
  }
  return all
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
