import { defineAgent } from 'touchstone/agents'
import { cashE8, E8, HOUR_MS, type Instrument, MINUTE_MS, ppm } from 'touchstone/core'
import * as feature from 'touchstone/feature-store'
import { defineStrategy, directionOf } from 'touchstone/strategies'

const features = [5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS].flatMap(windowMs => [
  feature.orderFlowImbalance({ windowMs }),
  feature.logReturn({ horizonMs: windowMs }),
  feature.realisedVolatility({ windowMs }),
])
const label = { kind: 'forward-return', horizonMs: 10 * MINUTE_MS } as const
const descent = { epochs: 60, batchSize: 64, learningRate: 0.003, l2: 0.001 }
const learner = { kind: 'mlp', hidden: [16, 8], ...descent } as const
const model = { name: 'order-flow', version: 2, label, learner, seed: 7, embargoMs: label.horizonMs }

/** Buys while the model is sure enough of a rise, the more the surer; else holds nothing. */
const strategy = defineStrategy({
  name: 'probability-threshold',
  version: 1,
  params: { threshold: 0.04, exposurePerEdge: 5, horizonMs: 10 * MINUTE_MS },
  decide({ prediction }, { threshold, exposurePerEdge, horizonMs }) {
    if (prediction === null) return null
    const edge = prediction.probabilityUp - 0.5
    const direction = Math.abs(edge) < threshold ? 0 : directionOf(edge)
    const [strength, confidence] = [ppm(2 * Math.abs(edge)), ppm(0.5 + Math.abs(edge))]
    const exposure = ppm(direction > 0 ? Math.min(1, edge * exposurePerEdge) : 0)
    return { signal: { direction, strength, confidence, horizonMs }, target: { exposure } }
  },
})

/** Momentum of a pool's order flow: a small network, one decision a minute, long only. */
export function orderFlowMomentum(options: { instrument: Instrument; capitalE8?: bigint; everyMs?: number }) {
  const { instrument, capitalE8 = 100_000n * E8, everyMs = MINUTE_MS } = options
  const [capital, most, loss] = [cashE8(capitalE8), cashE8(capitalE8 * 2n), cashE8(capitalE8 / 20n)] as const
  const agent = { name: 'order-flow-momentum', version: 2, instrument, capitalE8: capital, everyMs }
  const limits = { maxPositionE8: most, maxOrderE8: most, maxDailyLossE8: loss, maxStalenessMs: HOUR_MS }
  const venue = { feePpm: ppm(0.0005), halfSpreadPpm: ppm(0.0001), maxPriceAgeMs: 10 * MINUTE_MS }
  return defineAgent({ ...agent, features, model, strategy, limits, venue })
}
