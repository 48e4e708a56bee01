import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { inWindow } from '../usedEvents.ts'
import { fromE8, wholeUnits } from '../wholeUnits.ts'
import { WindowSum } from '../windows/windowSum.ts'

/**
 * Deviation from the volume-weighted average price of a window: P / VWAP − 1, where VWAP = Σ notional /
 * Σ |base| over the swaps. Null until the swaps cover a window, and in a window without volume. Unit: 1.
 * Source: Berkowitz, Logue and Noser, "The Total Cost of Transactions on the NYSE", Journal of Finance 43
 * (1988).
 */
export function vwapDeviation(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `vwap_deviation_${window}`,
    version: 1,
    unit: '1',
    description: `Price relative to the volume-weighted average price of the last ${window}, less 1`,
    inputs: ['swap'],
    params: { windowMs },
    dependsOn: inWindow(windowMs),
    init: () => ({ quote: new WindowSum(windowMs), base: new WindowSum(windowMs), last: 0 }),
    update(state, event, { instrument }) {
      const { baseDelta, notionalE8, priceE8 } = event.value
      const base = wholeUnits(baseDelta, instrument.decimals)
      state.quote.add(event.knownAt, fromE8(notionalE8))
      state.base.add(event.knownAt, Math.abs(base))
      state.last = fromE8(priceE8)
    },
    value({ quote, base, last }, nowMs) {
      const paid = quote.sumAt(nowMs)
      const bought = base.sumAt(nowMs)
      if (paid === null || bought === null || paid <= 0 || bought <= 0) return null
      return (last * bought) / paid - 1
    },
  })
}
