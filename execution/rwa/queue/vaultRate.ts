import { E8, type MarketValue, type PriceE8, priceE8 } from '../../../core/index.ts'

/** An amount of the vault's asset, in its smallest unit, in 10⁻⁸; rounded down. */
export function assetsE8(assets: bigint, assetDecimals: number): bigint {
  return (assets * E8) / 10n ** BigInt(assetDecimals)
}

/**
 * The rate that an event of a vault was settled at, assets over shares, rounded down: a redemption that was
 * fulfilled, or a deposit or withdrawal of a vault without requests. Null where the event tells none.
 */
export function observedRate(value: MarketValue, decimals: number, assetDecimals: number): PriceE8 | null {
  const isRate =
    value.type === 'vaultFlow'
      ? value.controller === undefined
      : value.type === 'vaultRequest' &&
        (value.stage === 'redeemFulfilled' || value.stage === 'redeemClaimable')
  if (!isRate || (value.type !== 'vaultFlow' && value.type !== 'vaultRequest')) return null
  const { assets, shares } = value
  if (assets === null || shares === null || shares === 0n) return null
  const rate = (assets * 10n ** BigInt(decimals) * E8) / (shares * 10n ** BigInt(assetDecimals))
  return rate === 0n ? null : priceE8(rate)
}
