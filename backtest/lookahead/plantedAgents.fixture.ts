import type { AgentDefinition, AgentSource } from '../../agents/index.ts'
import { type BarValue, HOUR_MS, type MarketEvent, ppm, priceOf, unixMs } from '../../core/index.ts'
import { restlessAgent } from '../../execution/test/restlessAgent.ts'
import { randomBars, START_MS } from '../../execution/test/syntheticMarket.ts'
import { defineFeature, type FeatureDefinition, logReturn } from '../../feature-store/index.ts'
import { defineStrategy } from '../../strategies/index.ts'
import { type CheckedAgent, checkLookAhead, type LookAheadOptions } from './index.ts'

export const BARS = 600
export const ACTIVE = 50
/** Open of the first bar; the agent acts from the 50th on. */
export const start = unixMs(START_MS)
export const activeFromMs = unixMs(START_MS + ACTIVE * HOUR_MS)
export const bars = randomBars(BARS, HOUR_MS, 7)
export const isBar = (event: MarketEvent): event is MarketEvent<BarValue> => event.value.type === 'bar'
export const closes = (history: readonly MarketEvent[]) =>
  history.filter(isBar).map(({ value }) => Number(priceOf(value)) / 1e8)

/** Trades almost every time, long and short, by the price alone. */
const busy = defineStrategy({
  name: 'busy',
  version: 1,
  params: {},
  decide({ priceE8: price }) {
    const choice = Number((price / 1_000n) % 5n) - 2
    const direction = choice > 0 ? 1 : -1
    const signal = { direction, strength: ppm(0.5), confidence: ppm(0.5), horizonMs: HOUR_MS } as const
    return { signal, target: { exposure: ppm(choice / 4) } }
  },
})

/** Agents of one cadence: a decision at the close of every hourly bar. */
export const hourly = (changes: Partial<AgentSource>): AgentDefinition =>
  restlessAgent({ everyMs: HOUR_MS, strategy: busy, ...changes })

/** A feature that looks its value up in numbers computed beforehand, at the number of the bar. */
export function lookedUp(name: string, values: readonly (number | null)[], shift = 0): FeatureDefinition {
  return defineFeature({
    name,
    version: 1,
    unit: '1',
    description: 'Planted',
    inputs: ['bar'],
    init: () => ({ bars: 0 }),
    update(state) {
      state.bars++
    },
    value: state => values[state.bars - 1 + shift] ?? null,
  })
}

/** Checks an agent that is built from the history by `definitionFrom`. */
export const check = (
  build: (history: readonly MarketEvent[]) => CheckedAgent | Promise<CheckedAgent>,
  options: Partial<LookAheadOptions> = {},
  events: readonly MarketEvent[] = bars,
) =>
  Promise.resolve(build(events)).then(agent =>
    checkLookAhead({ ...agent, rebuild: build, events, activeFromMs, ...options }),
  )
export const withFeature = (feature: (history: readonly MarketEvent[]) => FeatureDefinition) =>
  check(history => ({
    definition: hourly({ features: [logReturn({ horizonMs: HOUR_MS }), feature(history)] }),
    inference: null,
  }))
