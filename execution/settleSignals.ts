import { type Outcome, type PriceE8, priceE8, type SourcePosition } from '../core/index.ts'
import type { Market } from './market.ts'
import type { PricedRows } from './pricedRows.ts'

/** A signal whose horizon has not ended. */
type OpenSignal = {
  readonly sequence: number
  readonly market: Market
  readonly dueMs: number
  readonly entryPriceE8: PriceE8
  readonly entryPricedBy: SourcePosition
}

/**
 * The signals whose horizon has not ended. Each ends at the last price known by then: so it is settled at the first
 * event that is known later, before that event is taken in.
 */
export class OpenSignals {
  readonly #priced: PricedRows
  /** By the end of their horizon, then by sequence. */
  #open: OpenSignal[] = []

  constructor(priced: PricedRows) {
    this.#priced = priced
  }

  /** When the first of them ends. */
  dueMs = Number.POSITIVE_INFINITY

  /** Opens a signal at the price at hand. */
  add(sequence: number, market: Market, dueMs: number): void {
    const entryPricedBy = this.#priced.position(market.index)
    if (entryPricedBy === null) return
    const signal: OpenSignal = {
      sequence,
      market,
      dueMs,
      entryPriceE8: priceE8(BigInt(market.middleE8)),
      entryPricedBy,
    }
    // Most of them look equally far ahead, and belong at the end.
    let place = this.#open.length
    while (place > 0 && (this.#open[place - 1] as OpenSignal).dueMs > dueMs) place--
    this.#open.splice(place, 0, signal)
    this.dueMs = this.#open[0]?.dueMs ?? Number.POSITIVE_INFINITY
  }

  /**
   * Tells the outcome of each signal whose horizon ended before a time, and forgets it. One whose market has lost all its
   * prices to a reorg waits for the next.
   */
  settle(nowMs: number, emit: (market: Market, outcome: Outcome) => void): void {
    const waiting: OpenSignal[] = []
    let place = 0
    for (; place < this.#open.length; place++) {
      const signal = this.#open[place] as OpenSignal
      if (signal.dueMs >= nowMs) break
      const { market, sequence, entryPriceE8, entryPricedBy } = signal
      const exitPricedBy = this.#priced.position(market.index)
      if (exitPricedBy === null) waiting.push(signal)
      else
        emit(market, {
          kind: 'outcome',
          signal: sequence,
          entryPriceE8,
          entryPricedBy,
          exitPriceE8: priceE8(BigInt(market.middleE8)),
          exitPricedBy,
        })
    }
    this.#open = [...waiting, ...this.#open.slice(place)]
    this.dueMs = this.#open[0]?.dueMs ?? Number.POSITIVE_INFINITY
  }
}
