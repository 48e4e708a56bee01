import { least, MILLION, most } from './oracleBooks.conformance.ts'
import type { OracleEvent } from './oracleTerms.conformance.ts'
import { OracleTrades } from './oracleTrades.conformance.ts'

/** How the oracle liquidates: it looks for the price where the margin was reached by halving. */
export class OracleMargin extends OracleTrades {
  /** Whether equity less maintenance margin is below zero, exactly, at a bid and ask of one instrument. */
  protected surplus(instrument: number, bid: bigint, ask: bigint): bigint {
    const scale = this.unit(instrument) * MILLION
    let total = this.cash * scale
    this.terms.instruments.forEach((_, other) => {
      if (other !== instrument) total += (this.value(other) - this.margin(other, 'maintenance')) * scale
    })
    const { long, short } = this.held(instrument)
    const { maintenanceMarginPpm } = this.of(instrument)
    return total + (long * bid - short * ask) * MILLION - (long * bid + short * ask) * maintenanceMarginPpm
  }

  protected liquidateAtOpen(event: OracleEvent): boolean {
    const { instrument, bid, ask, openMs } = event
    const { long, short } = this.held(instrument)
    if (long + short === 0n || this.surplus(instrument, bid.open, ask.open) >= 0n) return false
    this.liquidate(event, bid.open, ask.open, openMs)
    return true
  }

  protected liquidateInside(event: OracleEvent): boolean {
    const { instrument, bid, ask, closeMs } = event
    const { long, short } = this.held(instrument)
    if (long + short === 0n) return false
    const spread = ask.open - bid.open
    const slope = this.surplus(instrument, 2n, 2n) - this.surplus(instrument, 1n, 1n)
    const breachedAtBid = (price: bigint) => this.surplus(instrument, price, price + spread) < 0n
    const breachedAtAsk = (price: bigint) => this.surplus(instrument, price - spread, price) < 0n
    if (slope > 0n) {
      if (!breachedAtBid(bid.low)) return false
      // The highest price of the bar at which it is breached.
      let low = bid.low
      let high = bid.high + 1n
      while (high - low > 1n) {
        const middle = (low + high) / 2n
        if (breachedAtBid(middle)) low = middle
        else high = middle
      }
      this.liquidate(event, low, most(ask.low, least(low + spread, ask.high)), closeMs)
      return true
    }
    if (!breachedAtAsk(ask.high)) return false
    let high = ask.high
    let low = slope === 0n ? ask.high - 1n : ask.low - 1n
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      if (breachedAtAsk(middle)) high = middle
      else low = middle
    }
    this.liquidate(event, most(bid.low, least(high - spread, bid.high)), high, closeMs)
    return true
  }

  protected liquidate(event: OracleEvent, bid: bigint, ask: bigint, timeMs: number): void {
    const { long, short } = this.held(event.instrument)
    this.log.push({ liquidated: event.instrument, timeMs, priceE8: long > short ? bid : ask })
    for (const order of [...this.orders].sort(
      (a, b) => a.terms.instrument - b.terms.instrument || a.id - b.id,
    ))
      this.end(order, timeMs, 'liquidated')
    const others = this.terms.instruments.map((_, index) => index).filter(index => index !== event.instrument)
    for (const instrument of [event.instrument, ...others]) {
      const at = instrument === event.instrument ? { bid, ask } : this.prices(instrument)
      const { long: sell, short: buy } = this.held(instrument)
      for (const [isBuy, size, price] of [
        [false, sell, at.bid],
        [true, buy, at.ask],
      ] as const) {
        if (size === 0n) continue
        const costs = this.costs(instrument, { buy: isBuy, reduces: true, limit: null }, size, price, false)
        this.book(instrument, null, isBuy, size, costs, timeMs, false, 'liquidation', null)
      }
    }
    this.closeIfNothingIsLeft(timeMs)
  }
}
