import type { CashE8, Ppm, PriceE8, Quantity } from './money.ts'
import type { UnixMs } from './time.ts'

/**
 * How much an order trades: smallest units of the base; cash, costs included; or a share of equity (more than
 * all of it with leverage), so that the position is that share of the equity left after its costs.
 */
export type OrderSize =
  | { readonly units: Quantity }
  | { readonly cashE8: CashE8 }
  | { readonly equityPpm: Ppm }

/** How far a trailing stop stays behind the best price. */
export type Trail = { readonly trailE8: PriceE8 } | { readonly trailPpm: Ppm }

/** A stop-loss, a take-profit, or both, of the lot that an entry opens; one cancels the other. */
export type Bracket = {
  readonly stopLoss?: { readonly stopE8: PriceE8 } | Trail
  readonly takeProfitE8?: PriceE8
}

/** When and at what price an order trades. */
export type OrderKind =
  | { readonly kind: 'market' }
  | { readonly kind: 'limit'; readonly limitE8: PriceE8 }
  | { readonly kind: 'stop'; readonly stopE8: PriceE8 }
  | { readonly kind: 'stopLimit'; readonly stopE8: PriceE8; readonly limitE8: PriceE8 }
  | ({ readonly kind: 'trailingStop' } & Trail)

/** Terms of an order on a market, but for its instrument; docs/fills.md says how each fills. */
export type TradeTerms = OrderKind & {
  readonly side: 'buy' | 'sell'
  readonly size: OrderSize
  /** Last moment, excluded, at which the order is good; good till cancelled where absent. */
  readonly goodTillMs?: UnixMs
  /** Never opens or increases a position. */
  readonly reduceOnly?: boolean
  /** Reduces this lot alone, whatever is older; implies `reduceOnly`. */
  readonly lot?: number
  /** Cancels what is pending in the instrument, and closes what is open in it first; market orders only. */
  readonly exclusive?: boolean
  readonly bracket?: Bracket
}

/** Asks an issuer for shares at NAV. */
export type SubscribeTerms = {
  readonly kind: 'subscribe'
  /** Paid, fee included. */
  readonly amountE8: CashE8
}

/** Gives shares back to their issuer at NAV. */
export type RedeemTerms = {
  readonly kind: 'redeem'
  readonly shares: Quantity
  /** Asks to be paid at once out of the vault's liquidity, for a fee. */
  readonly instantly?: boolean
}

/** Terms of any order: a trade on a market, or a request to an issuer; docs/rwa-venues.md describes the latter. */
export type OrderTerms = TradeTerms | SubscribeTerms | RedeemTerms

/** The side of the position that terms add to. */
export function sideOf(terms: OrderTerms): 'buy' | 'sell' {
  if (terms.kind === 'subscribe') return 'buy'
  return terms.kind === 'redeem' ? 'sell' : terms.side
}
