import type { CashE8, Quantity } from '../../core/index.ts'
import { abs, down, least, MILLION, most, OracleBooks, up } from './oracleBooks.conformance.ts'
import type { Ohlc, OracleEvent, Placed } from './oracleTerms.conformance.ts'
import type { OrderTerms, Trail } from './orderTerms.ts'
import type { Rejection } from './rejection.ts'

/** How the oracle sizes, prices and refuses a fill, and what a bracket becomes. */
export class OracleTrades extends OracleBooks {
  protected side(order: Placed, event: OracleEvent): Ohlc {
    return order.terms.side === 'buy' ? event.ask : event.bid
  }

  protected beyondStop(order: Placed, price: bigint): boolean {
    if (order.stop === null) return false
    return order.terms.side === 'buy' ? price >= order.stop : price <= order.stop
  }

  protected reachedStop(order: Placed, event: OracleEvent): boolean {
    const { high, low } = this.side(order, event)
    return this.beyondStop(order, order.terms.side === 'buy' ? high : low)
  }

  protected trail(order: Placed, best: bigint): void {
    const terms = order.terms as Extract<OrderTerms, { kind: 'trailingStop' }>
    const behind = 'trailE8' in terms ? terms.trailE8 : up(best * BigInt(terms.trailPpm), MILLION)
    order.best = best
    order.stop = terms.side === 'buy' ? best + behind : best - behind
  }

  /** Price after slippage, fee, and what both lose; and how much opens. */
  protected costs(
    instrument: number,
    order: { buy: boolean; reduces: boolean; limit: bigint | null },
    size: bigint,
    price: bigint,
    maker: boolean,
  ): { price: bigint; fee: bigint; lost: bigint; opens: bigint } {
    const { long, short } = this.held(instrument)
    const unit = this.unit(instrument)
    const { halfSpreadPpm, entrySpreadPpm, takerPpm, makerPpm, fixedE8 } = this.terms.costs
    const opens = order.reduces ? 0n : this.terms.hedging ? size : most(0n, size - (order.buy ? short : long))
    let paid = price
    if (!maker) {
      for (const spread of [halfSpreadPpm, opens > 0n ? entrySpreadPpm : 0n])
        paid = order.buy ? up(paid * (MILLION + spread), MILLION) : down(paid * (MILLION - spread), MILLION)
      if (order.limit !== null) paid = order.buy ? least(paid, order.limit) : most(paid, order.limit)
    }
    const fee = fixedE8 + up(size * paid * (maker ? makerPpm : takerPpm), unit * MILLION)
    return { price: paid, fee, lost: fee + up(size * abs(paid - price), unit), opens }
  }

  protected trade(
    order: Placed,
    event: OracleEvent,
    price: bigint,
    maker: boolean,
    when: 'open' | 'stop' | 'limit',
  ): void {
    const rejection = this.tradeOrRefuse(order, event, price, maker, when)
    if (rejection === null) return
    this.orders = this.orders.filter(open => open !== order)
    const timeMs = when === 'open' ? event.openMs : event.closeMs
    this.log.push({ rejected: order.id, timeMs, rejection })
  }

  protected tradeOrRefuse(
    order: Placed,
    event: OracleEvent,
    price: bigint,
    maker: boolean,
    when: 'open' | 'stop' | 'limit',
  ): Rejection | null {
    const { instrument } = order.terms
    const timeMs = when === 'open' ? event.openMs : event.closeMs
    if (order.terms.exclusive === true) {
      const { long, short } = this.held(instrument)
      const closings: [boolean, bigint, bigint][] = [
        [false, long, event.bid.open],
        [true, short, event.ask.open],
      ]
      for (const [buy, size, at] of closings) {
        if (size === 0n) continue
        const costs = this.costs(instrument, { buy, reduces: true, limit: null }, size, at, false)
        this.book(instrument, order, buy, size, costs, timeMs, false, 'close', null)
      }
    }
    const size = this.sizeOf(order, price, maker)
    const reduces = this.reduces(order)
    const { minimumSize, initialMarginPpm } = this.of(instrument)
    if (reduces && size === 0n) return { reason: 'nothingToReduce' }
    if (!reduces && (size === 0n || size < minimumSize))
      return {
        reason: 'belowMinimum',
        size: size as Quantity,
        minimum: minimumSize as Quantity,
      }
    const costs = this.costs(instrument, this.shape(order), size, price, maker)
    if (costs.opens > 0n) {
      const { long, short } = this.held(instrument)
      const closes = size - costs.opens
      let required = up(
        (long + short - closes + costs.opens) * price * initialMarginPpm,
        this.unit(instrument) * MILLION,
      )
      this.terms.instruments.forEach((_, other) => {
        if (other !== instrument) required += this.margin(other, 'initial')
      })
      const available = this.equity([instrument, price, price]) - costs.lost
      if (required > available)
        return {
          reason: 'margin',
          requiredE8: required as CashE8,
          availableE8: available as CashE8,
        }
    }
    const lot = this.book(
      instrument,
      order,
      order.terms.side === 'buy',
      size,
      costs,
      timeMs,
      maker,
      order.role,
      order.legOf ?? order.terms.lot ?? null,
    )
    this.orders = this.orders.filter(open => open !== order)
    if (lot !== null) this.placeLegs(order, event, lot, price, when)
    return null
  }

  protected reduces(order: Placed): boolean {
    return order.terms.reduceOnly === true || order.terms.lot !== undefined || order.legOf !== null
  }

  protected shape(order: Placed): { buy: boolean; reduces: boolean; limit: bigint | null } {
    return {
      buy: order.terms.side === 'buy',
      reduces: this.reduces(order),
      limit: 'limitE8' in order.terms ? order.terms.limitE8 : null,
    }
  }

  protected sizeOf(order: Placed, price: bigint, maker: boolean): bigint {
    const there = this.reducible(order.terms, order.legOf)
    if (order.legOf !== null) return there
    const wanted = this.wanted(order, price, maker)
    return this.reduces(order) ? least(wanted, there) : wanted
  }

  /** Searches for the largest size that fits, by halving. */
  protected wanted(order: Placed, price: bigint, maker: boolean): bigint {
    const { size, instrument } = order.terms
    if ('units' in size) return size.units
    const { sizeStep } = this.of(instrument)
    const unit = this.unit(instrument)
    const funds =
      'cashE8' in size ? size.cashE8 : least(order.equityThen, this.equity([instrument, price, price]))
    const share = 'cashE8' in size ? MILLION : BigInt(size.equityPpm)
    const fits = (steps: bigint): boolean => {
      const quantity = steps * sizeStep
      const { lost } = this.costs(instrument, this.shape(order), quantity, price, maker)
      return up(quantity * price, unit) * MILLION <= share * (funds - lost)
    }
    let low = 0n
    let high = (share * most(funds, 0n) * unit) / (MILLION * price * sizeStep) + 1n
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      if (fits(middle)) low = middle
      else high = middle
    }
    return low * sizeStep
  }

  protected placeLegs(
    entry: Placed,
    event: OracleEvent,
    lot: number,
    price: bigint,
    when: 'open' | 'stop' | 'limit',
  ): void {
    const { stopLoss, takeProfitE8 } = entry.terms.bracket ?? {}
    const side = entry.terms.side === 'buy' ? 'sell' : 'buy'
    const leg = (id: number, terms: OrderTerms, role: Placed['role'], sees: Placed['sees']): Placed => ({
      id,
      terms,
      role,
      legOf: lot,
      sentMs: event.closeMs,
      arrivesMs: event.closeMs,
      endsMs: null,
      equityThen: 0n,
      stop: 'stopE8' in terms ? terms.stopE8 : null,
      best: null,
      isLimitNow: terms.kind === 'limit',
      turned: null,
      born: event,
      sees,
    })
    const all = { instrument: entry.terms.instrument, side, size: { units: 0n as Quantity } } as const
    let stopTouched = false
    if (stopLoss !== undefined) {
      const kind: OrderTerms =
        'stopE8' in stopLoss
          ? { ...all, kind: 'stop', stopE8: stopLoss.stopE8 }
          : { ...all, kind: 'trailingStop', ...(stopLoss as Trail) }
      const order = leg(
        entry.id + 1,
        kind,
        'stopLoss',
        when === 'open' ? 'everything' : when === 'limit' ? 'the end' : 'nothing',
      )
      if (kind.kind === 'trailingStop') this.trail(order, price)
      this.orders.push(order)
      stopTouched = this.reachedStop(order, event)
    }
    if (takeProfitE8 !== undefined)
      this.orders.push(
        leg(
          entry.id + (stopLoss === undefined ? 1 : 2),
          { ...all, kind: 'limit', limitE8: takeProfitE8 },
          'takeProfit',
          when === 'open' ? 'everything' : when === 'stop' && !stopTouched ? 'limits' : 'nothing',
        ),
      )
  }
}
