import type { SwapValue } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { inWindow } from '../usedEvents.ts'
import { fromE8 } from '../wholeUnits.ts'
import { WindowSum } from '../windows/windowSum.ts'

/** Size of a trade in quote currency, positive when the trader bought the base. */
function signedNotional({ baseDelta, notionalE8 }: SwapValue): number {
  return baseDelta < 0n ? -fromE8(notionalE8) : fromE8(notionalE8)
}

/**
 * Signed order flow over a window: Σ ±notional of the swaps, + where the trader bought the base. Null until
 * the swaps cover a window. Unit: quote currency. Source: Evans and Lyons, "Order Flow and Exchange Rate
 * Dynamics", Journal of Political Economy 110 (2002).
 */
export function signedOrderFlow(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `order_flow_${window}`,
    version: 1,
    unit: 'quote',
    description: `Value bought less value sold by swaps in the last ${window}`,
    inputs: ['swap'],
    params: { windowMs },
    dependsOn: inWindow(windowMs),
    init: () => new WindowSum(windowMs),
    update: (flow, event) => flow.add(event.knownAt, signedNotional(event.value)),
    value: (flow, nowMs) => flow.sumAt(nowMs),
  })
}

/**
 * Order-flow imbalance over a window: Σ ±notional / Σ notional, from −1 (only sells) to 1 (only buys). Null
 * until the swaps cover a window, and in a window without volume. Unit: 1. Source: Chordia and Subrahmanyam,
 * "Order imbalance and individual stock returns", Journal of Financial Economics 72 (2004).
 */
export function orderFlowImbalance(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `order_flow_imbalance_${window}`,
    version: 1,
    unit: '1',
    description: `Order flow as a share of the value traded in the last ${window}`,
    inputs: ['swap'],
    params: { windowMs },
    dependsOn: inWindow(windowMs),
    init: () => ({ signed: new WindowSum(windowMs), total: new WindowSum(windowMs) }),
    update({ signed, total }, event) {
      signed.add(event.knownAt, signedNotional(event.value))
      total.add(event.knownAt, fromE8(event.value.notionalE8))
    },
    value({ signed, total }, nowMs) {
      const flow = signed.sumAt(nowMs)
      const volume = total.sumAt(nowMs)
      if (flow === null || volume === null || volume <= 0) return null
      // Each sum rounds on its own, so their ratio may pass 1 by a unit in the last place.
      return Math.max(-1, Math.min(1, flow / volume))
    },
  })
}
