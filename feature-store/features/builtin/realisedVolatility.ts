import { exactLog } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { priceIn } from '../priceIn.ts'
import { priceAt } from '../rowPrice.ts'
import { inWindow } from '../usedEvents.ts'
import { WindowSum } from '../windows/windowSum.ts'
import { YEAR_MS } from './yearMs.ts'

/** Squared log returns, and the last price; NaN before the first. */
type Squares = { readonly squares: WindowSum; last: number }

/**
 * Realised volatility over a window: √(Σ r² · year / window), where each r is the log return from one price
 * to the next and counts at the time of the later one; a year is 365.25 days. Prices are taken as they come,
 * not sampled, so on a pool it holds the bounce between buys and sells. Null until the prices cover a
 * window, and in a window without a price. Unit: annualised volatility (0.2 is 20 %). Source: Andersen and
 * Bollerslev, "Answering the Skeptics", International Economic Review 39 (1998).
 */
export function realisedVolatility(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `realised_volatility_${window}`,
    version: 1,
    unit: 'annualised',
    description: `Annualised square root of the squared log returns of the last ${window}`,
    inputs: ['swap', 'bar'],
    params: { windowMs },
    dependsOn: inWindow(windowMs),
    init: (): Squares => ({ squares: new WindowSum(windowMs), last: Number.NaN }),
    update(state, event) {
      const price = priceIn(event)
      if (price !== null) add(state, event.knownAt, price)
    },
    updateRow: (state, columns, row) => add(state, columns.knownAt[row] ?? Number.NaN, priceAt(columns, row)),
    value({ squares }, nowMs) {
      const sum = squares.sumAt(nowMs)
      if (sum === null || squares.countAt(nowMs) === 0) return null
      return Math.sqrt((sum * YEAR_MS) / windowMs)
    },
  })
}

function add(state: Squares, knownAt: number, price: number): void {
  if (Number.isNaN(state.last)) state.squares.start(knownAt)
  else {
    const change = exactLog(price / state.last)
    state.squares.add(knownAt, change * change)
  }
  state.last = price
}
