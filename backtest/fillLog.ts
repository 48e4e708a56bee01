import { cashE8, priceE8, quantity, type UnixMs } from '../core/index.ts'
import type { TradedNumbers, VenueOutcome } from '../execution/index.ts'
import type { BacktestFill } from './roundTrips.ts'

const FIRST_CAPACITY = 64

/**
 * The fills of a run as columns of whole numbers, since an object for each would be kept through every collection of
 * garbage. A fill with a number that no double holds is kept as it is.
 */
export class FillLog {
  count = 0
  timeMs = new Float64Array(FIRST_CAPACITY)
  /** Above zero for a purchase. */
  quantity = new Float64Array(FIRST_CAPACITY)
  priceE8 = new Float64Array(FIRST_CAPACITY)
  feeE8 = new Float64Array(FIRST_CAPACITY)
  market = new Uint16Array(FIRST_CAPACITY)
  /** Sequence of the order's decision; −1 for none. */
  private order = new Float64Array(FIRST_CAPACITY)
  private readonly large = new Map<number, BacktestFill>()

  /** Adds a fill; what is none is passed over. */
  add(outcome: VenueOutcome): void {
    const { traded } = outcome
    if (traded !== undefined && traded !== null) {
      this.addNumbers(outcome, traded)
      return
    }
    const { output, market, timeMs } = outcome
    if (output.kind !== 'fill' || output.outcome !== 'filled') return
    const { order, side, quantity: exact, priceE8: exactPrice, feeE8: exactFee } = output
    const size = Number(exact)
    const price = Number(exactPrice)
    const fee = Number(exactFee)
    if (!(Number.isSafeInteger(size) && Number.isSafeInteger(price) && Number.isSafeInteger(fee)))
      this.large.set(this.count, {
        order,
        market,
        timeMs: timeMs as UnixMs,
        side,
        quantity: exact,
        priceE8: exactPrice,
        feeE8: exactFee,
      })
    const quantity = side === 'buy' ? size : -size
    this.addNumbers(outcome, { order, quantity, priceE8: price, feeE8: fee })
  }

  private addNumbers({ market, timeMs }: VenueOutcome, fill: TradedNumbers): void {
    const { count } = this
    if (count === this.timeMs.length) this.grow()
    this.timeMs[count] = timeMs
    this.quantity[count] = fill.quantity
    this.priceE8[count] = fill.priceE8
    this.feeE8[count] = fill.feeE8
    this.market[count] = market
    this.order[count] = fill.order ?? -1
    this.count = count + 1
  }

  /** Whether the columns hold every fill exactly. */
  get isExact(): boolean {
    return this.large.size === 0
  }

  /** The fills, in order. */
  fills(): BacktestFill[] {
    return Array.from({ length: this.count }, (_, index) => this.large.get(index) ?? this.fillAt(index))
  }

  private fillAt(index: number): BacktestFill {
    const size = this.quantity[index] as number
    const order = this.order[index] as number
    return {
      order: order === -1 ? null : order,
      market: this.market[index] as number,
      timeMs: this.timeMs[index] as UnixMs,
      side: size < 0 ? 'sell' : 'buy',
      quantity: quantity(BigInt(Math.abs(size))),
      priceE8: priceE8(BigInt(this.priceE8[index] as number)),
      feeE8: cashE8(BigInt(this.feeE8[index] as number)),
    }
  }

  private grow(): void {
    const length = this.timeMs.length * 2
    const larger = (column: Float64Array) => {
      const grown = new Float64Array(length)
      grown.set(column)
      return grown
    }
    this.timeMs = larger(this.timeMs)
    this.quantity = larger(this.quantity)
    this.priceE8 = larger(this.priceE8)
    this.feeE8 = larger(this.feeE8)
    this.order = larger(this.order)
    const market = new Uint16Array(length)
    market.set(this.market)
    this.market = market
  }
}
