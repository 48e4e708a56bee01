import type { AgentLimits } from '../agents/index.ts'
import { type CashE8, floorDivide, type Halt, type HaltReason, type PriceE8 } from '../core/index.ts'
import { equityOf, type Ledger } from './ledger.ts'

/** Prices at which a holding breaches no limit: `low` to `high`, both included; `high` null is no upper bound. */
export type SafePrices = { readonly low: bigint; readonly high: bigint | null }

/**
 * Solves the position and daily-loss limits for the price, so that an event costs two comparisons and no
 * arithmetic. Exact: a price is outside if and only if `holdingBreach` finds a breach at it.
 *
 * @param dayOpenE8 Equity at the start of the UTC day.
 */
export function safePrices(ledger: Ledger, limits: AgentLimits, dayOpenE8: CashE8, unit: bigint): SafePrices {
  const { quantity, cashE8 } = ledger
  // Value that the position must have for equity to stay within the daily loss.
  const least = dayOpenE8 - limits.maxDailyLossE8 - cashE8
  if (quantity === 0n) return { low: 0n, high: least > 0n ? -1n : null }
  if (quantity > 0n)
    return {
      low: ceilDivide(least * unit, quantity),
      high: ceilDivide((limits.maxPositionE8 + 1n) * unit, quantity) - 1n,
    }
  const position = floorDivide(limits.maxPositionE8 * unit, -quantity)
  const loss = floorDivide(-least * unit, -quantity)
  return { low: 0n, high: position < loss ? position : loss }
}

/** The limit that a holding breaches at a price, position before daily loss, or null. */
export function holdingBreach(
  ledger: Ledger,
  limits: AgentLimits,
  dayOpenE8: CashE8,
  price: PriceE8,
  unit: bigint,
): Halt | null {
  const value = floorDivide(ledger.quantity * price, unit)
  const size = value < 0n ? -value : value
  if (size > limits.maxPositionE8) return halt('position', limits.maxPositionE8, size)
  const loss = dayOpenE8 - equityOf(ledger, price, unit)
  return loss > limits.maxDailyLossE8 ? halt('dailyLoss', limits.maxDailyLossE8, loss) : null
}

/** The limit that an order would breach at its reference price, its size before the resulting position. */
export function orderBreach(
  ledger: Ledger,
  limits: AgentLimits,
  signedQuantity: bigint,
  price: PriceE8,
  unit: bigint,
): Halt | null {
  const size = valueUp(signedQuantity, price, unit)
  if (size > limits.maxOrderE8) return halt('orderSize', limits.maxOrderE8, size)
  const after = valueUp(ledger.quantity + signedQuantity, price, unit)
  return after > limits.maxPositionE8 ? halt('position', limits.maxPositionE8, after) : null
}

/** The staleness limit, if the newest price is older than it. */
export function stalenessBreach(limits: AgentLimits, ageMs: number): Halt | null {
  return ageMs > limits.maxStalenessMs
    ? halt('staleness', BigInt(limits.maxStalenessMs), BigInt(ageMs))
    : null
}

const halt = (reason: HaltReason, limit: bigint, observed: bigint): Halt => ({
  kind: 'halt',
  reason,
  limit,
  observed,
})
const ceilDivide = (numerator: bigint, denominator: bigint): bigint => -floorDivide(-numerator, denominator)
// Rounded up: a limit that is exceeded by a fraction is exceeded.
const valueUp = (quantity: bigint, price: PriceE8, unit: bigint): bigint =>
  ceilDivide((quantity < 0n ? -quantity : quantity) * price, unit)
