import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BacktestRun, computeStatistics, runBacktest } from '../backtest/index.ts'
import { hasRecordedData, recorded } from '../chain-ingest/testing/recordedData.conformance.ts'
import {
  compareEvents,
  DAY_MS,
  formatInstant,
  type MarketEvent,
  unixMs,
  ZERO_ADDRESS,
} from '../core/index.ts'
import { BILL_FUNDS, type BillFund, billRotation } from './billRotation.ts'
import { recordedBillFunds } from './recordedBillFunds.ts'
import { checkRequests, type FilledRequest } from './testing/checkRequests.conformance.ts'

const FOLDER = recorded('treasury')
const isRecorded = hasRecordedData && existsSync(FOLDER)
if (!isRecorded) console.log('Skipped: no recorded yields (set TOUCHSTONE_DATA to the folder).')

const definition = billRotation()
const feeOf = (kind: 'subscribe' | 'redeem') => {
  const [issuer] = definition.issuers
  const side =
    issuer?.kind === 'nav' ? issuer.terms[kind === 'subscribe' ? 'subscription' : 'redemption'] : null
  if (side === null || side === undefined) throw new Error('The fund takes both.')
  return side.fee
}
const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const day = (timeMs: number) => Math.floor(timeMs / DAY_MS)

describe.skipIf(!isRecorded)('bill rotation on recorded yields', () => {
  let events: readonly MarketEvent[]
  let run: BacktestRun
  let requests: readonly FilledRequest[]

  const backtest = (funds: readonly BillFund[] = BILL_FUNDS) =>
    runBacktest({
      agent: ZERO_ADDRESS,
      definition: billRotation({ funds }),
      inference: null,
      activeFromMs: unixMs(0),
      events,
    })

  const rotations = () => requests.filter(({ order }) => order.terms.kind === 'redeem').length

  beforeAll(async () => {
    events = await recordedBillFunds(FOLDER)
    run = await backtest()
    requests = checkRequests({ definition, feeOf }, events, run)
  })

  test('rotates, never halts, and is always in one fund or on its way', () => {
    const statistics = computeStatistics(run)
    console.log(
      `bill rotation: ${events.length} events, ${run.decisionCount} decisions, ${rotations()} rotations, ` +
        `return ${statistics.totalReturn?.toFixed(4)}, annualised ${statistics.annualisedReturn?.toFixed(4)}, ` +
        `volatility ${statistics.annualisedVolatility?.toFixed(4)}, drawdown ${statistics.maxDrawdown.toFixed(4)}`,
    )
    expect(rotations()).toBeGreaterThan(5)
    expect(run.decisions.filter(({ output }) => output.kind === 'halt')).toEqual([])
    expect(run.portfolio.positions.filter(({ quantity }) => quantity > 0n)).toHaveLength(1)
  })

  test('pays the fee of each redemption once, and nothing else', () => {
    let fees = 0n
    for (const { output } of run.decisions) if (output.kind === 'fill') fees += output.feeE8
    const redeemed = run.fills.filter(({ side }) => side === 'sell')
    // 0.02 % of each, rounded up.
    const owed = redeemed.reduce((sum, { quantity, priceE8 }) => {
      const gross = (quantity * priceE8) / 1_000_000n
      return sum + (gross * 200n + 999_999n) / 1_000_000n
    }, 0n)
    expect(fees).toBe(owed)
  })

  test('makes no round trip in a fund within a day, and deals at NAVs struck after each request', () => {
    for (const { market, orderedMs, filledMs, priced, order } of requests) {
      expect(filledMs).toBeGreaterThan(orderedMs)
      expect(priced.validAt).toBeGreaterThan(orderedMs)
      for (const other of requests)
        if (other.market === market && other.order.terms.kind !== order.terms.kind)
          expect(day(other.filledMs)).not.toBe(day(filledMs))
    }
  })

  test('decides nothing from later data', async () => {
    for (const cut of [500, 5_000, 15_000]) {
      const early = await runBacktest({
        agent: ZERO_ADDRESS,
        definition,
        inference: null,
        activeFromMs: unixMs(0),
        events: events.slice(0, cut),
      })
      expect(early.decisionCount).toBeGreaterThan(50)
      expect(run.decisions.slice(0, early.decisionCount)).toEqual(early.decisions)
    }
  })

  test('is compared with what each fund alone, and the fees, would have made', async () => {
    const total = computeStatistics(run).totalReturn ?? 0
    const alone: number[] = []
    for (const fund of BILL_FUNDS) {
      const held = await backtest([fund])
      alone.push(computeStatistics(held).totalReturn ?? 0)
      expect(held.fills.filter(({ side }) => side === 'sell')).toEqual([])
    }
    const first = requests[0]?.filledMs ?? 0
    console.log(
      `  from ${formatInstant(unixMs(first))}: rotation ${total.toFixed(4)}; alone ` +
        BILL_FUNDS.map(({ instrument }, at) => `${instrument.symbol} ${alone[at]?.toFixed(4)}`).join(', '),
    )
    // What the README says.
    const [months, quarters, years] = alone.map(percent)
    const said = `${percent(total)}, ${rotations()} rotations. The funds alone: one month ${months}, three months ${quarters}, one year ${years}.`
    expect(README.replaceAll(/\s+/g, ' ')).toContain(said)
  })

  test('a NAV is known only after the yields that it grew by, and after its own time', () => {
    const curves = new Map<number, MarketEvent>()
    for (const [at, event] of events.slice(1).entries())
      expect(compareEvents(events[at] as MarketEvent, event)).toBeLessThan(0)
    for (const event of events) {
      if (event.value.type === 'yieldCurve') curves.set(event.knownAt, event)
      if (event.value.type === 'nav') {
        expect(event.knownAt).toBeGreaterThan(event.validAt)
        expect(curves.has(event.validAt)).toBe(true)
      }
    }
  })
})
