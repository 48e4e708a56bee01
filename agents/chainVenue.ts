import { type Address, type CashE8, type InstrumentId, PPM, type Ppm } from '../core/index.ts'

/** A pool whose own curve prices what an agent trades in it, in place of the half spread. */
export type PoolTerms = {
  /** The traded instrument that is the pool's base. */
  readonly instrument: InstrumentId
  /**
   * `uniswapV3`: by the price and the liquidity of the pool's swaps, and what is added to it or taken away.
   * `constantProduct`: by the reserves of its `Sync` events (Uniswap v2), which a source of kind `events` reads.
   */
  readonly curve: 'uniswapV3' | 'constantProduct'
  /** The pool, where the instrument is observed in several; the one that was observed last unless given. */
  readonly address?: Address
  /** Fee of the pool, taken from what goes in: 500 of a pool of 0.05 %. */
  readonly feePpm: Ppm
  readonly baseIsToken0: boolean
  readonly quoteDecimals: number
  /**
   * `uniswapV3` only: how far one fill may move the pool's price. The liquidity in range is taken to reach so far, which
   * the pool's events do not tell; an order that needs more ends. `DEFAULT_POOL_MOVE_PPM` unless given.
   */
  readonly maxMovePpm?: Ppm
}

/** One per cent: beyond, a pool's liquidity is seldom what it is at its price. */
export const DEFAULT_POOL_MOVE_PPM = 10_000 as Ppm

/** Gas of each fill, at the prices of gas and coin that are known when it fills. */
export type GasTerms = {
  /** Gas of one swap. */
  readonly units: bigint
  /** Wei for one unit of gas, or the instrument whose newest price or NAV it is, quoted in gwei (10⁹ wei). */
  readonly gasPrice: { readonly wei: bigint } | { readonly gweiOf: InstrumentId }
  /** Quote currency for one coin of 10¹⁸ wei, or the instrument whose newest price or NAV it is. */
  readonly coinPrice: { readonly priceE8: CashE8 } | { readonly priceOf: InstrumentId }
}

/** Inclusion some blocks after the newest block of a traded instrument that is known when an order is sent. */
export type BlockLatency = {
  /** 0 for the newest block itself. */
  readonly blocks: number
  /** Time between two blocks: those that are still to come are not known. */
  readonly periodMs: number
}

/** What trading on a chain costs. */
export type ChainVenue = {
  readonly pools?: readonly PoolTerms[]
  readonly gas?: GasTerms
  /** After `latencyMs`, the time to the node that takes the order. */
  readonly latencyBlocks?: BlockLatency
}

/** Throws for a field that is out of its range. */
export type RefuseField = (field: string, value: unknown, hint: string) => never

/** Checks what trading on a chain costs an agent that trades and observes some instruments. */
export function checkChainVenue(
  { pools = [], gas, latencyBlocks }: ChainVenue,
  traded: readonly InstrumentId[],
  observed: ReadonlySet<InstrumentId>,
  refuse: RefuseField,
): void {
  const priced = new Set<InstrumentId>()
  for (const { instrument, feePpm, quoteDecimals, maxMovePpm = DEFAULT_POOL_MOVE_PPM } of pools) {
    if (!traded.includes(instrument) || priced.has(instrument))
      refuse('venue.pools', `one of "${instrument}"`, 'Name each pool’s base: a traded instrument, once.')
    priced.add(instrument)
    if (!(Number.isSafeInteger(feePpm) && feePpm >= 0 && feePpm < PPM))
      refuse('venue.pools.feePpm', feePpm, 'Pass whole millionths, from 0 to below 1,000,000.')
    if (!(Number.isSafeInteger(quoteDecimals) && quoteDecimals >= 0 && quoteDecimals <= 30))
      refuse('venue.pools.quoteDecimals', quoteDecimals, 'Pass the quote token’s decimals, 0 to 30.')
    if (!(Number.isSafeInteger(maxMovePpm) && maxMovePpm > 0))
      refuse('venue.pools.maxMovePpm', maxMovePpm, 'Pass a positive whole number of millionths.')
  }
  if (gas !== undefined) checkGas(gas, observed, refuse)
  if (latencyBlocks === undefined) return
  const { blocks, periodMs } = latencyBlocks
  if (!(Number.isSafeInteger(blocks) && blocks >= 0))
    refuse('venue.latencyBlocks.blocks', blocks, 'Pass a whole number of blocks, zero or more.')
  if (!(Number.isSafeInteger(periodMs) && periodMs > 0))
    refuse('venue.latencyBlocks.periodMs', periodMs, 'Pass a positive whole number of milliseconds.')
}

function checkGas(
  { units, gasPrice, coinPrice }: GasTerms,
  observed: ReadonlySet<InstrumentId>,
  refuse: RefuseField,
): void {
  const isObserved = (field: string, id: InstrumentId) =>
    observed.has(id) || refuse(field, `"${id}"`, 'Name an instrument that the agent trades or `observes`.')
  if (units <= 0n) refuse('venue.gas.units', units, 'Pass a positive whole number of units of gas.')
  if ('gweiOf' in gasPrice) isObserved('venue.gas.gasPrice.gweiOf', gasPrice.gweiOf)
  else if (gasPrice.wei < 0n)
    refuse('venue.gas.gasPrice.wei', gasPrice.wei, 'Pass zero or a positive whole number of wei.')
  if ('priceOf' in coinPrice) isObserved('venue.gas.coinPrice.priceOf', coinPrice.priceOf)
  else if (coinPrice.priceE8 < 0n)
    refuse('venue.gas.coinPrice.priceE8', coinPrice.priceE8, 'Pass zero or a positive amount in 10⁻⁸.')
}
