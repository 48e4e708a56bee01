import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createRecordedSource, readChainObservations } from '../chain-ingest/index.ts'
import { WETH_POOL } from '../chain-ingest/testing/instruments.conformance.ts'
import { hasRecordedData, recorded } from '../chain-ingest/testing/recordedData.conformance.ts'
import { type MarketEvent, ppm, type SwapValue } from '../core/index.ts'
import { followPool } from './poolState.ts'

const FILE = recorded('uniswap-v3/usdc-weth-500.2024-01-05.logs.jsonl.gz')
const isRecorded = hasRecordedData && existsSync(FILE)
if (!isRecorded) console.log('Skipped: no recorded pool (set TOUCHSTONE_DATA to the folder).')

async function recordedEvents(): Promise<MarketEvent[]> {
  const source = await createRecordedSource({ files: [FILE], chainId: 1 })
  const events: MarketEvent[] = []
  for await (const batch of readChainObservations({
    source,
    contracts: [WETH_POOL],
    fromBlock: source.firstBlock,
    toBlock: Number(await source.client.getBlockNumber()),
  }))
    for (const { event } of batch.observations) events.push(event)
  return events
}

/** What a swap paid or got for each whole unit of its base, in 10⁻⁸. */
const paidE8 = ({ baseDelta, quoteDelta }: SwapValue): number =>
  (Math.abs(Number(quoteDelta)) / 1e6 / (Math.abs(Number(baseDelta)) / 1e18)) * 1e8

describe.skipIf(!isRecorded)('a recorded day of a Uniswap v3 pool', () => {
  test('every swap got what the curve gives it of the events before it', async () => {
    const terms = { curve: 'uniswapV3', feePpm: ppm(0.0005), baseIsToken0: false, quoteDecimals: 6 } as const
    const pool = followPool({ instrument: WETH_POOL.base.id, ...terms })
    let before: SwapValue | null = null
    let liquidityMoved = false
    /** Misses of the price as shares of it: of swaps within one range of liquidity, and of those that crossed a tick. */
    const within: number[] = []
    const across: number[] = []
    let beyond = 0
    for (const event of await recordedEvents()) {
      const { value } = event
      // Less than a dollar is mostly rounding.
      if (value.type === 'swap' && before !== null && value.notionalE8 >= 100_000_000n) {
        const buy = value.baseDelta > 0n
        const price = pool.price({
          instrument: 0,
          timeMs: event.validAt,
          buy,
          quantity: buy ? value.baseDelta : -value.baseDelta,
          priceE8: buy ? 1n : 10n ** 20n,
          unit: 10n ** 18n,
          maker: false,
          entry: true,
          volumeE8: 0,
        })
        const miss = Math.abs(Number(price) / paidE8(value) - 1)
        const isWithin = !liquidityMoved && before.liquidity === value.liquidity
        if (price === null) beyond++
        else (isWithin ? within : across).push(miss)
      }
      if (value.type === 'swap') {
        before = value
        liquidityMoved = false
      } else if (value.type === 'liquidity') liquidityMoved = true
      pool.take(event)
    }
    within.sort((a, b) => a - b)
    across.sort((a, b) => a - b)
    const at = (misses: number[], share: number) => misses[Math.floor(share * (misses.length - 1))] ?? 1
    // A price of 2,250 dollars is told to 10⁻⁸: 4.4 · 10⁻¹² of it.
    expect(within.length).toBe(5_361)
    expect(at(within, 1)).toBeLessThan(5e-12)
    // Beyond a tick nobody knows the liquidity: to take it as unchanged misses little most of the time.
    expect(across.length).toBe(667)
    expect(at(across, 0.5)).toBeLessThan(2e-8)
    expect(at(across, 0.9)).toBeLessThan(1e-5)
    expect(at(across, 1)).toBeLessThan(0.003)
    // Swaps that moved the price by more than one per cent.
    expect(beyond).toBe(3)
  })
})
