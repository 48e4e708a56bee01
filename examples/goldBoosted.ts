import { defineAgent } from 'touchstone/agents'
import { cashE8, DAY_MS, E8, HOUR_MS, type Instrument, ppm } from 'touchstone/core'
import * as feature from 'touchstone/feature-store'
import { defineStrategy, directionOf } from 'touchstone/strategies'

const features = [
  ...[HOUR_MS, 4 * HOUR_MS, DAY_MS, 5 * DAY_MS, 20 * DAY_MS].map(horizonMs =>
    feature.logReturn({ horizonMs }),
  ),
  ...[DAY_MS, 20 * DAY_MS].map(windowMs => feature.realisedVolatility({ windowMs })),
]
const label = { kind: 'forward-return', horizonMs: DAY_MS } as const
const learner = { kind: 'trees', rounds: 200, depth: 3, learningRate: 0.05, minLeafWeight: 20 } as const
const model = { name: 'gold-boosted', version: 1, label, learner, seed: 7, embargoMs: DAY_MS }

/** Long or short by how far the model is from undecided; nothing where it is close. */
const strategy = defineStrategy({
  name: 'edge-sized',
  version: 1,
  params: { threshold: 0.02, exposurePerEdge: 10, horizonMs: DAY_MS },
  decide({ prediction }, { threshold, exposurePerEdge, horizonMs }) {
    if (prediction === null) return null
    const edge = prediction.probabilityUp - 0.5
    const direction = Math.abs(edge) < threshold ? 0 : directionOf(edge)
    const [strength, confidence] = [ppm(2 * Math.abs(edge)), ppm(0.5 + Math.abs(edge))]
    const exposure = ppm(direction * Math.min(1, Math.abs(edge) * exposurePerEdge))
    return { signal: { direction, strength, confidence, horizonMs }, target: { exposure } }
  },
})

/** Gold a day ahead by boosted trees over returns and volatilities; one decision every four hours, long and short. */
export function goldBoosted({
  instrument,
  capitalE8 = 100_000n * E8,
}: {
  instrument: Instrument
  capitalE8?: bigint
}) {
  const [capital, most, loss] = [cashE8(capitalE8), cashE8(capitalE8 * 2n), cashE8(capitalE8 / 10n)] as const
  const agent = { name: 'gold-boosted', version: 1, instrument, capitalE8: capital, everyMs: 4 * HOUR_MS }
  const limits = { maxPositionE8: most, maxOrderE8: most, maxDailyLossE8: loss, maxStalenessMs: 5 * DAY_MS }
  const venue = { feePpm: ppm(0.0002), halfSpreadPpm: ppm(0.0005), maxPriceAgeMs: 4 * DAY_MS }
  return defineAgent({ ...agent, features, model, strategy, limits, venue, allowShort: true })
}
