import { type OrderTerms, PPM, type Ppm, quantity } from '../core/index.ts'
import type { Kernel } from './kernel.ts'
import type { Market } from './market.ts'

/** What a target is judged by. */
export type TargetContext = Pick<Kernel, 'definition' | 'estimate' | 'leastOrderE8' | 'risk' | 'venue'>

/** Value of the position that an exposure means, as an estimate. */
function wantedE8({ estimate, definition }: TargetContext, exposure: Ppm): number {
  if (estimate.equityE8 <= 0 || (exposure < 0 && !definition.allowShort)) return 0
  return (exposure / PPM) * estimate.equityE8
}

/** How far an estimate of an order's value may be off, with room: it is counted in whole smallest units. */
function roomOf({ estimate }: TargetContext, market: Market, wanted: number): number {
  return (estimate.grossE8 + Math.abs(wanted)) * 1e-9 + market.middleE8 * market.smallestUnit + 8
}

/**
 * Whether a position is so near a target that nothing is ordered, by an estimate in doubles that errs towards the
 * integers: at most decisions of most agents nothing is.
 */
export function isSurelyMet(context: TargetContext, market: Market, exposure: Ppm): boolean {
  const wanted = wantedE8(context, exposure)
  return Math.abs(wanted - market.valueE8) + roomOf(context, market, wanted) < context.leastOrderE8
}

/**
 * The order to a target where its terms are sure without computing in integers: what opens from nothing, or turns a
 * position round, is sized at its fill; what closes everything is as large as what is held. Null where `orderToTarget`
 * must say.
 */
export function sureOrder(context: TargetContext, market: Market, exposure: Ppm): OrderTerms | null {
  const wanted = wantedE8(context, exposure)
  const opens = market.units === 0
  if (opens && wanted === 0) return null
  const room = roomOf(context, market, wanted)
  // What is so small may be nothing in whole units.
  const turns = market.units > 0 ? wanted < -room : wanted > room
  if (!opens && wanted !== 0 && !turns) return null
  const traded = Math.abs(wanted - market.valueE8)
  if (traded - room < context.leastOrderE8) return null
  if (!context.risk.surelyWithin(traded, Math.abs(wanted))) return null
  const side = wanted > market.valueE8 ? 'buy' : 'sell'
  if (opens || wanted !== 0) {
    const size = { equityPpm: Math.abs(exposure) as Ppm }
    return opens ? { kind: 'market', side, size } : { kind: 'market', side, size, exclusive: true }
  }
  const held = context.venue.holdings.quantity(market.index)
  return { kind: 'market', side, size: { units: quantity(held < 0n ? -held : held) }, reduceOnly: true }
}
