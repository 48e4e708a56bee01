import type { UnixMs, VaultRequestValue } from '../../../core/index.ts'
import type { PeriodAllowance } from './periodAllowance.ts'
import type { RequestQueue } from './requestQueue.ts'
import { assetsE8 } from './vaultRate.ts'

/** What others' requests and fulfilments act on; null where the vault has no such thing. */
export type SharedWithOthers = {
  readonly subscribe: RequestQueue | null
  readonly redeem: RequestQueue | null
  readonly liquidity: PeriodAllowance | null
  readonly assetDecimals: number
}

/** Tells the queues and the liquidity what somebody else asked for, or got. */
export function observeOthers(
  { stage, assets, shares }: VaultRequestValue,
  { subscribe, redeem, liquidity, assetDecimals }: SharedWithOthers,
  nowMs: UnixMs,
): void {
  const sumE8 = assets === null ? 0n : assetsE8(assets, assetDecimals)
  switch (stage) {
    case 'depositRequested':
      subscribe?.othersAsked(sumE8)
      return
    case 'depositClaimable':
      subscribe?.othersFulfilled(sumE8, nowMs)
      return
    case 'redeemRequested':
      redeem?.othersAsked(shares ?? 0n)
      return
    case 'redeemClaimable':
    case 'redeemFulfilled':
      redeem?.othersFulfilled(shares ?? 0n, nowMs)
      return
    case 'redeemedInstantly':
      liquidity?.use(sumE8, nowMs)
      return
  }
}
