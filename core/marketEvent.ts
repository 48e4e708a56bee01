import type { Canonical } from './canonicalJson.ts'
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
  /** Base traded in the bar, in 10⁻⁸ of a whole unit; absent where the source has no volume. */
  readonly volumeE8?: bigint
}

/** A trade on an exchange. */
export type TradeValue = {
  readonly type: 'trade'
  /** What the taker did. */
  readonly side: 'buy' | 'sell'
  readonly priceE8: PriceE8
  /** Base traded, in 10⁻⁸ of a whole unit. */
  readonly sizeE8: bigint
}

/** The best bid and ask of an exchange's order book. */
export type QuoteValue = {
  readonly type: 'quote'
  readonly bidE8: PriceE8
  /** In 10⁻⁸ of a whole unit of the base, as is `askSizeE8`. */
  readonly bidSizeE8: bigint
  readonly askE8: PriceE8
  readonly askSizeE8: bigint
}

/** A stretch of a stream that the venue would not give again: what is computed over it lacks something. */
export type GapValue = {
  readonly type: 'gap'
  /** What is missing. */
  readonly of: 'trade' | 'quote' | 'bar'
  /** First and last missing time, as far as its neighbours tell. */
  readonly fromMs: UnixMs
  readonly toMs: UnixMs
  /** How many are missing; null where the venue does not number them. */
  readonly missing: number | null
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
  /** Who received the shares of a deposit, or gave those of a withdrawal. */
  readonly owner: Address
  /** Whose request was claimed, of an asynchronous vault; absent where there are no requests. */
  readonly controller?: Address
  readonly assets: bigint
  readonly shares: Quantity
}

/** How far a request to an asynchronous vault has come: pending, claimable, or paid. */
export type VaultRequestStage =
  | 'depositRequested'
  | 'depositClaimable'
  | 'redeemRequested'
  | 'redeemClaimable'
  | 'redeemFulfilled'
  | 'redeemedInstantly'

/** A request to an asynchronous vault (ERC-7540), or its fulfilment. */
export type VaultRequestValue = {
  readonly type: 'vaultRequest'
  readonly stage: VaultRequestStage
  readonly controller: Address
  /** Null for a vendor event that names none. */
  readonly requestId: bigint | null
  /** Assets of a deposit request or a fulfilment; null where the event has none. */
  readonly assets: bigint | null
  /** Shares of a redeem request or fulfilment; null where the event has none. */
  readonly shares: Quantity | null
}

/** What the issuer of a permissioned token (ERC-3643) did to it, or to a wallet. */
export type TokenControlValue = {
  readonly type: 'tokenControl'
  readonly action:
    | 'paused'
    | 'unpaused'
    | 'walletFrozen'
    | 'walletUnfrozen'
    | 'amountFrozen'
    | 'amountUnfrozen'
    | 'walletRecovered'
    | 'identityRegistryChanged'
    | 'complianceChanged'
  /** The wallet or contract concerned; the one lost, of a recovery. Null where the token as a whole is. */
  readonly account: Address | null
  /** The wallet that a recovery moved to; null otherwise. */
  readonly successor: Address | null
  /** Amount frozen or unfrozen; null where the action has none. */
  readonly amount: Quantity | null
}

/** Yield paid out to holders in another token, beside the price. */
export type DistributionValue = {
  readonly type: 'distribution'
  readonly token: Address
  /** In the token's smallest unit. */
  readonly amount: bigint
}

/** Any other event of a contract, by the signature that the configuration names. */
export type ContractEventValue = {
  readonly type: 'contractEvent'
  readonly contract: Address
  readonly event: string
  readonly args: Readonly<Record<string, Canonical>>
}

/**
 * Observations that were seen are no longer true: a reorg replaced their blocks. It concerns the event's
 * instrument, and stands in the total order after everything that it withdraws and before what replaces it.
 */
export type WithdrawalValue = {
  readonly type: 'withdrawal'
  /** Source whose blocks were replaced. */
  readonly source: string
  /** Last block that stayed; observations of later blocks are withdrawn. */
  readonly forkBlock: number
  /** Last block that was replaced. */
  readonly throughBlock: number
  /** Observations of the instrument that are withdrawn. */
  readonly observations: number
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
  | TradeValue
  | QuoteValue
  | GapValue
  | SwapValue
  | LiquidityValue
  | CollectValue
  | TransferValue
  | NavValue
  | VaultFlowValue
  | VaultRequestValue
  | TokenControlValue
  | DistributionValue
  | ContractEventValue
  | WithdrawalValue
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

/**
 * The price that an event establishes: a swap's price after it, a trade's own, the mid of a quote or of a bar's
 * close; null for any other.
 */
export function priceOf(value: MarketValue): PriceE8 | null {
  switch (value.type) {
    case 'swap':
    case 'trade':
      return value.priceE8
    case 'bar':
      return priceE8((value.bid.close + value.ask.close) / 2n)
    case 'quote':
      return priceE8((value.bidE8 + value.askE8) / 2n)
    default:
      return null
  }
}
