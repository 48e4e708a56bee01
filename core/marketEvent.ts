import type { Address } from './hex.ts'
import type { InstrumentId } from './instrument.ts'
import { type PriceE8, priceE8, type Quantity } from './money.ts'
import { comparePositions, type Observation, positionOf } from './observation.ts'
import type { UnixMs } from './time.ts'

/** Open, high, low and close of one side of a market. */
export type Ohlc = {
  readonly open: PriceE8
  readonly high: PriceE8
  readonly low: PriceE8
  readonly close: PriceE8
}

/** A quote bar; `validAt` is its open, `knownAt` its close. A bar of trades has equal bid and ask. */
export type BarValue = {
  readonly type: 'bar'
  readonly closeMs: UnixMs
  readonly bid: Ohlc
  readonly ask: Ohlc
}

/** A trade in a pool. */
export type SwapValue = {
  readonly type: 'swap'
  readonly pool: Address
  /** Base bought by the trader (positive) or sold (negative), in the base's smallest unit. */
  readonly baseDelta: Quantity
  /** Quote received by the trader (positive) or paid (negative), in the quote token's smallest unit. */
  readonly quoteDelta: bigint
  /** Size of the trade in quote currency, always positive, in 10⁻⁸. */
  readonly notionalE8: bigint
  /** Pool price after the swap. */
  readonly priceE8: PriceE8
  /** √(token1/token0) in Q64.96, as the pool reports it. */
  readonly sqrtPriceX96: bigint
  /** In-range liquidity, as the pool reports it. */
  readonly liquidity: bigint
  readonly tick: number
  readonly sender: Address
  readonly recipient: Address
}

/** Liquidity added to a pool (positive) or taken from it (negative). */
export type LiquidityValue = {
  readonly type: 'liquidity'
  readonly pool: Address
  readonly owner: Address
  readonly liquidityDelta: bigint
  readonly tickLower: number
  readonly tickUpper: number
  readonly amount0: bigint
  readonly amount1: bigint
}

/** Fees or withdrawn liquidity collected from a pool: no change of price or depth. */
export type CollectValue = {
  readonly type: 'collect'
  readonly pool: Address
  readonly owner: Address
  readonly amount0: bigint
  readonly amount1: bigint
}

/** A token transfer; mints come from the zero address, burns go to it. */
export type TransferValue = {
  readonly type: 'transfer'
  readonly from: Address
  readonly to: Address
  readonly amount: Quantity
}

/** A net asset value per whole share or token, as its issuer published it. */
export type NavValue = { readonly type: 'nav'; readonly navE8: PriceE8 }

/** Assets moved into a vault (subscription) or out of it (redemption). */
export type VaultFlowValue = {
  readonly type: 'vaultFlow'
  readonly direction: 'deposit' | 'withdraw'
  readonly owner: Address
  readonly assets: bigint
  readonly shares: Quantity
}

/** A request to an asynchronous vault (ERC-7540), or its fulfilment. */
export type VaultRequestValue = {
  readonly type: 'vaultRequest'
  readonly stage: 'depositRequested' | 'redeemRequested' | 'redeemFulfilled'
  readonly controller: Address
  /** Null for a vendor event that names none. */
  readonly requestId: bigint | null
  /** Assets of a deposit request or a fulfilment; null where the event has none. */
  readonly assets: bigint | null
  /** Shares of a redeem request or fulfilment; null where the event has none. */
  readonly shares: Quantity | null
}

/** A yield curve: annual yields in millionths (`42_300` is 4.23 %) by tenor; null where not published. */
export type YieldCurveValue = {
  readonly type: 'yieldCurve'
  readonly yieldsPpm: Readonly<Record<YieldTenor, number | null>>
}
export type YieldTenor = '1M' | '3M' | '1Y' | '2Y' | '10Y'

/** Time passing without data, as the live driver observed it; recorded so that a replay sees it too. */
export type ClockValue = { readonly type: 'clock' }

export type MarketValue =
  | BarValue
  | SwapValue
  | LiquidityValue
  | CollectValue
  | TransferValue
  | NavValue
  | VaultFlowValue
  | VaultRequestValue
  | YieldCurveValue
  | ClockValue

export type MarketEventType = MarketValue['type']

/** An observation of one instrument: what features, agents and venues consume. */
export type MarketEvent<V extends MarketValue = MarketValue> = Observation<V> & {
  readonly instrument: InstrumentId
}

/** Compares events in the total order that they are replayed in. */
export function compareEvents(a: MarketEvent, b: MarketEvent): number {
  return comparePositions(positionOf(a), positionOf(b))
}

/** The price that an event establishes: a swap's price after it, a bar's closing mid; null for any other. */
export function priceOf(value: MarketValue): PriceE8 | null {
  if (value.type === 'swap') return value.priceE8
  if (value.type === 'bar') return priceE8((value.bid.close + value.ask.close) / 2n)
  return null
}
