import { productQuotient } from '../core/index.ts'
import type { FillLog } from './fillLog.ts'
import type { FillColumns, TradeColumns } from './statisticsTradeColumns.ts'

/** Fills and closed round trips of a run as columns, as the statistics take them. */
export type TripColumns = { readonly fills: FillColumns; readonly trades: TradeColumns }

/**
 * Joins fills into round trips as `roundTrips` does, to the last unit. Null where columns do not tell it: where several
 * instruments are traded, a trip has more than one fill in or out, or a number is past 2⁵³.
 *
 * @param decimals Of each traded instrument.
 */
export function tripColumns(log: FillLog, decimals: readonly number[]): TripColumns | null {
  const unit = 10 ** (decimals[0] ?? 0)
  if (decimals.length !== 1 || !log.isExact || !Number.isSafeInteger(unit)) return null
  const { count, timeMs, priceE8, feeE8 } = log
  const size = log.quantity
  const closed = count >> 1
  const column = (length: number) => new Float64Array(length)
  const held = column(count)
  const pnlE8 = column(closed)
  const entryMs = column(closed)
  const exitMs = column(closed)
  const entryPriceE8 = column(closed)
  const exitPriceE8 = column(closed)
  const quantity = column(closed)
  for (let fill = 0; fill < count; fill += 2) {
    const amount = size[fill] as number
    held[fill] = amount
    if (fill + 1 === count) break
    if (size[fill + 1] !== -amount || amount === 0) return null
    const isLong = amount > 0
    const units = Math.abs(amount)
    const entry = priceE8[fill] as number
    const exit = priceE8[fill + 1] as number
    if ((units * Math.max(entry, exit)) / unit > MOST_E8) return null
    const paid = productQuotient(units, isLong ? entry : exit, unit, 'up')
    const received = productQuotient(units, isLong ? exit : entry, unit, 'down')
    const pnl = received - paid - (feeE8[fill] as number) - (feeE8[fill + 1] as number)
    if (!Number.isSafeInteger(pnl)) return null
    const trade = fill >> 1
    pnlE8[trade] = pnl
    entryMs[trade] = timeMs[fill] as number
    exitMs[trade] = timeMs[fill + 1] as number
    entryPriceE8[trade] = entry
    exitPriceE8[trade] = exit
    quantity[trade] = amount
  }
  return {
    fills: { count, timeMs, priceE8, quantity: size, held },
    trades: { count: closed, pnlE8, entryMs, exitMs, entryPriceE8, exitPriceE8, quantity, riskE8: null },
  }
}

/** Value of a fill that its quotient is still a safe integer at, however it is rounded; the sums are looked at themselves. */
const MOST_E8 = 2 ** 53 - 2 ** 10
