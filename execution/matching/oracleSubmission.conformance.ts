import type { CashE8, PriceE8, Quantity } from '../../core/index.ts'
import { down, least, MILLION, most, up } from './oracleBooks.conformance.ts'
import { OracleMargin } from './oracleMargin.conformance.ts'
import type { OrderTerms } from './orderTerms.ts'
import type { Rejection } from './rejection.ts'

/** What the oracle refuses when it is given. */
export class OracleSubmission extends OracleMargin {
  protected refusal(terms: OrderTerms, nowMs: number): Rejection | null {
    if (this.closed) return { reason: 'accountClosed' }
    if (terms.goodTillMs !== undefined && terms.goodTillMs <= nowMs)
      return { reason: 'expired', goodTillMs: terms.goodTillMs, timeMs: nowMs }
    if (terms.exclusive === true && terms.kind !== 'market') return { reason: 'exclusiveNotMarket' }
    const { sizeStep, minimumSize } = this.of(terms.instrument)
    const { size } = terms
    if ('units' in size) {
      if (size.units > 0n && size.units % sizeStep !== 0n)
        return { reason: 'sizeStep', size: size.units, step: sizeStep as Quantity }
      if (size.units <= 0n || size.units < minimumSize)
        return { reason: 'belowMinimum', size: size.units, minimum: minimumSize as Quantity }
    } else if ('cashE8' in size ? size.cashE8 <= 0n : size.equityPpm <= 0)
      return { reason: 'belowMinimum', size: 0n as Quantity, minimum: minimumSize as Quantity }
    return this.wrongPrice(terms) ?? this.cannotReduce(terms) ?? this.beyondEverything(terms)
  }

  protected wrongPrice(terms: OrderTerms): Rejection | null {
    const buy = terms.side === 'buy'
    const seen = this.last[terms.instrument]
    const market = seen === null || seen === undefined ? null : buy ? seen.ask.close : seen.bid.close
    type Field = Extract<Rejection, { reason: 'price' }>['field']
    const wrong = (field: Field, value: bigint, reference: bigint | null): Rejection => ({
      reason: 'price',
      field,
      value,
      referenceE8: reference as PriceE8 | null,
    })
    if ('limitE8' in terms && terms.limitE8 <= 0n) return wrong('limit', terms.limitE8, null)
    if ('stopE8' in terms) {
      if (terms.stopE8 <= 0n) return wrong('stop', terms.stopE8, null)
      if (market !== null && (buy ? terms.stopE8 <= market : terms.stopE8 >= market))
        return wrong('stop', terms.stopE8, market)
    }
    const { stopLoss, takeProfitE8 } = terms.bracket ?? {}
    const entry = 'limitE8' in terms ? terms.limitE8 : 'stopE8' in terms ? terms.stopE8 : market
    if (stopLoss !== undefined && 'stopE8' in stopLoss) {
      if (stopLoss.stopE8 <= 0n) return wrong('stopLoss', stopLoss.stopE8, null)
      if (entry !== null && (buy ? stopLoss.stopE8 >= entry : stopLoss.stopE8 <= entry))
        return wrong('stopLoss', stopLoss.stopE8, entry)
    }
    if (takeProfitE8 !== undefined) {
      if (takeProfitE8 <= 0n) return wrong('takeProfit', takeProfitE8, null)
      if (entry !== null && (buy ? takeProfitE8 <= entry : takeProfitE8 >= entry))
        return wrong('takeProfit', takeProfitE8, entry)
    }
    return null
  }

  protected cannotReduce(terms: OrderTerms): Rejection | null {
    if (terms.reduceOnly !== true && terms.lot === undefined) return null
    return this.reducible(terms, null) === 0n ? { reason: 'nothingToReduce' } : null
  }

  protected beyondEverything(terms: OrderTerms): Rejection | null {
    if (terms.reduceOnly === true || terms.lot !== undefined) return null
    const buy = terms.side === 'buy'
    const seen = this.last[terms.instrument] ?? null
    const market = seen === null ? null : buy ? seen.ask.close : seen.bid.close
    const price = 'limitE8' in terms ? terms.limitE8 : 'stopE8' in terms ? terms.stopE8 : market
    if (price === null) return null
    const { sizeStep, initialMarginPpm } = this.of(terms.instrument)
    const unit = this.unit(terms.instrument)
    const { size } = terms
    const equity = this.equity()
    let asked: bigint
    if ('units' in size) asked = size.units
    else {
      const funds = 'cashE8' in size ? size.cashE8 : down(most(equity, 0n) * BigInt(size.equityPpm), MILLION)
      const whole = down(funds * unit, price)
      asked = whole - (whole % sizeStep)
    }
    const { long, short } = this.held(terms.instrument)
    const nets = !this.terms.hedging && terms.exclusive !== true
    const opens = asked - (nets ? least(asked, buy ? short : long) : 0n)
    if (opens === 0n) return null
    const required = up(opens * price * initialMarginPpm, unit * MILLION)
    if (required <= equity) return null
    return { reason: 'margin', requiredE8: required as CashE8, availableE8: equity as CashE8 }
  }
}
