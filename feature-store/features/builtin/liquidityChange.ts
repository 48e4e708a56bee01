import { exactLog } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { atHorizon } from '../usedEvents.ts'
import { AsOfSeries } from '../windows/asOfSeries.ts'

/**
 * Change of in-range liquidity: ln(L(t) / L(t − h)), each the liquidity that the last swap known at its time
 * reported. Null until a swap is a window old, and where the pool had none. Unit: natural-log change. Source:
 * L as in Adams et al., "Uniswap v3 Core" (2021), section 6.2.
 */
export function liquidityChange(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `liquidity_change_${window}`,
    version: 1,
    unit: 'log change',
    description: `Log change of the pool's in-range liquidity over the last ${window}`,
    inputs: ['swap'],
    params: { windowMs },
    dependsOn: atHorizon(windowMs),
    init: () => new AsOfSeries(windowMs),
    update: (liquidity, event) => liquidity.add(event.knownAt, Number(event.value.liquidity)),
    value(liquidity, nowMs) {
      const before = liquidity.before(nowMs)
      const { last } = liquidity
      if (before === null || last === null || before <= 0 || last <= 0) return null
      return exactLog(last / before)
    },
  })
}
