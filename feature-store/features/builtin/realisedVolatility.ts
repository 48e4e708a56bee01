import { exactLog } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { priceIn } from '../priceIn.ts'
import { inWindow } from '../usedEvents.ts'
import { WindowSum } from '../windows/windowSum.ts'
import { YEAR_MS } from './yearMs.ts'

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
    init: (): { squares: WindowSum; last: number | null } => ({
      squares: new WindowSum(windowMs),
      last: null,
    }),
    update(state, event) {
      const price = priceIn(event)
      if (price === null) return
      if (state.last === null) state.squares.start(event.knownAt)
      else {
        const change = exactLog(price / state.last)
        state.squares.add(event.knownAt, change * change)
      }
      state.last = price
    },
    value({ squares }, nowMs) {
      const sum = squares.sumAt(nowMs)
      if (sum === null || squares.countAt(nowMs) === 0) return null
      return Math.sqrt((sum * YEAR_MS) / windowMs)
    },
  })
}
