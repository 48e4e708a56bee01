import {
  type Hash,
  type InstrumentId,
  type MarketEvent,
  type MarketValue,
  priceE8,
  quantity,
  type StoredObservation,
  sha256,
  toStoredObservation,
  unixMs,
} from '../../core/index.ts'

/** Time between two blocks of the chains here: four a day, so that few blocks make several files. */
export const BLOCK_MS = 6 * 3_600_000

/** A time from which the chains here start. */
export const START_MS = 1_767_571_200_000

const address = `0x${'1a'.repeat(20)}` as const
const hashOf = (value: string | number): Hash => sha256(String(value))

export type LogOptions = {
  readonly chainId: number
  readonly block: number
  readonly logIndex: number
  readonly instrument: InstrumentId
  /** Tells two logs at one place apart. */
  readonly nonce: number
}

/** A log of a chain: a transfer or, for every third index, a swap. */
export function chainLog({ chainId, block, logIndex, instrument, nonce }: LogOptions): StoredObservation {
  const amount = 10n ** 30n + BigInt(nonce)
  const value: MarketValue =
    logIndex % 3 === 2
      ? {
          type: 'swap',
          pool: address,
          baseDelta: quantity(-amount),
          quoteDelta: amount,
          notionalE8: amount,
          priceE8: priceE8(4_000n * 10n ** 8n + BigInt(nonce)),
          sqrtPriceX96: 2n ** 159n + BigInt(nonce),
          liquidity: 2n ** 127n,
          tick: -887_272 + nonce,
          sender: address,
          recipient: address,
        }
      : { type: 'transfer', from: address, to: address, amount: quantity(amount) }
  const timeMs = unixMs(START_MS + block * BLOCK_MS)
  const event: MarketEvent = {
    validAt: timeMs,
    knownAt: timeMs,
    instrument,
    lineage: {
      kind: 'chain',
      chainId,
      address,
      blockNumber: block,
      blockHash: hashOf(`${block}/${nonce}`),
      transactionHash: hashOf(nonce),
      logIndex,
      estimated: nonce % 5 === 0 ? ['blockHash', 'blockTime'] : [],
    },
    value,
  }
  return toStoredObservation(event, `{"block":${block},"nonce":${nonce},"text":"it's \\"quoted\\""}`)
}

/** A bar of a feed; every bar closes some hours after the one before it. */
export function feedBar(feed: string, row: number, instrument: InstrumentId): StoredObservation {
  const price = priceE8(BigInt(1_000 + row))
  const side = { open: price, high: price, low: price, close: price }
  const closeMs = unixMs(START_MS + row * BLOCK_MS)
  return toStoredObservation(
    {
      validAt: unixMs(closeMs - 1),
      knownAt: closeMs,
      instrument,
      lineage: { kind: 'feed', feed, sequence: row },
      value: { type: 'bar', closeMs, bid: side, ask: side, ...(row % 2 === 0 ? { volumeE8: 5n } : {}) },
    },
    `${row},bar`,
  )
}
