import { cashE8, type Fill, priceE8, quantity, type SourcePosition } from '../core/index.ts'
import type { FillAtRow } from './decisionBuffer.ts'
import { type BookedFill, big } from './matching/index.ts'
import type { TradedNumbers, VenueOutcome } from './venue.ts'

/**
 * A fill on paper. What is recorded of it is made when it is asked for, which a backtest does not whose decisions
 * nobody reads.
 */
export class PaperFill implements VenueOutcome {
  readonly market: number
  readonly timeMs: number
  readonly isDone: boolean
  readonly traded: TradedNumbers | null
  private readonly order: number | null
  private readonly fill: BookedFill
  private readonly pricedBy: SourcePosition | null

  /**
   * @param order Sequence of the order's decision; null for a liquidation.
   * @param pricedBy Null for the row that tells of the fill.
   */
  constructor(market: number, fill: BookedFill, order: number | null, pricedBy: SourcePosition | null) {
    this.market = market
    this.timeMs = fill.timeMs
    this.isDone = fill.cause === 'order'
    this.traded = tradedNumbers(fill, order)
    this.order = order
    this.fill = fill
    this.pricedBy = pricedBy
  }

  get output(): Fill | FillAtRow {
    const { fill, pricedBy } = this
    const output: FillAtRow = {
      kind: 'fill',
      order: this.order,
      cause: fill.cause,
      side: fill.buy ? 'buy' : 'sell',
      outcome: 'filled',
      reason: null,
      quantity: quantity(big(fill.quantity)),
      priceE8: priceE8(big(fill.priceE8)),
      feeE8: cashE8(big(fill.feeE8)),
    }
    return pricedBy === null ? output : { ...output, pricedBy }
  }
}

function tradedNumbers(
  { buy, quantity, priceE8, feeE8 }: BookedFill,
  order: number | null,
): TradedNumbers | null {
  if (typeof quantity !== 'number' || typeof priceE8 !== 'number' || typeof feeE8 !== 'number') return null
  return { order, quantity: buy ? quantity : -quantity, priceE8, feeE8 }
}
