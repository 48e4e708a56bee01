import type { AgentDefinition } from '../agents/index.ts'
import { type CashE8, type OrderTerms, PPM, type Ppm, type Quantity, quantity } from '../core/index.ts'

/** What an order is sized from. */
export type SizingBasis = {
  /** The position, negative when short. */
  readonly held: Quantity
  readonly equityE8: CashE8
  /** Above zero. */
  readonly priceE8: bigint
  /** Smallest units in one whole unit of the base. */
  readonly unit: bigint
}

/** Terms of an order, and what its limits are judged by, at the price that it is decided at. */
export type SizedOrder = {
  readonly terms: OrderTerms
  /** Value of what it trades, rounded up. */
  readonly tradedE8: bigint
  /** Value of the position after it, long or short, rounded up. */
  readonly positionE8: bigint
}

/** The position that an exposure means at a price, in smallest units, rounded towards zero. */
export function targetQuantity(exposure: Ppm, { equityE8, priceE8, unit }: SizingBasis): bigint {
  // An agent without equity has nothing to expose, whichever way.
  if (equityE8 <= 0n) return 0n
  return (BigInt(exposure) * equityE8 * unit) / (BigInt(PPM) * priceE8)
}

type SizingTerms = Pick<AgentDefinition, 'allowShort' | 'minOrderE8' | 'venue'>

/**
 * The market order that takes the position to an exposure, or null. Without `allowShort` a negative target is one of
 * zero; nothing is ordered for less than `minOrderE8`. What opens a position is sized at its fill, net of
 * costs; what turns it round closes and opens at one price.
 */
export function orderToTarget(
  { allowShort, minOrderE8, venue }: SizingTerms,
  exposure: Ppm,
  basis: SizingBasis,
): SizedOrder | null {
  const { held, priceE8, unit } = basis
  const asked = targetQuantity(exposure, basis)
  const wanted = asked < 0n && !allowShort ? 0n : asked
  const difference = wanted - held
  const size = magnitude(difference)
  if (size === 0n || size * priceE8 < minOrderE8 * unit) return null
  const side = difference > 0n ? 'buy' : 'sell'
  const valued = {
    tradedE8: valueUp(size, priceE8, unit),
    positionE8: valueUp(magnitude(wanted), priceE8, unit),
  }
  if (wanted === 0n)
    return { terms: { kind: 'market', side, size: { units: quantity(size) }, reduceOnly: true }, ...valued }
  const equityPpm = Math.abs(exposure) as Ppm
  if (held === 0n) return { terms: { kind: 'market', side, size: { equityPpm } }, ...valued }
  if (held > 0n !== wanted > 0n)
    return { terms: { kind: 'market', side, size: { equityPpm }, exclusive: true }, ...valued }
  const step = venue.sizeStep ?? 1n
  const units = quantity((size / step) * step)
  if (units === 0n) return null
  const reduces = magnitude(wanted) < magnitude(held)
  return {
    terms: { kind: 'market', side, size: { units }, ...(reduces ? { reduceOnly: true } : {}) },
    ...valued,
  }
}

/** Sizes an order that a strategy asks for. Without `allowShort` what sells only reduces. */
export function sizedOrder({ allowShort }: SizingTerms, asked: OrderTerms, basis: SizingBasis): SizedOrder {
  const { held, priceE8, unit } = basis
  if (asked.kind === 'subscribe') {
    const after = valueUp(magnitude(held), priceE8, unit) + asked.amountE8
    return { terms: asked, tradedE8: asked.amountE8, positionE8: after }
  }
  if (asked.kind === 'redeem') {
    const left = held > asked.shares ? held - asked.shares : 0n
    return {
      terms: asked,
      tradedE8: valueUp(asked.shares, priceE8, unit),
      positionE8: valueUp(left, priceE8, unit),
    }
  }
  const { size, side } = asked
  const reduces = asked.reduceOnly === true || asked.lot !== undefined
  const terms = side === 'sell' && !allowShort && !reduces ? { ...asked, reduceOnly: true } : asked
  const units =
    'units' in size
      ? size.units
      : 'cashE8' in size
        ? (size.cashE8 * unit) / priceE8
        : magnitude(targetQuantity(size.equityPpm, basis))
  const signed = side === 'buy' ? units : -units
  const base = asked.exclusive === true ? 0n : held
  const after = base + signed
  const only = terms.reduceOnly === true || terms.lot !== undefined
  // What only reduces ends between the position and nothing.
  const position = only ? (magnitude(held) > units ? magnitude(held) - units : 0n) : magnitude(after)
  const traded =
    asked.exclusive === true
      ? magnitude(held) + units
      : only && units > magnitude(held)
        ? magnitude(held)
        : units
  return {
    terms,
    tradedE8: valueUp(traded, priceE8, unit),
    positionE8: valueUp(position, priceE8, unit),
  }
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)
// Rounded up: a limit that is exceeded by a fraction is exceeded.
const valueUp = (units: bigint, price: bigint, unit: bigint): bigint => (units * price + unit - 1n) / unit
