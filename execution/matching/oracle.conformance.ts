// An account written a second time, from docs/fills.md alone: slow, plain, in whole numbers throughout, with
// nothing of the first but its types. Orders are looked for again at each turn; sizes and prices are searched for,
// not solved.
import { OracleSubmission } from './oracleSubmission.conformance.ts'
import type { Ohlc, OracleEvent, Placed } from './oracleTerms.conformance.ts'
import type { OrderTerms } from './orderTerms.ts'
import type { Submission } from './rejection.ts'

/** The second account: the same submissions and events, and a log to compare. */
export class OracleAccount extends OracleSubmission {
  private ids = 0

  submit(terms: OrderTerms, nowMs: number): Submission {
    const refusal = this.refusal(terms, nowMs)
    if (refusal !== null) return { accepted: false, ...refusal }
    if (terms.exclusive === true)
      for (const order of [...this.orders])
        if (order.terms.instrument === terms.instrument && order.role === 'order')
          this.end(order, nowMs, 'exclusive')
    const id = this.ids
    this.ids += 1
    if (terms.bracket?.stopLoss !== undefined) this.ids += 1
    if (terms.bracket?.takeProfitE8 !== undefined) this.ids += 1
    const seen = this.last[terms.instrument] ?? null
    const order: Placed = {
      id,
      terms,
      role: 'order',
      legOf: null,
      sentMs: nowMs,
      arrivesMs: nowMs + this.terms.costs.latencyMs,
      endsMs: terms.goodTillMs ?? null,
      equityThen: this.equity(),
      stop: 'stopE8' in terms ? terms.stopE8 : null,
      best: null,
      isLimitNow: terms.kind === 'limit',
      turned: null,
      born: null,
      sees: 'everything',
    }
    if (terms.kind === 'trailingStop' && seen !== null)
      this.trail(order, terms.side === 'buy' ? seen.ask.close : seen.bid.close)
    this.orders.push(order)
    const atOnce =
      this.terms.thisClose && terms.kind === 'market' && order.arrivesMs === nowMs && seen?.closeMs === nowMs
    if (atOnce && seen !== null) {
      const flat = (side: Ohlc): Ohlc => ({
        open: side.close,
        high: side.close,
        low: side.close,
        close: side.close,
      })
      const moment = { ...seen, isBar: false, openMs: nowMs, bid: flat(seen.bid), ask: flat(seen.ask) }
      this.trade(order, moment, this.side(order, moment).open, false, 'open')
      this.closeIfNothingIsLeft(nowMs)
    }
    return { accepted: true, id }
  }

  cancel(id: number, nowMs: number): boolean {
    const order = this.orders.find(open => open.id === id)
    if (order === undefined) return false
    this.end(order, nowMs, 'requested')
    return true
  }

  /** Ends what is not good at a time, in all instruments or in one. */
  time(nowMs: number, instrument: number | null = null): void {
    for (const order of [...this.orders].sort(
      (a, b) => a.terms.instrument - b.terms.instrument || a.id - b.id,
    ))
      if (
        order.endsMs !== null &&
        order.endsMs <= nowMs &&
        (instrument === null || order.terms.instrument === instrument)
      ) {
        this.orders = this.orders.filter(open => open !== order)
        this.log.push({ expired: order.id, timeMs: order.endsMs })
      }
  }

  event(event: OracleEvent): void {
    // Its close is known only when it is over; nothing below looks at the last price of this instrument.
    this.last[event.instrument] = event
    this.time(event.openMs, event.instrument)
    if (!this.liquidateAtOpen(event)) {
      this.eachInTurn(event, order => this.atOpen(order, event))
      this.eachInTurn(event, order => this.stopInside(order, event))
      if (!this.liquidateInside(event)) {
        this.eachInTurn(event, order => this.limitInside(order, event))
        this.eachInTurn(event, order => {
          if (order.born === event && order.sees === 'the end' && this.reachedStop(order, event))
            this.trade(order, event, order.stop ?? 0n, false, 'stop')
        })
        this.liquidateInside(event)
      }
    }
    for (const order of this.orders) this.moveTrail(order, event)
    this.time(event.closeMs, event.instrument)
    this.closeIfNothingIsLeft(event.closeMs)
  }

  /** Each order of the instrument once, the lowest id first, also those that come in between. */
  private eachInTurn(event: OracleEvent, act: (order: Placed) => void): void {
    const done = new Set<number>()
    for (;;) {
      const next = this.orders
        .filter(order => order.terms.instrument === event.instrument && !done.has(order.id))
        .filter(order => this.counts(order, event))
        .sort((a, b) => a.id - b.id)[0]
      if (next === undefined) return
      done.add(next.id)
      act(next)
    }
  }

  private counts(order: Placed, event: OracleEvent): boolean {
    if (order.born === event) return order.sees !== 'nothing'
    if (event.isBar) return event.openMs >= order.arrivesMs
    return event.closeMs > order.sentMs && event.closeMs >= order.arrivesMs
  }

  private withinLimit(order: Placed, price: bigint): boolean {
    if (!('limitE8' in order.terms)) return false
    return order.terms.side === 'buy' ? price <= order.terms.limitE8 : price >= order.terms.limitE8
  }

  private atOpen(order: Placed, event: OracleEvent): void {
    if (order.born === event && order.sees !== 'everything') return
    const { open } = this.side(order, event)
    const { kind } = order.terms
    if (kind === 'trailingStop' && order.best === null) this.trail(order, open)
    if (kind === 'stopLimit' && !order.isLimitNow && this.beyondStop(order, open)) order.isLimitNow = true
    if (kind === 'market') this.trade(order, event, open, false, 'open')
    else if (order.isLimitNow) {
      if (this.withinLimit(order, open)) this.trade(order, event, open, false, 'open')
    } else if (kind !== 'stopLimit' && this.beyondStop(order, open))
      this.trade(order, event, open, false, 'open')
  }

  private goodToTheEnd(order: Placed, event: OracleEvent): boolean {
    return order.endsMs === null || order.endsMs >= event.closeMs
  }

  private stopInside(order: Placed, event: OracleEvent): void {
    if (order.isLimitNow || order.stop === null || !this.goodToTheEnd(order, event)) return
    if (order.born === event && order.sees !== 'everything') return
    if (!this.reachedStop(order, event)) return
    if (order.terms.kind !== 'stopLimit' || this.withinLimit(order, order.stop))
      this.trade(order, event, order.stop, false, 'stop')
    else {
      order.isLimitNow = true
      order.turned = event
    }
  }

  private limitInside(order: Placed, event: OracleEvent): void {
    if (!order.isLimitNow || !this.goodToTheEnd(order, event)) return
    if (order.born === event && order.sees === 'the end') return
    const { low, high, close } = this.side(order, event)
    const reached = order.turned === event ? close : order.terms.side === 'buy' ? low : high
    if (this.withinLimit(order, reached) && 'limitE8' in order.terms)
      this.trade(order, event, order.terms.limitE8, true, 'limit')
  }

  private moveTrail(order: Placed, event: OracleEvent): void {
    if (order.terms.kind !== 'trailingStop' || order.terms.instrument !== event.instrument) return
    const { low, high, close } = this.side(order, event)
    let seen: bigint
    if (order.born === event && order.sees !== 'everything') seen = close
    else if (!this.counts(order, event)) return
    else seen = order.terms.side === 'buy' ? low : high
    const better = order.best === null || (order.terms.side === 'buy' ? seen < order.best : seen > order.best)
    if (better) this.trail(order, seen)
  }
}
