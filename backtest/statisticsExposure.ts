import { type FillColumns, isColumns } from './statisticsTradeColumns.ts'

/** A change of position as the statistics need it. */
export type PositionChange = {
  readonly timeMs: number
  readonly side: 'buy' | 'sell'
  /** Always positive; zero for an order that expired. */
  readonly quantity: bigint
  readonly priceE8?: bigint
  /** Index of the instrument whose position it changes; may be left out where there is one. */
  readonly market?: number
}

/** Decimals of the quantities: of all instruments, or of each. */
export type Decimals = number | readonly number[]

export const decimalsOf = (decimals: Decimals, market: number): number =>
  typeof decimals === 'number' ? decimals : (decimals[market] ?? 0)

/**
 * Share of the time between two instants in which a position was not zero, 0 to 1; every position is flat
 * at the start and changes by each fill, in order. Null when no time passes.
 */
export function exposure(
  changes: readonly PositionChange[] | FillColumns,
  startMs: number,
  endMs: number,
): number | null {
  if (endMs <= startMs) return null
  if (isColumns(changes)) return exposureOfColumns(changes, startMs, endMs)
  const held = new Map<number, bigint>()
  // Of the market of the last change, which is not looked up again while it stays the same.
  let current = 0
  let position = 0n
  let open = 0
  let since = startMs
  let exposedMs = 0
  for (const { timeMs, side, quantity, market = 0 } of changes) {
    const time = Math.min(Math.max(timeMs, since), endMs)
    if (open > 0) exposedMs += time - since
    since = time
    if (market !== current) {
      held.set(current, position)
      current = market
      position = held.get(market) ?? 0n
    }
    if (position !== 0n) open--
    position = side === 'buy' ? position + quantity : position - quantity
    if (position !== 0n) open++
  }
  if (open > 0) exposedMs += endMs - since
  return exposedMs / (endMs - startMs)
}

function exposureOfColumns({ count, timeMs, held }: FillColumns, startMs: number, endMs: number): number {
  let since = startMs
  let exposedMs = 0
  let isOpen = false
  for (let i = 0; i < count; i++) {
    const time = Math.min(Math.max(timeMs[i] ?? 0, since), endMs)
    if (isOpen) exposedMs += time - since
    since = time
    isOpen = held[i] !== 0
  }
  if (isOpen) exposedMs += endMs - since
  return exposedMs / (endMs - startMs)
}

/**
 * Mean over time of the value of all positions, long and short, / equity, each point held until the next.
 * Null when no time passes, and when equity is not above zero while time passes.
 *
 * @param grossE8 value of the positions without their sign, at each point of the equity.
 */
export function averageExposure(
  timeMs: Float64Array,
  equity: Float64Array,
  grossE8: ArrayLike<number>,
): number | null {
  let area = 0
  for (let i = 0; i + 1 < timeMs.length; i++) {
    const lasted = (timeMs[i + 1] ?? 0) - (timeMs[i] ?? 0)
    if (lasted === 0) continue
    const value = equity[i] ?? 0
    if (value <= 0) return null
    area += ((grossE8[i] ?? 0) / value) * lasted
  }
  const total = (timeMs.at(-1) ?? 0) - (timeMs[0] ?? 0)
  return total > 0 && Number.isFinite(area) ? area / total : null
}

/**
 * Turnover a year: half of the value of all fills (so that a position opened and closed counts once) / mean
 * equity over time / years. Null without prices and decimals, or when no time passes.
 */
export function turnover(
  fills: readonly PositionChange[] | FillColumns,
  { decimals, meanEquityE8, years }: { decimals: Decimals | null; meanEquityE8: number; years: number },
): number | null {
  if (decimals === null || !(years > 0) || meanEquityE8 <= 0) return null
  let value = 0
  if (isColumns(fills)) {
    const { count, quantity, priceE8 } = fills
    const unit = 10 ** decimalsOf(decimals, 0)
    for (let i = 0; i < count; i++) value += (Math.abs(quantity[i] ?? 0) * (priceE8[i] ?? 0)) / unit
    return value / 2 / meanEquityE8 / years
  }
  // Of the market of the last fill, which most fills share: a power takes long.
  let current = -1
  let unit = 1
  for (const { quantity, priceE8, market = 0 } of fills) {
    const size = Number(quantity)
    if (size === 0) continue
    if (priceE8 === undefined) return null
    if (market !== current) {
      current = market
      unit = 10 ** decimalsOf(decimals, market)
    }
    value += (size * Number(priceE8)) / unit
  }
  return value / 2 / meanEquityE8 / years
}
