import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { computeStatistics, runBacktest } from '../backtest/index.ts'
import { hasRecordedData, recorded } from '../chain-ingest/testing/recordedData.conformance.ts'
import { compareEvents, DAY_MS, type MarketEvent, unixMs, ZERO_ADDRESS } from '../core/index.ts'
import type { PremiumTerms } from '../execution/index.ts'
import { ASSUMED_PREMIUM, recordedVaultMarket, WOUSD } from './recordedVaultMarket.ts'
import { checkRequests } from './testing/checkRequests.conformance.ts'
import { vaultPremium } from './vaultPremium.ts'

const FILE = recorded('erc4626/share-prices.csv')
const isRecorded = hasRecordedData && existsSync(FILE)
if (!isRecorded) console.log('Skipped: no recorded share prices (set TOUCHSTONE_DATA to the folder).')

const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ')
const percent = (share: number) => `${(share * 100).toFixed(1)} %`

const definition = vaultPremium({ instrument: WOUSD })
const backtest = (events: readonly MarketEvent[]) =>
  runBacktest({ agent: ZERO_ADDRESS, definition, inference: null, activeFromMs: unixMs(0), events })
const [issuer] = definition.issuers
const feeOf = (kind: 'subscribe' | 'redeem') => {
  const side = issuer?.kind === 'queue' ? issuer.terms[kind === 'subscribe' ? 'deposit' : 'redemption'] : null
  if (side === null || side === undefined) throw new Error('The vault takes both.')
  return side.fee
}

describe.skipIf(!isRecorded)('vault premium on recorded share prices and a simulated market', () => {
  test('redeems what it bought at a discount, sells what it subscribed at a premium', async () => {
    const events = await recordedVaultMarket({ file: FILE })
    const run = await backtest(events)
    const requests = checkRequests({ definition, feeOf }, events, run)
    const [redeemed, subscribed] = [
      requests.filter(({ order }) => order.terms.kind === 'redeem'),
      requests.filter(({ order }) => order.terms.kind === 'subscribe'),
    ]
    expect(redeemed.length).toBeGreaterThan(20)
    expect(subscribed.length).toBeGreaterThan(20)
    // No same-day round trip through the issuer: nothing is priced sooner than the queue lets it.
    for (const { orderedMs, filledMs } of redeemed)
      expect(filledMs - orderedMs).toBeGreaterThanOrEqual(3 * DAY_MS)
    expect(run.decisions.filter(({ output }) => output.kind === 'halt')).toEqual([])
    expect(run.portfolio.positions.every(({ quantity }) => quantity >= 0n)).toBe(true)
  })

  test.each<[string, Partial<PremiumTerms>, boolean]>([
    ['as assumed', {}, true],
    ['whose premium is half gone in a day', { halfLifeMs: DAY_MS }, true],
    ['whose premium is half gone in six hours', { halfLifeMs: DAY_MS / 4 }, true],
    ['half as far from its NAV', { deviationPpm: 2_500 }, true],
    ['with a spread that costs more than the premium brings', { halfSpreadPpm: 15_000 }, false],
    ['at its NAV', { deviationPpm: 0 }, false],
    ['at a lasting discount of 0.2 %', { meanPpm: -2_000, deviationPpm: 500 }, false],
  ])('in a market %s it trades only for an edge above its costs', async (name, changes, trades) => {
    const returns: number[] = []
    for (const seed of [1, 2, 3]) {
      const events = await recordedVaultMarket({
        file: FILE,
        premium: { ...ASSUMED_PREMIUM, ...changes },
        seed,
      })
      const run = await backtest(events)
      const statistics = computeStatistics(run)
      returns.push(statistics.totalReturn ?? 0)
      if (seed === 1)
        console.log(
          `vault premium, market ${name}: ${run.events} events, ${run.fills.length} fills, ${run.trades.length} trades, ` +
            `return ${statistics.totalReturn?.toFixed(4)}, volatility ${statistics.annualisedVolatility?.toFixed(4)}, ` +
            `Sharpe ${statistics.sharpe?.toFixed(2)}, drawdown ${statistics.maxDrawdown.toFixed(4)}, exposure ${statistics.exposure?.toFixed(3)}`,
        )
      expect(run.fills.length > 0).toBe(trades)
    }
    console.log(`  returns with three seeds: ${returns.map(value => value.toFixed(4)).join(', ')}`)
    if (!trades) expect(returns).toEqual([0, 0, 0])
    const [first = 0, second = 0, third = 0] = returns
    if (name === 'as assumed')
      expect(README).toContain(
        `${percent(first)}, ${percent(second)} and ${percent(third)} on three simulated markets`,
      )
    if (name.endsWith('six hours')) expect(README).toContain(`${percent(first)} (half gone in six hours)`)
    if (name.startsWith('half as far')) expect(README).toContain(`${percent(first)} (a deviation of 0.25 %)`)
  })

  test('decides nothing from later data', async () => {
    const events = await recordedVaultMarket({ file: FILE })
    const all = (await backtest(events)).decisions
    for (const cut of [1_000, 9_000, 20_000]) {
      const early = (await backtest(events.slice(0, cut))).decisions
      expect(early.length).toBeGreaterThan(10)
      expect(all.slice(0, early.length)).toEqual(early)
    }
  })

  test('the share itself, held, is what a trade forgoes', async () => {
    const navs = (await recordedVaultMarket({ file: FILE })).flatMap(({ value }) =>
      value.type === 'nav' ? [Number(value.navE8)] : [],
    )
    const grown = (navs.at(-1) ?? 0) / (navs[0] ?? 1) - 1
    console.log(`  holding the share throughout: return ${grown.toFixed(4)}`)
    expect(README).toContain(`holding the share made ${percent(grown)}`)
  })
})

test('the events are in the total order, and quotes know no NAV before it was published', async context => {
  if (!isRecorded) context.skip()
  const flat = { ...ASSUMED_PREMIUM, deviationPpm: 0, halfSpreadPpm: 0 }
  let nav = 0n
  const events = await recordedVaultMarket({ file: FILE, premium: flat })
  for (const [at, event] of events.slice(1).entries())
    expect(compareEvents(events[at] as MarketEvent, event)).toBeLessThan(0)
  for (const { value } of events) {
    if (value.type === 'nav') nav = value.navE8
    if (value.type === 'quote') expect(value.bidE8).toBe(nav)
  }
})
