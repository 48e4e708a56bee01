import type { Halt, MarketColumns } from '../core/index.ts'
import type { Kernel } from './kernel.ts'
import type { Market } from './market.ts'

/** Ends an agent's trading, and says why. */
export function halt(
  kernel: Kernel,
  market: Market,
  columns: MarketColumns,
  row: number,
  breach: Halt,
): void {
  kernel.halted = true
  kernel.decisions.output(market.index, columns, row, breach, -1)
}

/** The market that is told of what concerns all. */
export function firstMarket({ markets }: Kernel): Market {
  const [market] = markets
  if (market === undefined) throw new RangeError('An agent trades at least one instrument.')
  return market
}
