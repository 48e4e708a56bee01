import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../core/index.ts'
import { renderReport } from './renderReport.ts'
import { seededReport } from './reportRun.fixture.ts'

const LIMIT_MS = 1_500
const LIMIT_BYTES = 1_500_000

test('a million bars and thousands of trades are a small page, soon', () => {
  const input = seededReport({
    seed: 6,
    bars: 1_000_000,
    barMs: MINUTE_MS,
    drift: 0.05,
    volatility: 0.2,
    every: 60,
    skill: 0.1,
    trials: 3_000,
  })
  expect(input.markets[0]?.trades.length).toBeGreaterThan(5_000)
  // Processor time, so that what else the machine does is not counted; the best of three.
  let best = Number.POSITIVE_INFINITY
  let page = ''
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage()
    page = renderReport(input)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1_000)
  }
  expect(best).toBeLessThan(LIMIT_MS)
  expect(Buffer.byteLength(page)).toBeLessThan(LIMIT_BYTES)
})

test('a page that carries as many trades as one may is still small', () => {
  const input = seededReport({
    seed: 8,
    bars: 190_000,
    barMs: MINUTE_MS,
    drift: 0.05,
    volatility: 0.2,
    every: 18,
    skill: 0.1,
    trials: 1,
  })
  const [market] = input.markets
  if (market === undefined) throw new Error('The run has no market.')
  const trades = market.trades.slice(0, 4_000)
  expect(trades).toHaveLength(4_000)
  const page = renderReport({ ...input, markets: [{ ...market, trades }] })
  expect(page).toContain('Download all 4,000 trades as CSV')
  expect(Buffer.byteLength(page)).toBeLessThan(LIMIT_BYTES)
})
