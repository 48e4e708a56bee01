import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { HolderBalances } from './holderBalances.ts'

/**
 * Holder concentration: the Herfindahl index Σ (balance / supply)² of a token's holders, from 1/holders to 1,
 * over the balances that the transfers seen tell (`HolderBalances` says how far). Null before the first
 * transfer. Unit: 1. Source: Herfindahl (1950); Hirschman, "The Paternity of an Index", American Economic
 * Review 54 (1964).
 */
export const holderConcentration: FeatureDefinition = defineFeature({
  name: 'holder_concentration',
  version: 1,
  unit: '1',
  description: 'Herfindahl index of the token balances known from the transfers seen',
  inputs: ['transfer'],
  init: () => new HolderBalances(),
  update(balances, event) {
    balances.apply(event.value)
  },
  value: balances => balances.concentration,
})
