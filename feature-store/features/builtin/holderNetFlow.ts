import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { wholeUnits } from '../wholeUnits.ts'
import { WindowSum } from '../windows/windowSum.ts'
import { HolderBalances } from './holderBalances.ts'

/**
 * Holder net flow over a window: (amount received by addresses that held none − amount sent by addresses
 * that kept none) / amount transferred. Above 0 the token spreads to new holders, below 0 holders leave; a
 * router that passes tokens on counts both ways and cancels. Balances as `HolderBalances` knows them. Null
 * until the transfers cover a window, and in a window without any. Unit: 1. Source: this project, after the
 * "net new holders" of token analytics, weighted by amount.
 */
export function holderNetFlow(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `holder_net_flow_${window}`,
    version: 1,
    unit: '1',
    description: `Share of the last ${window}'s transfers that went to new holders, less that of leaving ones`,
    inputs: ['transfer'],
    params: { windowMs },
    init: () => ({
      balances: new HolderBalances(),
      flow: new WindowSum(windowMs),
      total: new WindowSum(windowMs),
    }),
    update({ balances, flow, total }, event, { instrument }) {
      const amount = wholeUnits(event.value.amount, instrument.decimals)
      const { entered, left } = balances.apply(event.value)
      flow.add(event.knownAt, (entered ? amount : 0) - (left ? amount : 0))
      total.add(event.knownAt, amount)
    },
    value({ flow, total }, nowMs) {
      const net = flow.sumAt(nowMs)
      const moved = total.sumAt(nowMs)
      if (net === null || moved === null || moved <= 0) return null
      return Math.max(-1, Math.min(1, net / moved))
    },
  })
}
