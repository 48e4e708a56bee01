import type { Address, CashE8, PriceE8, Quantity, UnixMs } from '../../../core/index.ts'
import type { Pricing, RejectionReason, RwaRequest } from './rwaRequest.ts'

/** A request was taken. */
export type AcceptedRequest = {
  readonly id: number
  readonly timeMs: UnixMs
  readonly request: RwaRequest
  /** Of a fund, the window that it is dealt in; of a queue, when the model expects it to be fulfilled. */
  readonly because:
    | {
        readonly kind: 'window'
        readonly cutOffMs: UnixMs
        readonly dealingDay: string
        readonly settlesMs: UnixMs
      }
    | { readonly kind: 'queue'; readonly expectedMs: UnixMs; readonly ahead: bigint }
}

/** A request, or a part of it, got its price. */
export type PricedRequest = Pricing & {
  readonly id: number
  readonly timeMs: UnixMs
  /**
   * Why now: a NAV was struck after the cut-off; the vault's own fulfilments were observed to reach it; the
   * modelled delay passed; it asked to be paid at once.
   */
  readonly because: 'struckAfterCutOff' | 'observed' | 'modelled' | 'instant'
  /** True when nothing of the request is left to be priced. */
  readonly isWhole: boolean
  readonly settlesMs: UnixMs
}

/** Shares were delivered, or cash was paid. */
export type SettledRequest = {
  readonly id: number
  readonly timeMs: UnixMs
  readonly cashE8: CashE8
  readonly shares: Quantity
}

/** A settlement is held back until the register lets the shares through. */
export type DeferredRequest = {
  readonly id: number
  readonly timeMs: UnixMs
  readonly reason: RejectionReason
}

/** A request was refused, or ended without its price; what was left of it was given back. */
export type RejectedRequest = {
  /** Null when it was refused at once. */
  readonly id: number | null
  readonly timeMs: UnixMs
  readonly request: RwaRequest
  readonly reason: RejectionReason | 'cancelled'
}

/** The position changed without a request or a trade. */
export type PositionChange = {
  readonly timeMs: UnixMs
  readonly reason: 'rebased' | 'forcedTransfer' | 'recovered' | 'reconciled'
  /** By how much; negative when shares are gone. */
  readonly shares: Quantity
  /** What is held afterwards, settled. */
  readonly heldAfter: Quantity
}

/** Yield was paid to the holding. */
export type YieldPayment = {
  readonly timeMs: UnixMs
  /** The time whose holding it was paid on. */
  readonly recordMs: UnixMs
  readonly heldAtRecord: Quantity
  readonly token: Address
  /** In the token's smallest unit. */
  readonly amount: bigint
  /** What was booked as cash; zero when it was paid in another token. */
  readonly cashE8: CashE8
}

/** Takes what a venue has to say, as it happens. The caller implements what it needs to know. */
export interface RwaSink {
  accepted(event: AcceptedRequest): void
  priced(event: PricedRequest): void
  settled(event: SettledRequest): void
  deferred(event: DeferredRequest): void
  rejected(event: RejectedRequest): void
  paid(event: YieldPayment): void
  positionChanged(event: PositionChange): void
}

/** The last price that a venue may value its shares at. */
export type KnownNav = { readonly navE8: PriceE8; readonly validAt: UnixMs; readonly knownAt: UnixMs }
