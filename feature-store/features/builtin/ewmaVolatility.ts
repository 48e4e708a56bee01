import { exactExp, exactLog } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { priceIn } from '../priceIn.ts'
import { priceAt } from '../rowPrice.ts'
import { YEAR_MS } from './yearMs.ts'

type Ewma = { firstMs: number | null; lastMs: number; lastPrice: number; weightedSquares: number }

/**
 * Exponentially weighted volatility for prices at irregular times: √(year · S / N), where S = Σ r² · 2^(−age/h)
 * over all log returns from price to price and N = (h / ln 2)(1 − 2^(−elapsed/h)) is the weight of the time
 * since the first price. Null until a half-life has passed. Unit: annualised volatility (a year is 365.25
 * days). Source: J.P. Morgan/Reuters, "RiskMetrics Technical Document" (1996), section 5.2, in the
 * continuous-time form of Eckner, "Algorithms for Unevenly Spaced Time Series" (2012).
 */
export function ewmaVolatility(options: { readonly halfLifeMs: number }): FeatureDefinition {
  const { halfLifeMs } = options
  const halfLife = durationName(halfLifeMs)
  const decay = (elapsedMs: number) => exactExp((-Math.LN2 * elapsedMs) / halfLifeMs)
  function add(state: Ewma, knownAt: number, price: number): void {
    if (state.firstMs === null) state.firstMs = knownAt
    else {
      const change = exactLog(price / state.lastPrice)
      state.weightedSquares = state.weightedSquares * decay(knownAt - state.lastMs) + change * change
    }
    state.lastMs = knownAt
    state.lastPrice = price
  }
  return defineFeature({
    name: `ewma_volatility_${halfLife}`,
    version: 1,
    unit: 'annualised',
    description: `Annualised volatility, its weights halving every ${halfLife}`,
    inputs: ['swap', 'bar'],
    params: { halfLifeMs },
    init: (): Ewma => ({ firstMs: null, lastMs: 0, lastPrice: 0, weightedSquares: 0 }),
    update(state, event) {
      const price = priceIn(event)
      if (price !== null) add(state, event.knownAt, price)
    },
    updateRow: (state, columns, row) => add(state, columns.knownAt[row] ?? Number.NaN, priceAt(columns, row)),
    value({ firstMs, lastMs, weightedSquares }, nowMs) {
      if (firstMs === null || nowMs - firstMs < halfLifeMs) return null
      const weightMs = (halfLifeMs / Math.LN2) * (1 - decay(nowMs - firstMs))
      return Math.sqrt((weightedSquares * decay(nowMs - lastMs) * YEAR_MS) / weightMs)
    },
  })
}
