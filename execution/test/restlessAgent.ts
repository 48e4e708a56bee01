import { type AgentDefinition, type AgentSource, defineAgent } from '../../agents/index.ts'
import { type AgentId, cashE8, E8, MINUTE_MS, ppm, quantity } from '../../core/index.ts'
import { hourOfWeekSine, logReturn, quotedSpread } from '../../feature-store/index.ts'
import { defineStrategy } from '../../strategies/index.ts'
import { CURVE, GOLD } from './syntheticMarket.ts'

/** The agent that the tests run as. */
export const AGENT: AgentId = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

const marketOrder = (side: 'buy' | 'sell', units: bigint) =>
  ({ kind: 'market', side, size: { units: quantity(units) } }) as const

/** Decides something else almost every time, from everything that the view offers: long, short, orders, nothing. */
const restless = defineStrategy({
  name: 'restless',
  version: 1,
  params: { step: 300_000 },
  decide({ priceE8, nowMs, feature, exposure, quantity: held, equityE8, prediction }, { step }) {
    const mixed = Number((priceE8 / 1_000n) % 97n) + (nowMs % 89) + (held > 0n ? 1 : 0) + (exposure % 7)
    const moved = feature('return_1m') ?? 0
    const choice = Math.abs(mixed + Math.round(moved * 1e6) + Number(equityE8 % 5n)) % 11
    if (choice === 0) return null
    const probability = prediction?.probabilityUp ?? 0.5
    const signal = {
      direction: choice > 5 ? 1 : -1,
      strength: ppm(0.25),
      confidence: ppm(Math.max(probability, 1 - probability)),
      horizonMs: MINUTE_MS,
    } as const
    if (choice === 1) return { signal, orders: [marketOrder('buy', 1_234n)] }
    if (choice === 2) return { signal, orders: [marketOrder('sell', 777n)] }
    if (choice === 3) return { signal }
    return { signal, target: { exposure: ppm(((choice - 7) * step) / 1_000_000) } }
  },
})

/** An agent that trades all the time, with limits wide enough to do so unless others are given. */
export function restlessAgent(changes: Partial<AgentSource> = {}): AgentDefinition {
  const capital = cashE8(100_000n * E8)
  return defineAgent({
    name: 'restless',
    version: 1,
    instrument: GOLD,
    observes: [CURVE],
    features: [logReturn({ horizonMs: MINUTE_MS }), quotedSpread, hourOfWeekSine],
    model: null,
    strategy: restless,
    everyMs: MINUTE_MS,
    limits: {
      maxPositionE8: cashE8(capital * 1_000n),
      maxOrderE8: cashE8(capital * 1_000n),
      maxDailyLossE8: cashE8(capital * 1_000n),
      maxStalenessMs: 100 * 24 * 60 * MINUTE_MS,
    },
    capitalE8: capital,
    venue: {
      feePpm: ppm(0.000333),
      halfSpreadPpm: ppm(0.00007),
      maxPriceAgeMs: 60 * MINUTE_MS,
      initialMarginPpm: ppm(0.1),
      maintenanceMarginPpm: ppm(0.05),
    },
    minOrderE8: cashE8(0n),
    allowShort: true,
    ...changes,
  })
}
