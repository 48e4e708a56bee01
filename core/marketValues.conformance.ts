import fc from 'fast-check'
import { type Address, ZERO_ADDRESS } from './hex.ts'
import type { MarketEventType, MarketValue } from './marketEvent.ts'
import { priceE8, quantity } from './money.ts'
import { unixMs } from './time.ts'

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)
const price = fc.bigInt(-LARGEST, LARGEST).map(priceE8)
const amount = fc.bigInt(0n, 10n ** 30n)
const time = fc.nat(2 ** 40).map(unixMs)
const address = fc.constant<Address>(ZERO_ADDRESS)
const side = fc.record({ open: price, high: price, low: price, close: price })
const pool = address

/** Values of every type that there is, at random: prices of any size that columns hold, amounts of any size. */
export const marketValues: {
  readonly [T in MarketEventType]: fc.Arbitrary<Extract<MarketValue, { type: T }>>
} = {
  bar: fc.record(
    { type: fc.constant('bar' as const), closeMs: time, bid: side, ask: side, volumeE8: amount },
    { requiredKeys: ['type', 'closeMs', 'bid', 'ask'] },
  ),
  trade: fc.record({
    type: fc.constant('trade' as const),
    side: fc.constantFrom('buy', 'sell'),
    priceE8: price,
    sizeE8: amount,
  }),
  quote: fc.record({
    type: fc.constant('quote' as const),
    bidE8: price,
    bidSizeE8: amount,
    askE8: price,
    askSizeE8: amount,
  }),
  gap: fc.record({
    type: fc.constant('gap' as const),
    of: fc.constantFrom('trade', 'quote', 'bar'),
    fromMs: time,
    toMs: time,
    missing: fc.option(fc.nat()),
  }),
  swap: fc.record({
    type: fc.constant('swap' as const),
    pool,
    baseDelta: amount.map(quantity),
    quoteDelta: amount,
    notionalE8: amount,
    priceE8: price,
    sqrtPriceX96: amount,
    liquidity: amount,
    tick: fc.integer(),
    sender: address,
    recipient: address,
  }),
  liquidity: fc.record({
    type: fc.constant('liquidity' as const),
    pool,
    owner: address,
    liquidityDelta: amount,
    tickLower: fc.integer(),
    tickUpper: fc.integer(),
    amount0: amount,
    amount1: amount,
  }),
  collect: fc.record({
    type: fc.constant('collect' as const),
    pool,
    owner: address,
    amount0: amount,
    amount1: amount,
  }),
  transfer: fc.record({
    type: fc.constant('transfer' as const),
    from: address,
    to: address,
    amount: amount.map(quantity),
  }),
  // Beyond what a price column holds: such rows have no price.
  nav: fc.record({ type: fc.constant('nav' as const), navE8: amount.map(priceE8) }),
  vaultFlow: fc.record({
    type: fc.constant('vaultFlow' as const),
    direction: fc.constantFrom('deposit', 'withdraw'),
    owner: address,
    assets: amount,
    shares: amount.map(quantity),
  }),
  vaultRequest: fc.record({
    type: fc.constant('vaultRequest' as const),
    stage: fc.constantFrom('depositRequested', 'redeemClaimable'),
    controller: address,
    requestId: fc.option(amount),
    assets: fc.option(amount),
    shares: fc.option(amount.map(quantity)),
  }),
  tokenControl: fc.record({
    type: fc.constant('tokenControl' as const),
    action: fc.constantFrom('paused', 'amountFrozen'),
    account: fc.option(address),
    successor: fc.option(address),
    amount: fc.option(amount.map(quantity)),
  }),
  distribution: fc.record({ type: fc.constant('distribution' as const), token: address, amount }),
  contractEvent: fc.record({
    type: fc.constant('contractEvent' as const),
    contract: address,
    event: fc.string(),
    args: fc.constant({ value: '1' }),
  }),
  withdrawal: fc.record({
    type: fc.constant('withdrawal' as const),
    source: fc.string(),
    forkBlock: fc.nat(),
    throughBlock: fc.nat(),
    observations: fc.nat(),
  }),
  yieldCurve: fc.record({
    type: fc.constant('yieldCurve' as const),
    yieldsPpm: fc.constant({ '1M': 1, '3M': null, '1Y': 2, '2Y': 3, '10Y': null }),
  }),
  clock: fc.constant({ type: 'clock' }),
}
