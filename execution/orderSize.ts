import type { AgentConclusion, AgentDefinition } from '../agents/index.ts'
import { type CashE8, PPM, type Ppm, type PriceE8, type Quantity } from '../core/index.ts'

/** What an order is sized from. */
export type SizingBasis = {
  /** The position, negative when short. */
  readonly held: Quantity
  readonly equityE8: CashE8
  /** Above zero. */
  readonly priceE8: PriceE8
  /** Smallest units in one whole unit of the base. */
  readonly unit: bigint
}

/** Value of a position as a share of equity, rounded towards zero; 0 without equity. */
export function exposureOf(positionE8: bigint, equityE8: CashE8): Ppm {
  return (equityE8 <= 0n ? 0 : Number((positionE8 * BigInt(PPM)) / equityE8)) as Ppm
}

/** The position that an exposure means at a price, in smallest units, rounded towards zero. */
export function targetQuantity(exposure: Ppm, { equityE8, priceE8, unit }: SizingBasis): bigint {
  // An agent without equity has nothing to expose, whichever way.
  if (equityE8 <= 0n) return 0n
  return (BigInt(exposure) * equityE8 * unit) / (BigInt(PPM) * priceE8)
}

/**
 * The order that takes the position to what a strategy concluded: positive buys, negative sells, zero for
 * none. Without `allowShort` the position never goes below zero. None is made for less than `minOrderE8`.
 */
export function orderSize(
  { allowShort, minOrderE8 }: AgentDefinition,
  { target, orders = [] }: Pick<AgentConclusion, 'target' | 'orders'>,
  basis: SizingBasis,
): bigint {
  const { held, priceE8, unit } = basis
  let wanted = target === undefined ? held : targetQuantity(target.exposure, basis)
  for (const order of orders) wanted += order.side === 'buy' ? order.quantity : -order.quantity
  if (wanted < 0n && !allowShort) wanted = 0n
  const difference = wanted - held
  const size = difference < 0n ? -difference : difference
  return size * priceE8 < minOrderE8 * unit ? 0n : difference
}
