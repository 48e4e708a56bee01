import { defineAgent } from 'touchstone/agents'
import { cashE8, DAY_MS, E8, type Instrument, ppm } from 'touchstone/core'
import { logReturn, realisedVolatility } from 'touchstone/feature-store'
import { defineStrategy, directionOf } from 'touchstone/strategies'

type Options = { instrument: Instrument; capitalE8?: bigint; periodMs?: number; everyMs?: number }

/** Trend on gold: no model, one decision a period (a day), long only. Works on bars and on swaps. */
export function goldTrend({ instrument, capitalE8 = 100_000n * E8, periodMs = DAY_MS, ...options }: Options) {
  const returns = [20, 60, 120].map(periods => logReturn({ horizonMs: periods * periodMs }))
  const volatility = realisedVolatility({ windowMs: 20 * periodMs })
  /** Holds what has risen over most horizons, and the less of it the more it moves. */
  const strategy = defineStrategy({
    name: 'volatility-targeted-trend',
    version: 1,
    params: { volatilityTarget: 0.1, maxExposure: 1.5, horizonMs: 20 * periodMs },
    decide({ feature }, { volatilityTarget, maxExposure, horizonMs }) {
      const risk = feature(volatility.name)
      const moves = returns.map(({ name }) => feature(name)).filter(move => move !== null)
      if (risk === null || risk === 0 || moves.length < returns.length) return null
      const score = moves.reduce((sum, move) => sum + Math.sign(move), 0) / moves.length
      const exposure = ppm(Math.max(0, score) * Math.min(maxExposure, volatilityTarget / risk))
      const [direction, strength] = [directionOf(score), ppm(Math.abs(score))] as const
      return { signal: { direction, strength, confidence: ppm(0.5), horizonMs }, target: { exposure } }
    },
  })

  const [capital, most, loss] = [cashE8(capitalE8), cashE8(capitalE8 * 5n), cashE8(capitalE8 / 10n)] as const
  const agent = { name: 'gold-trend', version: 2, instrument, capitalE8: capital }
  const everyMs = options.everyMs ?? periodMs
  const limits = { maxPositionE8: most, maxOrderE8: most, maxDailyLossE8: loss, maxStalenessMs: 5 * DAY_MS }
  const costs = { feePpm: ppm(0.0002), halfSpreadPpm: ppm(0.0005), maxPriceAgeMs: 4 * DAY_MS }
  // It may hold up to one and a half times its equity.
  const venue = { ...costs, initialMarginPpm: ppm(0.5) }
  const reasoning = { features: [...returns, volatility], model: null, strategy, everyMs }
  return defineAgent({ ...agent, ...reasoning, limits, venue })
}
