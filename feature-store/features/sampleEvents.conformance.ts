import {
  type Address,
  type Instrument,
  instrumentId,
  type MarketEvent,
  type MarketValue,
  priceE8,
  quantity,
  unixMs,
  type YieldTenor,
  ZERO_ADDRESS,
} from '../../core/index.ts'

/** The instrument that sample events are of. */
export const GOLD: Instrument = {
  id: instrumentId('sample:GOLD'),
  kind: 'spot',
  symbol: 'GOLD',
  decimals: 18,
  quote: 'USD',
}

/** An instrument that is observed but not traded. */
export const TREASURY = instrumentId('sample:TREASURY')

export const ALICE: Address = `0x${'a1'.repeat(20)}`
export const BOB: Address = `0x${'b0'.repeat(20)}`
export const CAROL: Address = `0x${'ca'.repeat(20)}`
const POOL: Address = `0x${'99'.repeat(20)}`

let nextSequence = 0

/** An event of the traded instrument; later calls come later in the total order for one time. */
export function event<V extends MarketValue>(
  timeMs: number,
  value: V,
  options: { validAt?: number; instrument?: Instrument['id']; sequence?: number } = {},
): MarketEvent<V> {
  return {
    validAt: unixMs(options.validAt ?? timeMs),
    knownAt: unixMs(timeMs),
    lineage: { kind: 'feed', feed: 'sample', sequence: options.sequence ?? nextSequence++ },
    instrument: options.instrument ?? GOLD.id,
    value,
  }
}

const e8 = (value: number) => BigInt(Math.round(value * 1e8))
const e18 = (value: number) => BigInt(Math.round(value * 1e9)) * 10n ** 9n

/** A swap of `base` whole units (negative: sold) at a price, which is also the price after it. */
export function swap(
  timeMs: number,
  {
    price = 100,
    base = 1,
    liquidity = 1_000n,
    tick = 0,
  }: Partial<Record<'price' | 'base' | 'tick', number>> & { liquidity?: bigint } = {},
  options?: Parameters<typeof event>[2],
) {
  return event(
    timeMs,
    {
      type: 'swap',
      pool: POOL,
      baseDelta: quantity(e18(base)),
      quoteDelta: -e8(base * price),
      notionalE8: e8(Math.abs(base * price)),
      priceE8: priceE8(e8(price)),
      sqrtPriceX96: 1n,
      liquidity,
      tick,
      sender: ALICE,
      recipient: BOB,
    },
    options,
  )
}

/** A bar that closes at a time: one price all through unless it has a range, and a spread around it. */
export function bar(
  closeMs: number,
  price: number,
  spread = 0,
  lengthMs = 60_000,
  { range = 0, volumeE8 }: { range?: number; volumeE8?: bigint } = {},
) {
  const side = (value: number) => {
    const at = priceE8(e8(value))
    return { open: at, high: priceE8(e8(value + range)), low: priceE8(e8(value - range)), close: at }
  }
  const volume = volumeE8 === undefined ? {} : { volumeE8 }
  const [bid, ask] = [side(price - spread / 2), side(price + spread / 2)]
  return event(
    closeMs,
    { type: 'bar', closeMs: unixMs(closeMs), bid, ask, ...volume },
    { validAt: Math.max(0, closeMs - lengthMs) },
  )
}

export function transfer(timeMs: number, from: Address, to: Address, amount: number) {
  return event(timeMs, { type: 'transfer', from, to, amount: quantity(e18(amount)) })
}
export const mint = (timeMs: number, to: Address, amount: number) =>
  transfer(timeMs, ZERO_ADDRESS, to, amount)
export const burn = (timeMs: number, from: Address, amount: number) =>
  transfer(timeMs, from, ZERO_ADDRESS, amount)

export function liquidity(timeMs: number, liquidityDelta: bigint, tickLower: number, tickUpper: number) {
  return event(timeMs, {
    type: 'liquidity',
    pool: POOL,
    owner: ALICE,
    liquidityDelta,
    tickLower,
    tickUpper,
    amount0: 0n,
    amount1: 0n,
  })
}

export function nav(knownAt: number, value: number, validAt = knownAt) {
  return event(knownAt, { type: 'nav', navE8: priceE8(e8(value)) }, { validAt })
}

export function vaultFlow(timeMs: number, direction: 'deposit' | 'withdraw', assets: bigint) {
  return event(timeMs, { type: 'vaultFlow', direction, owner: ALICE, assets, shares: quantity(assets) })
}

export function yieldCurve(
  knownAt: number,
  yieldsPpm: Partial<Record<YieldTenor, number>>,
  options: Parameters<typeof event>[2] = {},
) {
  return event(
    knownAt,
    {
      type: 'yieldCurve',
      yieldsPpm: { '1M': null, '3M': null, '1Y': null, '2Y': null, '10Y': null, ...yieldsPpm },
    },
    { instrument: TREASURY, ...options },
  )
}

export const clock = (timeMs: number) => event(timeMs, { type: 'clock' })
