import { type Address, type Hash, quantity, type VaultRequestStage } from '../../core/index.ts'
import { eventDecoders } from './eventDecoders.ts'
import type { LogReader, LogReading } from './logReading.ts'
import type { PlacedLog } from './placeLog.ts'

const {
  deposit,
  withdraw,
  depositRequest,
  redeemRequest,
  redeemFulfilled,
  instantRedeem,
  depositClaimable,
  redeemClaimable,
} = eventDecoders

/** Reads an event of an ERC-4626 or ERC-7540 vault, or one that a vendor (Nest, Centrifuge) adds to them. */
export function readVault(topic0: Hash, log: PlacedLog): LogReading | null {
  return READERS.get(topic0)?.(log) ?? null
}

/**
 * Reads an event of an ERC-7540 vault, where a deposit or a withdrawal claims a request: ERC-7540 puts the
 * controller where ERC-4626 has the sender of a deposit, and the owner of a withdrawal.
 */
export function readAsyncVault(topic0: Hash, log: PlacedLog): LogReading | null {
  const reading = readVault(topic0, log)
  if (reading === null || reading.value.type !== 'vaultFlow') return reading
  const { value } = reading
  const controller = value.direction === 'deposit' ? deposit.decode(log)?.sender : value.owner
  return controller === undefined ? null : { value: { ...value, controller } }
}

const READERS: ReadonlyMap<Hash, LogReader> = new Map<Hash, LogReader>([
  [deposit.topic0, log => flow('deposit', deposit.decode(log))],
  [withdraw.topic0, log => flow('withdraw', withdraw.decode(log))],
  [
    depositRequest.topic0,
    log => {
      const asked = depositRequest.decode(log)
      return asked && request('depositRequested', { ...asked, shares: null })
    },
  ],
  [
    redeemRequest.topic0,
    log => {
      const asked = redeemRequest.decode(log)
      return asked && request('redeemRequested', { ...asked, assets: null })
    },
  ],
  [
    depositClaimable.topic0,
    log => {
      const ready = depositClaimable.decode(log)
      return ready && request('depositClaimable', ready)
    },
  ],
  [
    redeemClaimable.topic0,
    log => {
      const ready = redeemClaimable.decode(log)
      return ready && request('redeemClaimable', ready)
    },
  ],
  [
    redeemFulfilled.topic0,
    log => {
      const paid = redeemFulfilled.decode(log)
      if (paid === null) return null
      const { controller, shares, actualAssets } = paid
      // What was paid, not what the request was worth: the rate is that of the fulfilment.
      return request('redeemFulfilled', { controller, requestId: null, assets: actualAssets, shares })
    },
  ],
  [
    instantRedeem.topic0,
    log => {
      const paid = instantRedeem.decode(log)
      if (paid === null) return null
      const { receiver, shares, postFeeAmount } = paid
      return request('redeemedInstantly', {
        controller: receiver,
        requestId: null,
        assets: postFeeAmount,
        shares,
      })
    },
  ],
])

function flow(
  direction: 'deposit' | 'withdraw',
  moved: { readonly owner: Address; readonly assets: bigint; readonly shares: bigint } | null,
): LogReading | null {
  if (moved === null) return null
  const { owner, assets, shares } = moved
  return { value: { type: 'vaultFlow', direction, owner, assets, shares: quantity(shares) } }
}

function request(
  stage: VaultRequestStage,
  {
    controller,
    requestId,
    assets,
    shares,
  }: {
    readonly controller: Address
    readonly requestId: bigint | null
    readonly assets: bigint | null
    readonly shares: bigint | null
  },
): LogReading {
  return {
    value: {
      type: 'vaultRequest',
      stage,
      controller,
      requestId,
      assets,
      shares: shares === null ? null : quantity(shares),
    },
  }
}
