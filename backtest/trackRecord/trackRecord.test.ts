import { createWalletClient, http, publicActions } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decisionLogAbi } from '../../contracts/abi/index.ts'
import { HOUR_MS, unixMs } from '../../core/index.ts'
import { readAnchors, readChainLeaves, readKeys } from '../../decision-log/index.ts'
import { openTestbed, type Testbed } from '../../decision-log/test/testbed.ts'
import { waitForReceipt } from '../../decision-log/waitForReceipt.ts'
import { goldTrend } from '../../examples/goldTrend.ts'
import { GOLD, randomBars, START_MS } from '../../execution/test/syntheticMarket.ts'
import { runBacktest } from '../runBacktest.ts'
import { type BacktestStatistics, computeStatistics } from '../statistics.ts'
import { statisticsInputOf } from '../statisticsInputOf.ts'
import { proveRecords } from './proveRecords.ts'
import type { PublishedDecision } from './publishedDecision.ts'
import { type RecordedRun, recordedRun, SIGNER } from './recordedRun.fixture.ts'
import { trackRecordOf } from './trackRecord.ts'

// An agent's run over four months, its decisions on a real chain: what a stranger makes of them.

const definition = goldTrend({ instrument: GOLD, periodMs: 6 * HOUR_MS })
const events = randomBars(400, 6 * HOUR_MS, 3)
const { agent } = SIGNER

let bed: Testbed
let run: RecordedRun
beforeAll(async () => {
  bed = await openTestbed()
  run = await recordedRun(definition, null, events, bed.domain)
  await bed.rpc('anvil_setBalance', agent, '0x56bc75e2d63100000')
  const wallet = createWalletClient({ account: SIGNER.account, transport: http(bed.url) }).extend(
    publicActions,
  )
  const log = { address: bed.contract, abi: decisionLogAbi } as const
  for (let first = 0; first < run.rows.length; first += 300) {
    const state = await wallet.readContract({ ...log, functionName: 'stateOf', args: [agent] })
    const leaves = run.rows.slice(first, first + 300).map(({ leaf }) => leaf)
    const hash = await wallet.writeContract({
      ...log,
      chain: null,
      functionName: 'commit',
      args: [agent, state, leaves],
    })
    // The next batch names the state that this one leaves.
    await waitForReceipt(wallet, hash)
  }
})
afterAll(() => bed.stop())

async function recordFrom(published: readonly PublishedDecision[]) {
  const place = { rpcUrl: bed.url, contract: bed.contract, agent, fromBlock: bed.deployedAt }
  const [anchors, keys] = [await readAnchors(place), await readKeys(place)]
  const proven = await proveRecords({
    agent,
    domain: bed.domain,
    anchors: anchors.map(anchor => ({ ...anchor, anchoredAtMs: unixMs(Date.UTC(2030, 0)) })),
    keys,
    published,
    leavesOf: anchor => readChainLeaves(anchor, place),
  })
  return trackRecordOf({ agent, proven, keys })
}

describe('from the chain and the bodies alone', () => {
  test('the statistics are those of a backtest over the same events, and nothing is at fault', async () => {
    const record = await recordFrom(run.rows)
    expect(record.faults).toEqual([])
    expect(record.decisions).toEqual({ anchored: run.rows.length, proved: run.rows.length, batches: 3 })
    expect(record.account.compared).toBe(record.account.valuations)
    expect(record.account.capitalE8).toBe(definition.capitalE8)

    const lastMs = record.account.equity.timeMs.at(-1)!
    const backtest = await runBacktest({
      agent,
      definition,
      inference: null,
      activeFromMs: unixMs(START_MS),
      events,
      toMs: lastMs,
    })
    const { decimals } = record.account
    const expected = computeStatistics(statisticsInputOf(backtest), { decimals })
    const found = record.statistics!
    expect(found.finalEquityE8).toBe(expected.finalEquityE8)
    expect(found.trades).toBeGreaterThan(5)
    for (const name of EQUAL) expect([name, found[name]]).toEqual([name, close(expected[name])])
  })

  test('one losing decision deleted is a gap that is named, and nothing else is', async () => {
    const losing = run.records.find(
      ({ output }) => output.kind === 'outcome' && output.exitPriceE8 < output.entryPriceE8,
    )!
    const record = await recordFrom(run.rows.filter(({ sequence }) => sequence !== losing.sequence))
    expect(record.faults).toEqual([
      {
        kind: 'gap',
        first: losing.sequence,
        last: losing.sequence,
        detail: 'The chain holds it, and its body was not published.',
      },
    ])
    expect(record.decisions.proved).toBe(run.rows.length - 1)
  })

  test('a body that was changed is named, with what the chain holds', async () => {
    const at = run.rows.findIndex(({ kind }) => kind === 'outcome')
    const row = run.rows[at]!
    const changed = {
      ...row,
      body: row.body.replace(/"exitPriceE8":\{"\$int":"\d+"\}/, '"exitPriceE8":{"$int":"1"}'),
    }
    const { faults } = await recordFrom(run.rows.with(at, changed))
    expect(faults).toMatchObject([{ kind: 'body', first: at, last: at }])
    expect(faults[0]?.detail).toMatch(/^Its body hashes to 0x.*, and the chain holds .*: it was changed/)
  })

  test('what was anchored long after its time is late, and foretells nothing', async () => {
    const { anchoring, signals } = await recordFrom(run.rows)
    expect(anchoring.late).toBe(run.rows.length)
    expect(signals.settled).toBeGreaterThan(50)
    expect(signals.foretold).toBe(0)
  })
})

/** What follows from daily closes and from trades alone. */
const EQUAL = [
  'initialEquityE8',
  'totalReturn',
  'annualisedVolatility',
  'sharpe',
  'sortino',
  'omega',
  'skewness',
  'kurtosis',
  'tailRatio',
  'valueAtRisk',
  'conditionalValueAtRisk',
  'probabilisticSharpe',
  'periods',
  'periodsPerYear',
  'convention',
  'trades',
  'winRate',
  'profitFactor',
  'payoffRatio',
  'averageTradeE8',
  'bestTradeE8',
  'worstTradeE8',
  'bestTradeReturn',
  'averageTradeReturn',
  'kelly',
] as const satisfies readonly (keyof BacktestStatistics)[]

/** A backtest's equity is in doubles, the valuations' in integers. */
const close = (value: unknown) => (typeof value === 'number' ? expect.closeTo(value, 9) : value)
