import type { CashE8, PriceE8, Quantity, UnixMs } from '../../core/index.ts'
import type { CancelReason } from './accountSink.ts'
import type { Lot } from './lot.ts'
import type {
  Mutable,
  OracleEvent,
  OracleInstrument,
  OracleTerms,
  Placed,
} from './oracleTerms.conformance.ts'
import type { OrderTerms } from './orderTerms.ts'

export const MILLION = 1_000_000n
export const up = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator
  return quotient * denominator < numerator ? quotient + 1n : quotient
}
export const down = (numerator: bigint, denominator: bigint): bigint => -up(-numerator, denominator)
export const abs = (value: bigint): bigint => (value < 0n ? -value : value)
export const least = (...values: bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a))
export const most = (...values: bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a))

/** What the oracle has, what it is worth, and how a fill changes it. */
export class OracleBooks {
  readonly log: unknown[] = []
  cash: bigint
  lots: Mutable<Lot>[] = []
  orders: Placed[] = []
  closed = false
  protected readonly terms: OracleTerms
  protected readonly last: (OracleEvent | null)[]
  private lotIds = 0

  constructor(terms: OracleTerms) {
    this.terms = terms
    this.cash = terms.cashE8
    this.last = terms.instruments.map(() => null)
  }

  protected unit(instrument: number): bigint {
    return 10n ** BigInt(this.of(instrument).decimals)
  }

  protected of(instrument: number): OracleInstrument {
    const found = this.terms.instruments[instrument]
    if (found === undefined) throw new Error(`no instrument ${instrument}`)
    return found
  }

  /** Units held long, and short (positive). */
  protected held(instrument: number): { long: bigint; short: bigint } {
    let long = 0n
    let short = 0n
    for (const lot of this.lots) {
      if (lot.instrument !== instrument) continue
      if (lot.quantity > 0n) long += lot.quantity
      else short += -lot.quantity
    }
    return { long, short }
  }

  protected prices(instrument: number, at?: [number, bigint, bigint]): { bid: bigint; ask: bigint } {
    if (at !== undefined && at[0] === instrument) return { bid: at[1], ask: at[2] }
    const event = this.last[instrument]
    return { bid: event?.bid.close ?? 0n, ask: event?.ask.close ?? 0n }
  }

  protected value(instrument: number, at?: [number, bigint, bigint]): bigint {
    const { long, short } = this.held(instrument)
    const { bid, ask } = this.prices(instrument, at)
    return down(long * bid, this.unit(instrument)) - up(short * ask, this.unit(instrument))
  }

  equity(at?: [number, bigint, bigint]): bigint {
    return this.terms.instruments.reduce((sum, _, index) => sum + this.value(index, at), this.cash)
  }

  marginUsed(): bigint {
    return this.terms.instruments.reduce((sum, _, index) => sum + this.margin(index, 'initial'), 0n)
  }

  protected margin(instrument: number, which: 'initial' | 'maintenance'): bigint {
    const { long, short } = this.held(instrument)
    const { bid, ask } = this.prices(instrument)
    const terms = this.of(instrument)
    const ppm = which === 'initial' ? terms.initialMarginPpm : terms.maintenanceMarginPpm
    return up((long * bid + short * ask) * ppm, this.unit(instrument) * MILLION)
  }

  protected reducible(terms: OrderTerms, legOf: number | null): bigint {
    const lot = legOf ?? terms.lot ?? null
    let sum = 0n
    for (const open of this.lots) {
      if (open.instrument !== terms.instrument || (lot !== null && open.id !== lot)) continue
      if (terms.side === 'buy' ? open.quantity < 0n : open.quantity > 0n) sum += abs(open.quantity)
    }
    return sum
  }

  protected end(order: Placed, timeMs: number, reason: CancelReason): void {
    this.orders = this.orders.filter(open => open !== order)
    this.log.push({ cancelled: order.id, timeMs, reason })
  }

  protected closeIfNothingIsLeft(timeMs: number): void {
    if (this.closed || this.lots.length > 0 || this.cash > 0n) return
    this.closed = true
    for (const order of [...this.orders].sort(
      (a, b) => a.terms.instrument - b.terms.instrument || a.id - b.id,
    ))
      this.end(order, timeMs, 'accountClosed')
    this.log.push({ accountClosed: timeMs, equityE8: this.cash })
  }

  /** Returns the lot that was opened. */
  protected book(
    instrument: number,
    order: Placed | null,
    buy: boolean,
    size: bigint,
    costs: { price: bigint; fee: bigint; opens: bigint },
    timeMs: number,
    maker: boolean,
    cause: string,
    only: number | null,
  ): number | null {
    const { price, fee, opens } = costs
    const unit = this.unit(instrument)
    const exitOrder = order?.id ?? null
    this.log.push({
      filled: exitOrder,
      instrument,
      timeMs,
      side: buy ? 'buy' : 'sell',
      quantity: size,
      priceE8: price,
      feeE8: fee,
      liquidity: maker ? 'maker' : 'taker',
      cause,
    })
    // The cash of the fill; its lots share it by size.
    const total = buy ? -up(size * price, unit) : down(size * price, unit)
    let cashLeft = total
    this.cash -= fee
    const closing: { lot: Mutable<Lot>; part: bigint }[] = []
    let rest = size - opens
    for (const lot of this.lots.filter(open => open.instrument === instrument)) {
      if (rest === 0n || lot.quantity > 0n === buy || (only !== null && lot.id !== only)) continue
      const part = least(rest, abs(lot.quantity))
      closing.push({ lot, part })
      rest -= part
    }
    let feeLeft = fee
    closing.forEach(({ lot, part }, index) => {
      const whole = abs(lot.quantity)
      const isLast = index === closing.length - 1 && opens === 0n
      const exitFee = isLast ? feeLeft : (fee * part) / size
      feeLeft -= exitFee
      const moved = isLast ? cashLeft : down(total * part, size)
      cashLeft -= moved
      const cost = part === whole ? lot.costE8 : down(lot.costE8 * part, whole)
      const entryFee = part === whole ? lot.feesE8 : (lot.feesE8 * part) / whole
      this.cash += moved
      this.log.push({
        lotClosed: lot.id,
        instrument,
        direction: lot.quantity > 0n ? 'long' : 'short',
        quantity: part,
        entryPriceE8: lot.entryPriceE8,
        exitPriceE8: price,
        openedMs: lot.openedMs,
        closedMs: timeMs,
        realisedE8: moved - cost,
        feesE8: entryFee + exitFee,
        entryOrder: lot.entryOrder,
        exitOrder,
      })
      lot.quantity = (lot.quantity + (buy ? part : -part)) as Quantity
      lot.costE8 = (lot.costE8 - cost) as CashE8
      lot.feesE8 = (lot.feesE8 - entryFee) as CashE8
    })
    let opened: number | null = null
    if (opens > 0n) {
      this.cash += cashLeft
      opened = this.lotIds
      this.lotIds += 1
      this.lots.push({
        id: opened,
        instrument,
        quantity: (buy ? opens : -opens) as Quantity,
        entryPriceE8: price as PriceE8,
        costE8: -cashLeft as CashE8,
        feesE8: feeLeft as CashE8,
        openedMs: timeMs as UnixMs,
        entryOrder: exitOrder ?? -1,
      })
    }
    this.lots = this.lots.filter(lot => lot.quantity !== 0n)
    for (const { lot } of closing) {
      if (lot.quantity !== 0n) continue
      const followers = this.orders
        .filter(open => (open.legOf ?? open.terms.lot) === lot.id && open !== order)
        .filter(open => open.terms.instrument === instrument)
        .sort((a, b) => a.id - b.id)
      for (const follower of followers)
        this.end(follower, timeMs, order?.legOf === lot.id ? 'oneCancelsOther' : 'positionClosed')
    }
    return opened
  }
}
