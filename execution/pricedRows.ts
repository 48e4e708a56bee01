import { type MarketColumns, OTHER_ROW, positionAt, positionOf, type SourcePosition } from '../core/index.ts'
import type { Kernel } from './kernel.ts'

/** Which observation gave the price that a kernel has of each traded instrument. */
export class PricedRows {
  readonly #kernel: Kernel
  /** By market: the row that priced it, or, after a withdrawal, the place of the observation that stands. */
  readonly #priced: ({ readonly columns: MarketColumns; readonly row: number } | SourcePosition | null)[]
  #columns: MarketColumns | null = null
  #row = 0
  /** Traded instrument of the open row; -1 once the row is noted, and for another. */
  #market = -1

  constructor(kernel: Kernel) {
    this.#kernel = kernel
    this.#priced = kernel.markets.map(() => null)
  }

  /** Takes down which row is stepped through now; note the one before it first. */
  open(columns: MarketColumns, row: number, market: number): void {
    this.#columns = columns
    this.#row = row
    this.#market = market
  }

  /** Notes what the open row priced, once the kernel has taken its price in. */
  note(): void {
    const columns = this.#columns
    const market = this.#market
    if (columns === null || market < 0 || !this.#kernel.repriced) return
    this.#market = -1
    const row = this.#row
    const event = columns.kind[row] === OTHER_ROW ? columns.events[row] : null
    this.#priced[market] = event?.value.type === 'withdrawal' ? this.#standing(market) : { columns, row }
  }

  /** The observation that gave the noted price of a market; null where none stands. */
  position(market: number): SourcePosition | null {
    const found = this.#priced[market] ?? null
    if (found === null || 'source' in found) return found
    const { source, block, logIndex } = positionAt(found.columns, found.row)
    return { source, block, logIndex }
  }

  #standing(market: number): SourcePosition | null {
    const event = this.#kernel.runtime.lastPriced(market)
    if (event === null) return null
    const { source, block, logIndex } = positionOf(event)
    return { source, block, logIndex }
  }
}
