import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { defineAgent, type VenueSettings } from '../agents/index.ts'
import { type BacktestRun, computeStatistics, runBacktest } from '../backtest/index.ts'
import { createRecordedSource, readChainObservations } from '../chain-ingest/index.ts'
import { WETH, WETH_POOL } from '../chain-ingest/testing/instruments.conformance.ts'
import { hasRecordedData, recorded } from '../chain-ingest/testing/recordedData.conformance.ts'
import { E8, type MarketEvent, MINUTE_MS, ppm, unixMs, ZERO_ADDRESS } from '../core/index.ts'
import { goldTrend } from './goldTrend.ts'

const FILE = recorded('uniswap-v3/usdc-weth-500.2024-01-05.logs.jsonl.gz')
const isRecorded = hasRecordedData && existsSync(FILE)
if (!isRecorded) console.log('Skipped: no recorded pool (set TOUCHSTONE_DATA to the folder).')

/** The recorded pool as it prices its own swaps, its gas, and inclusion in the next block. */
const ON_CHAIN: Partial<VenueSettings> = {
  feePpm: ppm(0),
  pools: [
    {
      instrument: WETH.id,
      curve: 'uniswapV3',
      feePpm: ppm(0.0005),
      baseIsToken0: false,
      quoteDecimals: 6,
    },
  ],
  gas: { units: 130_000n, gasPrice: { wei: 20_000_000_000n }, coinPrice: { priceOf: WETH.id } },
  latencyBlocks: { blocks: 1, periodMs: 12_000 },
}

const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ')

describe.skipIf(!isRecorded)('gold trend on a recorded day of a pool', () => {
  let events: MarketEvent[]
  beforeAll(async () => {
    const source = await createRecordedSource({ files: [FILE], chainId: 1 })
    events = []
    for await (const batch of readChainObservations({
      source,
      contracts: [WETH_POOL],
      fromBlock: source.firstBlock,
      toBlock: Number(await source.client.getBlockNumber()),
    }))
      for (const { event } of batch.observations) events.push(event)
  })

  async function traded(capital: bigint, venue: Partial<VenueSettings>): Promise<BacktestRun> {
    const base = goldTrend({ instrument: WETH, capitalE8: capital * E8, periodMs: 5 * MINUTE_MS })
    const definition = defineAgent({ ...base, venue: { ...base.venue, ...venue } })
    return runBacktest({ agent: ZERO_ADDRESS, definition, inference: null, activeFromMs: unixMs(0), events })
  }

  test('at the pool’s own curve a larger agent pays more, until the pool takes no more', async () => {
    const made: { pooled: number | null; flat: number | null; refused: number }[] = []
    for (const capital of [100_000n, 1_000_000n, 10_000_000n, 100_000_000n]) {
      const run = await traded(capital, ON_CHAIN)
      const flat = computeStatistics(await traded(capital, { feePpm: ppm(0.0005), halfSpreadPpm: ppm(0) }))
      const ends = run.decisions.flatMap(({ output }) => (output.kind === 'fill' ? [output.reason] : []))
      const refused = ends.filter(reason => reason === 'liquidity').length
      made.push({ pooled: computeStatistics(run).totalReturn, flat: flat.totalReturn, refused })
    }
    const percent = (share: number | null | undefined) => `${((share ?? Number.NaN) * 100).toFixed(2)} %`
    const [small, middle, large, whole] = made
    expect(new Set(made.map(({ flat }) => percent(flat))).size).toBe(1)
    // Gas weighs on the small one, the curve on the large ones.
    expect(README).toContain(
      `${percent(small?.pooled)}, ${percent(middle?.pooled)} and ${percent(large?.pooled)}; at a flat fee all of them ${percent(small?.flat)}`,
    )
    expect(made.map(({ refused }) => refused)).toEqual([0, 0, 0, 72])
    expect(README).toContain(`${whole?.refused} orders of one with 100 million`)
  })
})
