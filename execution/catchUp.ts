import type { Kernel } from './kernel.ts'
import { priceMarket } from './market.ts'
import { estimateEquity } from './moneyEstimate.ts'

/**
 * Has a kernel in a stride know the time and prices of the row at hand, as `step` leaves them: not before somebody asks,
 * since at most rows nobody does. Outside of a stride it does nothing.
 */
export function catchUp(kernel: Kernel): void {
  const { strideRow: row, history: columns } = kernel
  if (row === -1 || columns === null) return
  kernel.strideRow = -1
  kernel.repriced = true
  kernel.nowMs = columns.knownAt[row] as number
  for (const market of kernel.markets) priceMarket(market, columns, row)
  estimateEquity(kernel.estimate, kernel.markets)
  kernel.venue.quiet?.pass(columns, row, 0)
}
