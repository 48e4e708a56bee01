import { defineAgent } from 'touchstone/agents'
import { integer, parameters, real } from 'touchstone/backtest'
import type { CreateAgent } from 'touchstone/config'
import { cashE8, DAY_MS, E8, ppm } from 'touchstone/core'
import { logReturn, realisedVolatility } from 'touchstone/feature-store'
import { defineStrategy, directionOf } from 'touchstone/strategies'

/** What `touchstone sweep trend` searches. Settings of the same names in touchstone.config.ts come before the defaults. */
export const space = parameters(
  { lookbackDays: integer(5, 90), volatilityTarget: real(0.05, 0.25, { step: 0.05 }) },
  { defaults: { lookbackDays: 30, volatilityTarget: 0.1 } },
)

const volatility = realisedVolatility({ windowMs: 20 * DAY_MS })

/** Called with what touchstone.config.ts says of the agent, and a point of `space`. */
export const createAgent: CreateAgent<typeof space> = (
  { instrument, settings },
  { lookbackDays, volatilityTarget },
) => {
  const trend = logReturn({ horizonMs: lookbackDays * DAY_MS })
  /** Holds what has risen, and the less of it the more it moves. */
  const strategy = defineStrategy({
    name: 'trend',
    version: 1,
    params: { lookbackDays, volatilityTarget, horizonMs: 20 * DAY_MS },
    decide({ feature }, { volatilityTarget, horizonMs }) {
      const [move, risk] = [feature(trend.name), feature(volatility.name)]
      if (move === null || risk === null || risk === 0) return null
      const exposure = ppm(move > 0 ? Math.min(1, volatilityTarget / risk) : 0)
      const signal = { direction: directionOf(move), strength: ppm(1), confidence: ppm(0.5), horizonMs }
      return { signal, target: { exposure } }
    },
  })
  const capitalE8 = BigInt(Number(settings['capital'] ?? 100_000)) * E8
  const most = cashE8(capitalE8 * 2n)
  return defineAgent({
    name: 'trend',
    version: 1,
    instrument,
    features: [trend, volatility],
    model: null,
    strategy,
    everyMs: DAY_MS,
    capitalE8: cashE8(capitalE8),
    limits: {
      maxPositionE8: most,
      maxOrderE8: most,
      maxDailyLossE8: cashE8(capitalE8 / 10n),
      maxStalenessMs: 5 * DAY_MS,
    },
    venue: { feePpm: ppm(0.0002), halfSpreadPpm: ppm(0.0005), maxPriceAgeMs: 4 * DAY_MS },
  })
}
