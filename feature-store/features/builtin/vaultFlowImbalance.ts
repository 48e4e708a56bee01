import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { inWindow } from '../usedEvents.ts'
import { WindowSum } from '../windows/windowSum.ts'

/**
 * Vault-flow imbalance over a window: (assets subscribed − redeemed) / (subscribed + redeemed), from −1 (only
 * redemptions) to 1. Null until the vault's flows cover a window, and in a window without any. Unit: 1.
 * Source: the fund-flow measure of Edelen, "Investor flows and the assessed performance of open-end mutual
 * funds", Journal of Financial Economics 53 (1999), scaled by gross flow.
 */
export function vaultFlowImbalance(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `vault_flow_imbalance_${window}`,
    version: 1,
    unit: '1',
    description: `Subscriptions less redemptions as a share of both over the last ${window}`,
    inputs: ['vaultFlow'],
    params: { windowMs },
    dependsOn: inWindow(windowMs),
    init: () => ({ net: new WindowSum(windowMs), gross: new WindowSum(windowMs) }),
    update({ net, gross }, { knownAt, value }) {
      const assets = Number(value.assets)
      net.add(knownAt, value.direction === 'deposit' ? assets : -assets)
      gross.add(knownAt, assets)
    },
    value({ net, gross }, nowMs) {
      const flow = net.sumAt(nowMs)
      const moved = gross.sumAt(nowMs)
      if (flow === null || moved === null || moved <= 0) return null
      return Math.max(-1, Math.min(1, flow / moved))
    },
  })
}
