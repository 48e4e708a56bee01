import type { MarketEvent, PriceE8, Quantity, UnixMs } from '../../core/index.ts'
import type { HolderRegister } from './holding/holderRegister.ts'
import type { RwaBook } from './holding/rwaBook.ts'
import type {
  PendingRequest,
  RequestCancellation,
  RequestSubmission,
  RwaRequest,
} from './requests/rwaRequest.ts'
import type { KnownNav } from './requests/rwaSink.ts'

/**
 * Where shares are subscribed and redeemed. It is synchronous and deterministic: call `onEvent` with every event
 * of the total order, after the markets' fills and before the agent, and `onTime` where time passes without one.
 */
export interface RwaVenue {
  /** Cash and shares, free and under way. */
  readonly book: RwaBook
  /** What is known of the token's holders; null for a token that anybody may hold. */
  readonly register: HolderRegister | null
  /** The last NAV known; null before the first. */
  readonly nav: KnownNav | null
  /** What a share is worth at the last NAV; null before the first. */
  readonly priceE8: PriceE8 | null
  /** When something happens by time alone; infinite when nothing is due. */
  readonly dueMs: number
  /** Takes a request, or refuses it with a reason. */
  submit(request: RwaRequest, nowMs: UnixMs): RequestSubmission
  /** Takes back what is not priced yet, where the terms let it. */
  cancel(id: number, nowMs: UnixMs): RequestCancellation
  onEvent(event: MarketEvent): void
  onTime(nowMs: UnixMs): void
  /** Every request that is not settled whole, oldest first. */
  pending(): readonly PendingRequest[]
  /** Books the difference between the free shares and what the wallet truly holds, as a position change. */
  reconcile(held: Quantity, nowMs: UnixMs): void
}
