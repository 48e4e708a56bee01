import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freshInstrument } from '../../core/freshNames.conformance.ts'
import {
  type MarketEvent,
  type MarketEventType,
  type MarketValue,
  priceE8,
  quantity,
  type StoredObservation,
  toStoredObservation,
  unixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import { openPglite } from '../store/index.ts'
import { fromCells, toCells } from './archivedRow.ts'
import { archiveObservations } from './archiveObservations.ts'
import { DATASET_COLUMNS } from './datasetColumns.ts'
import { openHistory } from './openHistory.ts'
import { createTieredObservationStore } from './tieredObservationStore.ts'

const address = `0x${'ab'.repeat(20)}` as const
const ohlc = { open: priceE8(1n), high: priceE8(2n), low: priceE8(-3n), close: priceE8(4n) }

/** A value of every type, with its extremes. */
const VALUES: {
  readonly [T in Exclude<MarketEventType, 'withdrawal'>]: readonly Extract<MarketValue, { type: T }>[]
} = {
  bar: [
    { type: 'bar', closeMs: unixMs(9), bid: ohlc, ask: ohlc },
    { type: 'bar', closeMs: unixMs(9), bid: ohlc, ask: ohlc, volumeE8: 2n ** 255n },
  ],
  trade: [{ type: 'trade', side: 'sell', priceE8: priceE8(5n), sizeE8: 6n }],
  quote: [{ type: 'quote', bidE8: priceE8(5n), bidSizeE8: 6n, askE8: priceE8(7n), askSizeE8: 8n }],
  gap: [
    { type: 'gap', of: 'trade', fromMs: unixMs(1), toMs: unixMs(2), missing: null },
    { type: 'gap', of: 'bar', fromMs: unixMs(1), toMs: unixMs(2), missing: 3 },
  ],
  swap: [
    {
      type: 'swap',
      pool: address,
      baseDelta: quantity(-(2n ** 255n)),
      quoteDelta: 2n ** 255n - 1n,
      notionalE8: 10n ** 40n,
      priceE8: priceE8(123_456_789n),
      sqrtPriceX96: 2n ** 160n - 1n,
      liquidity: 0n,
      tick: -887_272,
      sender: address,
      recipient: address,
    },
  ],
  liquidity: [
    {
      type: 'liquidity',
      pool: address,
      owner: address,
      liquidityDelta: -1n,
      tickLower: -10,
      tickUpper: 10,
      amount0: 1n,
      amount1: 2n,
    },
  ],
  collect: [{ type: 'collect', pool: address, owner: address, amount0: 1n, amount1: 2n }],
  transfer: [{ type: 'transfer', from: address, to: address, amount: quantity(2n ** 256n - 1n) }],
  nav: [{ type: 'nav', navE8: priceE8(101_000_000n) }],
  vaultFlow: [{ type: 'vaultFlow', direction: 'withdraw', owner: address, assets: 1n, shares: quantity(2n) }],
  vaultRequest: [
    {
      type: 'vaultRequest',
      stage: 'redeemFulfilled',
      controller: address,
      requestId: null,
      assets: null,
      shares: quantity(2n),
    },
    {
      type: 'vaultRequest',
      stage: 'depositRequested',
      controller: address,
      requestId: 2n ** 200n,
      assets: 1n,
      shares: null,
    },
  ],
  tokenControl: [
    { type: 'tokenControl', action: 'paused', account: null, successor: null, amount: null },
    {
      type: 'tokenControl',
      action: 'amountFrozen',
      account: address,
      successor: address,
      amount: quantity(5n),
    },
  ],
  distribution: [{ type: 'distribution', token: address, amount: 7n }],
  contractEvent: [
    {
      type: 'contractEvent',
      contract: address,
      event: 'Odd(uint256)',
      args: { a: 2n ** 256n - 1n, b: [true, null, 'it\'s "so"', 1.5], c: { d: {} } },
    },
  ],
  yieldCurve: [
    { type: 'yieldCurve', yieldsPpm: { '1M': 42_300, '3M': null, '1Y': 0, '2Y': -5, '10Y': 50_000 } },
  ],
  clock: [{ type: 'clock' }],
}

let block = 0
function observations(): StoredObservation[] {
  const instrument = freshInstrument()
  return Object.values(VALUES)
    .flat()
    .flatMap((value: MarketValue) => {
      block += 1
      const event: MarketEvent = {
        instrument,
        validAt: unixMs(block),
        knownAt: unixMs(block * 10),
        value,
        lineage: {
          kind: 'chain',
          chainId: 424_242,
          address,
          blockNumber: block,
          blockHash: ZERO_HASH,
          transactionHash: ZERO_HASH,
          logIndex: 3,
          estimated: block % 2 === 0 ? [] : ['blockTime'],
        },
      }
      const ofFeed: MarketEvent = { ...event, lineage: { kind: 'feed', feed: 'venue:ROWS', sequence: block } }
      const late = { ...toStoredObservation(event, 'raw, "as\tis"'), visibleAt: unixMs(block * 10 + 1) }
      return [late, toStoredObservation(ofFeed, '')]
    })
}

test('every type of value comes back from its cells as it was', () => {
  const given = observations()
  expect(new Set(given.map(({ event }) => event.value.type)).size).toBe(
    Object.keys(DATASET_COLUMNS).length - 1,
  )
  for (const row of given) expect(fromCells(toCells(row))).toEqual(row)
})

test('every type of value comes back from Parquet, by a store that never saw it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'touchstone-history-'))
  const database = await openPglite({ directory: null })
  const history = openHistory({ root, threads: 1 })
  try {
    const store = createTieredObservationStore(database.observations, history)
    const given = observations().map(({ visibleAt: _, ...row }) => row)
    for (const source of ['eip155:424242', 'venue:ROWS']) {
      await store.append({
        observations: given.filter(
          row => row.event.lineage.kind === (source === 'venue:ROWS' ? 'feed' : 'chain'),
        ),
        cursor: { source, stream: 'all', block, blockHash: null },
      })
      await archiveObservations({ store, history, source, throughBlock: block, nowMs: unixMs(0) })
    }
    const instruments = given.slice(0, 1).map(({ event }) => event.instrument)
    expect(await database.observations.count(instruments)).toBe(0)
    const other = openHistory({ root, threads: 1 })
    const read = await createTieredObservationStore(database.observations, other).read({
      instruments,
      limit: 1_000,
    })
    expect(read).toEqual(given)
    await other.close()
  } finally {
    await history.close()
    await database.close()
    await rm(root, { recursive: true })
  }
})
