import { type CashE8, cashE8, floorDivide } from '../core/index.ts'

/** A round trip as the statistics need it. */
export type TradeOutcome = {
  /** Profit of the round trip after its fees, in 10⁻⁸ of the quote currency. */
  readonly pnlE8: CashE8
}

/** A change of position as the statistics need it. */
export type PositionChange = {
  readonly timeMs: number
  readonly side: 'buy' | 'sell'
  /** Always positive; zero for an order that expired. */
  readonly quantity: bigint
}

/** Winning trades / trades; a trade wins when its profit after fees is above zero. Null without trades. */
export function winRate(trades: readonly TradeOutcome[]): number | null {
  return trades.length === 0 ? null : trades.filter(trade => trade.pnlE8 > 0n).length / trades.length
}

/** Sum of the winning trades' profit / sum of the losing trades' loss. Null when no trade lost. */
export function profitFactor(trades: readonly TradeOutcome[]): number | null {
  let gained = 0n
  let lost = 0n
  for (const { pnlE8 } of trades) {
    if (pnlE8 > 0n) gained += pnlE8
    else lost -= pnlE8
  }
  return lost === 0n ? null : Number(gained) / Number(lost)
}

/** Mean profit of a closed trade after fees, rounded down. Null without trades. */
export function averageTradeE8(trades: readonly TradeOutcome[]): CashE8 | null {
  if (trades.length === 0) return null
  return cashE8(
    floorDivide(
      trades.reduce((sum, trade) => sum + trade.pnlE8, 0n),
      BigInt(trades.length),
    ),
  )
}

/**
 * Share of the time between two instants in which the position was not zero, 0 to 1; the position is flat
 * at the start and changes by each fill, in order. Null when no time passes.
 */
export function exposure(changes: readonly PositionChange[], startMs: number, endMs: number): number | null {
  if (endMs <= startMs) return null
  let held = 0n
  let since = startMs
  let exposedMs = 0
  for (const { timeMs, side, quantity } of changes) {
    const time = Math.min(Math.max(timeMs, since), endMs)
    if (held !== 0n) exposedMs += time - since
    since = time
    held += side === 'buy' ? quantity : -quantity
  }
  if (held !== 0n) exposedMs += endMs - since
  return exposedMs / (endMs - startMs)
}
