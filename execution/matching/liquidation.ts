import type { AccountState, PriceEvent } from './accountState.ts'
import { type Desk, lastAsk, lastBid, marginOfLots, valueOfLots } from './desk.ts'
import { ceilDivide, floorDivide, larger, smaller } from './rounding.ts'
import { big } from './whole.ts'

const MILLION = 1_000_000n

/**
 * Equity less maintenance margin as a function of one instrument's price: `(slope · price + constant) / scale`,
 * exact. The price is the bid while falling prices hurt (`slope` above zero), else the ask; the other side stays
 * a spread away.
 */
export type MarginLine = {
  readonly slope: bigint
  readonly constant: bigint
}

/** The line of one instrument, all others at their last price (their values rounded against the trader). */
export function marginLine(account: AccountState, desk: Desk, spreadE8: bigint): MarginLine {
  let fixed = big(account.cashE8)
  if (account.held > 1)
    for (const other of account.desks) {
      if (other === desk || other.lots.length === 0) continue
      const bid = lastBid(other)
      const ask = lastAsk(other)
      fixed += big(valueOfLots(other, bid, ask))
      fixed -= big(marginOfLots(other, bid, ask, other.terms.maintenanceMarginPpm))
    }
  const maintenance = BigInt(desk.terms.maintenanceMarginPpm)
  const long = big(desk.longQuantity) * (MILLION - maintenance)
  const short = big(desk.shortQuantity) * (MILLION + maintenance)
  const slope = long - short
  const constant = fixed * big(desk.unitMillions)
  return { slope, constant: constant - spreadE8 * (slope > 0n ? short : long) }
}

/** Whether equity is below the maintenance margin at a price of the line. */
export function isBreached({ slope, constant }: MarginLine, priceE8: bigint): boolean {
  return slope * priceE8 + constant < 0n
}

/** The first price, coming from the safe side, at which the line is below zero; null where there is none. */
export function breachPriceE8({ slope, constant }: MarginLine): bigint | null {
  if (slope === 0n) return null
  return slope > 0n ? ceilDivide(-constant, slope) - 1n : floorDivide(constant, -slope) + 1n
}

/** Bid and ask at which everything in the instrument is closed, or null when the margin holds. */
export type ClosingPrices = { readonly bidE8: bigint; readonly askE8: bigint; readonly atOpen: boolean }

/** Looks at the open of the event. */
export function breachAtOpen(account: AccountState, desk: Desk, event: PriceEvent): ClosingPrices | null {
  if (desk.lots.length === 0 || surelyWithinMargin(account, desk)) return null
  const bidE8 = BigInt(event.bidOpenE8)
  const askE8 = BigInt(event.askOpenE8)
  const line = marginLine(account, desk, askE8 - bidE8)
  return isBreached(line, line.slope > 0n ? bidE8 : askE8) ? { bidE8, askE8, atOpen: true } : null
}

/** Looks at the adverse extreme of the event, and solves for the price where the margin was reached. */
export function breachInside(account: AccountState, desk: Desk, event: PriceEvent): ClosingPrices | null {
  if (desk.lots.length === 0 || surelyWithinMargin(account, desk)) return null
  const spread = BigInt(event.askOpenE8) - BigInt(event.bidOpenE8)
  const line = marginLine(account, desk, spread)
  const falling = line.slope > 0n
  const extreme = BigInt(falling ? event.bidLowE8 : event.askHighE8)
  if (!isBreached(line, extreme)) return null
  const reached = breachPriceE8(line) ?? extreme
  if (falling) {
    const bidE8 = within(event.bidLowE8, reached, event.bidHighE8)
    return { bidE8, askE8: within(event.askLowE8, bidE8 + spread, event.askHighE8), atOpen: false }
  }
  const askE8 = within(event.askLowE8, reached, event.askHighE8)
  return { bidE8: within(event.bidLowE8, askE8 - spread, event.bidHighE8), askE8, atOpen: false }
}

/**
 * Whether the margin holds from the event's low bid to its high ask for certain, by an estimate in doubles that errs towards an exact
 * look. For accounts with positions in several instruments, whose line moves with every price.
 */
export function surelyWithinMargin(account: AccountState, desk: Desk): boolean {
  // From the event, not as arguments: a double that is passed is an object made.
  const { bidLowE8, askHighE8 } = account.event
  let margin = account.cashNumber
  let size = Math.abs(margin)
  for (const other of account.desks) {
    if (other.idle) continue
    const share = other.terms.maintenanceMarginPpm / 1_000_000
    const long = other.longUnits * (other === desk ? bidLowE8 : lastBid(other))
    const short = other.shortUnits * (other === desk ? askHighE8 : lastAsk(other))
    if (other.longUnits > 0) {
      margin += long * (1 - share)
      size += long
    }
    if (other.shortUnits > 0) {
      margin -= short * (1 + share)
      size += 2 * short
    }
  }
  return margin > size * 1e-9 + 1_000
}

const within = (low: number, price: bigint, high: number): bigint =>
  larger(BigInt(low), smaller(price, BigInt(high)))
