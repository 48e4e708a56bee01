import type { AgentDefinition } from '../agents/index.ts'
import { type CashE8, cashE8, floorDivide, type Halt, type HaltReason } from '../core/index.ts'
import { type Market, marketValueE8 } from './market.ts'
import type { MoneyEstimate } from './moneyEstimate.ts'
import type { Holdings } from './venue.ts'

/** Watches an agent's limits. */
export type RiskGate = {
  /** Opens a UTC day at the equity of the last prices before it. */
  openDay(): void
  /** What that equity was, as an estimate. */
  readonly opening: Readonly<OpeningEquity>
  /** Whether the holdings are within the limits for certain, by estimates. */
  isHoldingSafe(market: Market): boolean
  /**
   * Prices between which the holdings are within the limits for certain, as long as they do not change, on a day that opens
   * so, where one market is traded. One object, written anew each time.
   */
  safePrices(market: Market, opening: Readonly<OpeningEquity>): Readonly<PriceBounds>
  /** The limit that the holdings breach at the newest prices, position before daily loss, or null. */
  holdingBreach(market: Market): Halt | null
  /** Whether no price is older than its limit at a time; the time in an object, since a double that is handed about is one. */
  isFresh(clock: { readonly nowMs: number }): boolean
  /** The staleness limit, if the newest price of a market is older than it. */
  stalenessBreach(nowMs: number): Halt | null
  /** Whether an order of a value is within the limits for certain, by estimates. */
  surelyWithin(tradedE8: number, positionE8: number): boolean
  /**
   * The limit that an order would breach, its size before the resulting position.
   *
   * @param tradedE8 Value of what it trades, rounded up; `positionE8` of what is held after it.
   */
  orderBreach(tradedE8: bigint, positionE8: bigint): Halt | null
}

/** Equity that a day opens at, as an estimate. In an object, since a double that is handed about is one. */
export type OpeningEquity = { equityE8: number }

/** Prices above the one and below the other, in 10⁻⁸; there may be none. */
export type PriceBounds = { lowE8: number; highE8: number }

/** Relative room for the error of an estimate in doubles; within it the integers decide. */
const ROOM = 1e-9

/**
 * Creates the gate of an agent. It compares estimates in doubles, whose error is far below their room, and computes in
 * integers only where a limit may be breached: so an event costs a few comparisons, and the answer is exact.
 */
export function createRiskGate(
  { limits }: AgentDefinition,
  markets: readonly Market[],
  holdings: Holdings,
  estimate: MoneyEstimate,
): RiskGate {
  const mostPosition = Number(limits.maxPositionE8)
  const mostLoss = Number(limits.maxDailyLossE8)
  const mostOrder = Number(limits.maxOrderE8)
  // The opening equity of the day, kept as what it is computed from: most days nothing asks for it.
  let openCashE8: CashE8 = holdings.cashE8
  // In an object: a double of a closure is made anew each time it is set.
  const open: OpeningEquity = { equityE8: estimate.equityE8 }
  const openQuantities: bigint[] = markets.map(() => 0n)
  const openPrices = new Float64Array(markets.length)

  function openEquityE8(): bigint {
    let equity: bigint = openCashE8
    for (const { index, unit } of markets) {
      const held = openQuantities[index] ?? 0n
      if (held !== 0n) equity += floorDivide(held * BigInt(openPrices[index] ?? 0), unit)
    }
    return equity
  }

  function isHoldingSafe(market: Market): boolean {
    const room = (estimate.grossE8 + Math.abs(open.equityE8)) * ROOM + 8
    return (
      Math.abs(market.valueE8) < mostPosition - room && open.equityE8 - estimate.equityE8 < mostLoss - room
    )
  }

  const bounds: PriceBounds = { lowE8: Number.NaN, highE8: Number.NaN }

  function safePrices({ units }: Market, { equityE8: openE8 }: Readonly<OpeningEquity>): PriceBounds {
    const { cashE8 } = estimate
    // Twice the room that an estimate needs: what is solved for is rounded, too.
    const room = (Math.abs(cashE8) + Math.abs(openE8)) * 2 * ROOM + 16
    const size = Math.abs(units)
    // Equity at which the loss of the day would be too large.
    const leastE8 = openE8 - mostLoss + room
    const most = (mostPosition - room) / (size * (1 + 2 * ROOM))
    bounds.lowE8 = 0
    bounds.highE8 = units < 0 ? Math.min(most, (cashE8 - leastE8) / (size * (1 + 2 * ROOM))) : most
    if (units > 0) bounds.lowE8 = Math.max(0, (leastE8 - cashE8) / (size * (1 - 2 * ROOM)))
    else if (units === 0 && !(room < mostPosition && cashE8 > leastE8)) bounds.highE8 = 0
    return bounds
  }

  return {
    safePrices,
    opening: open,
    openDay() {
      openCashE8 = holdings.cashE8
      open.equityE8 = estimate.equityE8
      for (const { index, middleE8 } of markets) {
        openQuantities[index] = Number.isNaN(middleE8) ? 0n : holdings.quantity(index)
        openPrices[index] = middleE8
      }
    },
    isHoldingSafe,
    isFresh({ nowMs }) {
      for (let index = 0; index < markets.length; index++)
        if (nowMs - (markets[index] as Market).pricedMs > limits.maxStalenessMs) return false
      return true
    },
    holdingBreach(market) {
      if (isHoldingSafe(market)) return null
      const exact = marketValueE8(market, holdings)
      const held = exact < 0n ? -exact : exact
      if (held > limits.maxPositionE8) return halt('position', limits.maxPositionE8, held)
      let equityE8: bigint = holdings.cashE8
      for (const each of markets) equityE8 += marketValueE8(each, holdings)
      const loss = openEquityE8() - equityE8
      return loss > limits.maxDailyLossE8 ? halt('dailyLoss', limits.maxDailyLossE8, loss) : null
    },
    stalenessBreach(nowMs) {
      for (let index = 0; index < markets.length; index++) {
        // Before the first price there is nothing to trade on, and nothing held: NaN compares to false.
        const age = nowMs - (markets[index] as Market).pricedMs
        if (age > limits.maxStalenessMs) return halt('staleness', BigInt(limits.maxStalenessMs), BigInt(age))
      }
      return null
    },
    surelyWithin(tradedE8, positionE8) {
      const room = (estimate.grossE8 + tradedE8 + positionE8) * ROOM + 8
      return tradedE8 < mostOrder - room && positionE8 < mostPosition - room
    },
    orderBreach(tradedE8, positionE8) {
      if (tradedE8 > limits.maxOrderE8) return halt('orderSize', limits.maxOrderE8, cashE8(tradedE8))
      return positionE8 > limits.maxPositionE8 ? halt('position', limits.maxPositionE8, positionE8) : null
    },
  }
}

const halt = (reason: HaltReason, limit: bigint, observed: bigint): Halt => ({
  kind: 'halt',
  reason,
  limit,
  observed,
})
