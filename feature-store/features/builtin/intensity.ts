import { MINUTE_MS } from '../../../core/index.ts'
import { defineFeature, type FeatureDefinition } from '../defineFeature.ts'
import { durationName } from '../durationName.ts'
import { inWindow } from '../usedEvents.ts'
import { WindowSum } from '../windows/windowSum.ts'

/**
 * Swap intensity: swaps in the window / its length. Null until the swaps cover a window. Unit: swaps per
 * minute. Source: Easley and O'Hara, "Time and the Process of Security Price Adjustment", Journal of Finance
 * 47 (1992).
 */
export function swapIntensity(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `swap_intensity_${window}`,
    version: 1,
    unit: 'swaps per minute',
    description: `Swaps per minute over the last ${window}`,
    inputs: ['swap'],
    params: { windowMs },
    dependsOn: inWindow(windowMs),
    init: () => new WindowSum(windowMs),
    update: (swaps, event) => swaps.add(event.knownAt, 1),
    updateRow: (swaps, columns, row) => swaps.add(columns.knownAt[row] ?? Number.NaN, 1),
    value: (swaps, nowMs) => perMinute(swaps.countAt(nowMs), windowMs),
  })
}

/**
 * Transfer intensity: transfers of more than nothing in the window / its length. Null until the transfers
 * cover a window. Unit: transfers per minute. Source: the network-activity measure of Cong, Li and Wang,
 * "Tokenomics: Dynamic Adoption and Valuation", Review of Financial Studies 34 (2021).
 */
export function transferIntensity(options: { readonly windowMs: number }): FeatureDefinition {
  const { windowMs } = options
  const window = durationName(windowMs)
  return defineFeature({
    name: `transfer_intensity_${window}`,
    version: 1,
    unit: 'transfers per minute',
    description: `Transfers per minute over the last ${window}, without those of nothing`,
    inputs: ['transfer'],
    params: { windowMs },
    dependsOn: inWindow(windowMs),
    init: () => new WindowSum(windowMs),
    update(transfers, event) {
      if (event.value.amount > 0n) transfers.add(event.knownAt, 1)
      else transfers.start(event.knownAt)
    },
    value: (transfers, nowMs) => perMinute(transfers.countAt(nowMs), windowMs),
  })
}

function perMinute(count: number | null, windowMs: number): number | null {
  return count === null ? null : (count * MINUTE_MS) / windowMs
}
