import { cashE8, PPM, type PriceE8, priceE8, quantity, type TradeTerms } from '../../core/index.ts'
import { type AccountState, equityE8, equityEstimateE8, initialMarginE8 } from './accountState.ts'
import { type Desk, lastAsk, lastBid } from './desk.ts'
import { reducible } from './orderSizeAt.ts'
import type { OrderSize, Trail } from './orderTerms.ts'
import type { Rejection } from './rejection.ts'
import { larger, smaller } from './rounding.ts'
import { big, minus, quotientDown, times, type Whole, whole } from './whole.ts'

/** Above this a double no longer holds every whole number. */
const HIGHEST_PRICE_E8 = BigInt(Number.MAX_SAFE_INTEGER)

/** Why an order cannot be taken when it is submitted, or null. */
export function checkOrder(
  account: AccountState,
  terms: TradeTerms,
  nowMs: number,
  instrument: number,
  goodTillMs: number,
): Rejection | null {
  const desk = account.desks[instrument]
  if (account.closed) return { reason: 'accountClosed' }
  if (desk === undefined) return { reason: 'unknownInstrument', instrument }
  if (desk.terms.isOpen?.(nowMs) === false) return { reason: 'marketClosed', timeMs: nowMs }
  if (goodTillMs <= nowMs) return { reason: 'expired', goodTillMs, timeMs: nowMs }
  if (terms.exclusive === true && terms.kind !== 'market') return { reason: 'exclusiveNotMarket' }
  return (
    checkSize(desk, terms) ??
    checkPrices(desk, terms) ??
    checkReduction(desk, terms) ??
    checkLeverage(account, desk, terms)
  )
}

function checkSize(
  { sizeStep: step, terms: { sizeStep, minimumSize } }: Desk,
  { size }: TradeTerms,
): Rejection | null {
  if ('units' in size) {
    if (step !== 1 && size.units > 0n && size.units % sizeStep !== 0n)
      return { reason: 'sizeStep', size: size.units, step: sizeStep }
    return size.units <= 0n || size.units < minimumSize
      ? { reason: 'belowMinimum', size: size.units, minimum: minimumSize }
      : null
  }
  const isEmpty = 'cashE8' in size ? size.cashE8 <= 0n : !(size.equityPpm > 0)
  if ('equityPpm' in size && !Number.isSafeInteger(size.equityPpm))
    return { reason: 'belowMinimum', size: quantity(0n), minimum: minimumSize }
  return isEmpty ? { reason: 'belowMinimum', size: quantity(0n), minimum: minimumSize } : null
}

function checkPrices(desk: Desk, terms: TradeTerms): Rejection | null {
  const toward = terms.side === 'buy' ? 1 : -1
  if (terms.kind === 'limit' || terms.kind === 'stopLimit')
    if (!isPrice(terms.limitE8)) return wrong('limit', terms.limitE8)
  if (terms.kind === 'stop' || terms.kind === 'stopLimit') {
    // A stop that the market has reached already would be a market order.
    const refusal = checkSide('stop', terms.stopE8, markE8(desk, terms.side), toward)
    if (refusal !== null) return refusal
  }
  if (terms.kind === 'trailingStop' && !isTrail(terms)) return wrong('trail', trailValue(terms))
  if (terms.bracket === undefined) return null
  const { stopLoss, takeProfitE8 } = terms.bracket
  const reference = referenceE8(desk, terms)
  if (stopLoss !== undefined) {
    const refusal =
      'stopE8' in stopLoss
        ? checkSide('stopLoss', stopLoss.stopE8, reference, -toward)
        : isTrail(stopLoss)
          ? null
          : wrong('stopLoss', trailValue(stopLoss))
    if (refusal !== null) return refusal
  }
  return takeProfitE8 === undefined ? null : checkSide('takeProfit', takeProfitE8, reference, toward)
}

type PriceField = Extract<Rejection, { reason: 'price' }>['field']

/** A price must lie above (1) or below (-1) its reference, where there is one. */
function checkSide(field: PriceField, value: bigint, reference: number, above: number): Rejection | null {
  if (!isPrice(value)) return wrong(field, value)
  if (Number.isNaN(reference) || (Number(value) - reference) * above > 0) return null
  return wrong(field, value, priceE8(BigInt(reference)))
}

function checkReduction(desk: Desk, terms: TradeTerms): Rejection | null {
  if (terms.reduceOnly !== true && terms.lot === undefined) return null
  const buy = terms.side === 'buy'
  return reducible(desk, { lot: terms.lot ?? null, buy }) === 0 ? { reason: 'nothingToReduce' } : null
}

/**
 * An order that would need more margin than the whole equity, were everything else closed. Less is left to the
 * fill, when price and size are known and orders before it have freed what they held.
 */
function checkLeverage(account: AccountState, desk: Desk, terms: TradeTerms): Rejection | null {
  if (terms.reduceOnly === true || terms.lot !== undefined) return null
  const { size } = terms
  // At most all of the equity is worth at most the equity, and its margin no more than that.
  if ('equityPpm' in size && size.equityPpm <= PPM) return null
  const reference = referenceE8(desk, terms)
  if (Number.isNaN(reference) || surelyCarried(account, desk, size, reference)) return null
  const buy = terms.side === 'buy'
  const equity = equityE8(account)
  const opposite = account.hedging || terms.exclusive === true ? 0 : reducible(desk, { lot: null, buy })
  const asked =
    'units' in size
      ? whole(size.units)
      : // Sized net of costs later: what the margin carries without them it may not carry with them.
        inSteps(quotientDown(fundsOf(size, equity), desk.unit, reference), desk.sizeStep)
  const opens = minus(asked, smaller(asked, opposite))
  if (opens === 0) return null
  const required = initialMarginE8(desk, opens, reference)
  if (required <= equity) return null
  return { reason: 'margin', requiredE8: cashE8(big(required)), availableE8: cashE8(big(equity)) }
}

const fundsOf = (size: Exclude<OrderSize, { units: unknown }>, equity: Whole): Whole =>
  'cashE8' in size ? whole(size.cashE8) : quotientDown(larger(equity, 0), size.equityPpm, PPM)

const inSteps = (size: Whole, step: Whole): Whole => times(quotientDown(size, 1, step), step)

/** Whether the equity carries an order for certain, by an estimate in doubles. */
function surelyCarried(account: AccountState, desk: Desk, size: OrderSize, price: number): boolean {
  const equity = equityEstimateE8(account)
  const value =
    'units' in size
      ? (Number(size.units) / desk.unitNumber) * price
      : 'cashE8' in size
        ? Number(size.cashE8)
        : equity * (size.equityPpm / 1_000_000)
  return value * (desk.terms.initialMarginPpm / 1_000_000) < equity * 0.999 - 1_000
}

/** The price that an order is judged by: its limit, else its stop, else the last of its side; NaN before any. */
function referenceE8(desk: Desk, terms: TradeTerms): number {
  if (terms.kind === 'limit' || terms.kind === 'stopLimit') return Number(terms.limitE8)
  return terms.kind === 'stop' ? Number(terms.stopE8) : markE8(desk, terms.side)
}

const markE8 = (desk: Desk, side: TradeTerms['side']): number =>
  side === 'buy' ? lastAsk(desk) : lastBid(desk)

const isPrice = (price: bigint): boolean => price > 0n && price <= HIGHEST_PRICE_E8

function isTrail(trail: Trail): boolean {
  if ('trailE8' in trail) return isPrice(trail.trailE8)
  return Number.isInteger(trail.trailPpm) && trail.trailPpm > 0 && trail.trailPpm < 1_000_000
}

function trailValue(trail: Trail): bigint {
  if ('trailE8' in trail) return trail.trailE8
  return Number.isInteger(trail.trailPpm) ? BigInt(trail.trailPpm) : 0n
}

const wrong = (field: PriceField, value: bigint, reference: PriceE8 | null = null): Rejection => ({
  reason: 'price',
  field,
  value,
  referenceE8: reference,
})
