import { priceE8, quantity, type UnixMs, type Valuation, type ValuedPosition } from '../core/index.ts'
import { currentEquity, type Kernel } from './kernel.ts'
import type { PricedRows } from './pricedRows.ts'

/**
 * Values an agent's cash and positions at the prices at hand, as the kernel computes its equity. Null while an instrument
 * that it has traded has lost all its prices to a reorg.
 *
 * @param traded Markets whose position has ever changed: each is told, also where nothing is left of it.
 */
export function valueAccount(
  kernel: Kernel,
  priced: PricedRows,
  traded: ReadonlySet<number>,
  asOfMs: UnixMs,
): Valuation | null {
  const { holdings } = kernel.venue
  const positions: ValuedPosition[] = []
  for (const { index, instrument, middleE8 } of kernel.markets) {
    if (!traded.has(index)) continue
    const pricedBy = priced.position(index)
    if (pricedBy === null) return null
    positions.push({
      instrument: instrument.id,
      decimals: instrument.decimals,
      quantity: quantity(holdings.quantity(index)),
      priceE8: priceE8(BigInt(middleE8)),
      pricedBy,
    })
  }
  return { kind: 'valuation', asOfMs, cashE8: holdings.cashE8, equityE8: currentEquity(kernel), positions }
}
