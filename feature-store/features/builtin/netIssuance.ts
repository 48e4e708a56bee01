import { type TransferValue, ZERO_ADDRESS } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { WindowSum } from '../windows/windowSum.ts'
import { HolderBalances } from './holderBalances.ts'

/**
 * Net issuance over a window: (minted − burned) / known supply, where mints come from the zero address, burns
 * go to it, and the supply is what the transfers seen tell (`HolderBalances`). Null until the transfers cover
 * a window, and while no supply is known. Unit: 1. Source: the flow measure of exchange-traded funds, as in
 * Ben-David, Franzoni and Moussawi, "Do ETFs Increase Volatility?", Journal of Finance 73 (2018).
 */
export function netIssuance(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `net_issuance_${window}`,
    version: 1,
    unit: '1',
    description: `Tokens minted less burned in the last ${window}, relative to the known supply`,
    inputs: ['transfer'],
    params: { windowMs },
    init: () => ({ balances: new HolderBalances(), issued: new WindowSum(windowMs) }),
    update({ balances, issued }, event) {
      balances.apply(event.value)
      const amount = issuedBy(event.value)
      if (amount === 0n) issued.start(event.knownAt)
      else issued.add(event.knownAt, Number(amount))
    },
    value({ balances, issued }, nowMs) {
      const net = issued.sumAt(nowMs)
      // Both are in the token's smallest unit, so the ratio needs no decimals.
      return net === null || balances.supply === 0n ? null : net / Number(balances.supply)
    },
  })
}

function issuedBy({ from, to, amount }: TransferValue): bigint {
  return (from === ZERO_ADDRESS ? amount : 0n) - (to === ZERO_ADDRESS ? amount : 0n)
}
