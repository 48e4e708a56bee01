import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CashE8, Ppm, PriceE8, Quantity, UnixMs } from '../../core/index.ts'
import { fixedFee, rateFee, sumOfFees } from './feeModels.ts'
import { type AccountSink, createAccount, emptyBarColumns, type OrderTerms, type Trail } from './index.ts'
import { delayMs } from './latencyModels.ts'
import { OracleAccount } from './oracle.conformance.ts'
import { market, type RandomMarket, type RandomOrder, type RandomStep } from './oracleMarkets.conformance.ts'
import type { OracleEvent } from './oracleTerms.conformance.ts'
import { entrySpread, halfSpread, slippageInTurn } from './slippageModels.ts'

const RUNS = Number(process.env['TOUCHSTONE_ORACLE_RUNS'] ?? 10_000)
const SEED = Number(process.env['TOUCHSTONE_ORACLE_SEED'] ?? 20_260_201)
const BAR_MS = 60_000

/** As `toEqual`, at a tenth of its cost where nothing differs. */
function agree(mine: unknown, oracles: unknown): void {
  if (!isDeepStrictEqual(mine, oracles)) expect(mine).toEqual(oracles)
}

test(`the account does what the oracle does, to the last 10⁻⁸, on ${RUNS} random markets (seed ${SEED})`, () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(market, scenario => compare(scenario, seen)),
    { numRuns: RUNS, seed: SEED },
  )
  // What was compared must have happened: a script in which nothing fills would agree as well.
  for (const [event, atLeast] of Object.entries(EXPECTED))
    expect(seen.get(event) ?? 0, event).toBeGreaterThanOrEqual((atLeast * RUNS) / 10_000)
}, 600_000)

/** Events that 10,000 markets must have, at least. */
const EXPECTED = {
  'filled market': 10_000,
  'filled limit': 1_000,
  'filled stop': 1_000,
  'filled stopLimit': 200,
  'filled trailingStop': 500,
  'filled stopLoss': 1_000,
  'filled takeProfit': 500,
  'filled close': 500,
  'filled liquidation': 200,
  accountClosed: 20,
  'cancelled oneCancelsOther': 200,
  'cancelled positionClosed': 500,
  'cancelled exclusive': 200,
  'cancelled requested': 500,
  'cancelled liquidated': 20,
  expired: 500,
  'rejected margin': 500,
  'rejected belowMinimum': 100,
  'rejected nothingToReduce': 50,
}

function compare(scenario: RandomMarket, seen: Map<string, number>): void {
  const { instruments, costs, levelE8 } = scenario
  const log: unknown[] = []
  const kinds = new Map<number, string>()
  let submitting = ''
  const count = (event: string) => seen.set(event, (seen.get(event) ?? 0) + 1)
  const cash = (scenario.cash * BigInt(levelE8)) as CashE8
  const units = instruments.map(({ decimals }) => 10n ** BigInt(decimals))
  const settings = instruments.map(({ decimals, wholeUnits, minimumUnits, leverage, maintenancePpm }) => {
    const unit = 10n ** BigInt(decimals)
    return {
      decimals,
      sizeStep: (wholeUnits ? unit : 1n) as Quantity,
      minimumSize: (unit * BigInt(minimumUnits)) as Quantity,
      initialMarginPpm: Math.floor(1_000_000 / leverage) as Ppm,
      maintenanceMarginPpm: maintenancePpm as Ppm,
    }
  })
  const sink: AccountSink = {
    filled({ order, ...fill }) {
      log.push({ filled: order, ...fill })
      count(`filled ${fill.cause === 'order' ? (kinds.get(order ?? -1) ?? submitting) : fill.cause}`)
    },
    lotClosed({ lot, ...closed }) {
      log.push({ lotClosed: lot, ...closed })
    },
    cancelled(cancelled, timeMs, reason) {
      log.push({ cancelled, timeMs, reason })
      count(`cancelled ${reason}`)
    },
    expired(expired, timeMs) {
      log.push({ expired, timeMs })
      count('expired')
    },
    rejected(rejected, timeMs, rejection) {
      log.push({ rejected, timeMs, rejection })
      count(`rejected ${rejection.reason}`)
    },
    liquidated(liquidated, timeMs, priceE8) {
      log.push({ liquidated, timeMs, priceE8 })
    },
    accountClosed(accountClosed, equityE8) {
      log.push({ accountClosed, equityE8 })
      count('accountClosed')
    },
  }
  const account = createAccount({
    instruments: settings,
    cashE8: cash,
    mode: scenario.hedging ? 'hedging' : 'netting',
    marketOrders: scenario.thisClose ? 'thisClose' : 'nextOpen',
    models: {
      fees: sumOfFees(
        rateFee({ takerPpm: costs.takerPpm as Ppm, makerPpm: costs.makerPpm as Ppm }),
        fixedFee(BigInt(costs.fixedE8)),
      ),
      slippage: slippageInTurn(
        halfSpread(costs.halfSpreadPpm as Ppm),
        entrySpread(costs.entrySpreadPpm as Ppm),
      ),
      latency: delayMs(costs.latencyMs),
    },
    sink,
  })
  const oracle = new OracleAccount({
    instruments: settings.map(({ initialMarginPpm, maintenanceMarginPpm, ...rest }) => ({
      ...rest,
      initialMarginPpm: BigInt(initialMarginPpm),
      maintenanceMarginPpm: BigInt(maintenanceMarginPpm),
    })),
    cashE8: cash,
    hedging: scenario.hedging,
    thisClose: scenario.thisClose,
    costs: {
      takerPpm: BigInt(costs.takerPpm),
      makerPpm: BigInt(costs.makerPpm),
      fixedE8: BigInt(costs.fixedE8),
      halfSpreadPpm: BigInt(costs.halfSpreadPpm),
      entrySpreadPpm: BigInt(costs.entrySpreadPpm),
      latencyMs: costs.latencyMs,
    },
  })

  const closes = [100, 40]
  let startMs = 1_000 * BAR_MS
  let nowMs = startMs
  let barStartMs = startMs
  for (const step of scenario.steps) {
    const index = step.instrument
    const bar = extent(step, closes[index] ?? 0)
    closes[index] = bar.close
    const price = (levels: number) => levels * levelE8 + step.offGridE8
    const ask = (levels: number, which: number) =>
      price(levels) + (scenario.withoutSpread ? 0 : ((step.spreads[which] ?? 0) * levelE8) / 4)
    if (step.kind === 'tick' || step.kind === 'tickAtOnce') {
      if (step.kind === 'tick') nowMs += 7_000
      startMs = nowMs
      const [bidE8, askE8] = [price(bar.close), ask(bar.close, 3)]
      account.onPrice(index, nowMs, bidE8, askE8)
      const flat = (value: number) => {
        const same = BigInt(value)
        return { open: same, high: same, low: same, close: same }
      }
      oracle.event({
        instrument: index,
        isBar: false,
        openMs: nowMs,
        closeMs: nowMs,
        bid: flat(bidE8),
        ask: flat(askE8),
      })
    } else {
      if (step.kind === 'bar') barStartMs = startMs + step.gapMs
      startMs = barStartMs + BAR_MS
      nowMs = Math.max(nowMs, startMs)
      const asks = [ask(bar.open, 0), ask(bar.high, 1), ask(bar.low, 2), ask(bar.close, 3)]
      const event: OracleEvent = {
        instrument: index,
        isBar: true,
        openMs: barStartMs,
        closeMs: startMs,
        bid: {
          open: BigInt(price(bar.open)),
          high: BigInt(price(bar.high)),
          low: BigInt(price(bar.low)),
          close: BigInt(price(bar.close)),
        },
        ask: {
          open: BigInt(asks[0] ?? 0),
          high: BigInt(Math.max(...asks)),
          low: BigInt(Math.min(...asks)),
          close: BigInt(asks[3] ?? 0),
        },
      }
      giveBar(account, event)
      oracle.event(event)
    }
    for (const action of step.actions) {
      if ('submit' in action) {
        const terms = orderOf(action.submit, scenario, closes, cash, units, nowMs)
        submitting = terms.kind
        const mine = account.submit(terms, nowMs as UnixMs)
        agree(mine, oracle.submit(terms, nowMs))
        if (mine.accepted) kinds.set(mine.id, terms.kind)
        else count(`rejected ${mine.reason}`)
      } else if ('cancel' in action)
        agree(account.cancel(action.cancel, nowMs as UnixMs), oracle.cancel(action.cancel, nowMs))
      else {
        account.onTime(nowMs as UnixMs)
        oracle.time(nowMs)
      }
    }
    agree(log, oracle.log)
    agree(account.cashE8, oracle.cash)
    agree(account.equityE8(), oracle.equity())
    agree(account.marginUsedE8(), oracle.marginUsed())
    agree(account.isClosed, oracle.closed)
    for (const index of [0, 1]) {
      agree(
        account.lots(index),
        oracle.lots.filter(lot => lot.instrument === index),
      )
      agree(
        account.openOrders(index).map(({ id }) => id),
        oracle.orders
          .filter(({ terms }) => terms.instrument === index)
          .map(({ id }) => id)
          .sort((a, b) => a - b),
      )
    }
    log.length = 0
    oracle.log.length = 0
  }
}

/** Whole levels of a bar, all above zero. */
function extent({ jump, rise, fall, close }: RandomStep, last: number) {
  const open = Math.max(1, last + jump)
  const high = open + rise
  const low = Math.max(1, open - fall)
  return { open, high, low, close: low + Math.min(close, high - low) }
}

function giveBar(account: ReturnType<typeof createAccount>, { instrument, ...bar }: OracleEvent): void {
  const columns = emptyBarColumns(1)
  const at = (column: Float64Array, value: bigint | number) => {
    column[0] = Number(value)
  }
  at(columns.openMs, bar.openMs)
  at(columns.closeMs, bar.closeMs)
  at(columns.bidOpenE8, bar.bid.open)
  at(columns.bidHighE8, bar.bid.high)
  at(columns.bidLowE8, bar.bid.low)
  at(columns.bidCloseE8, bar.bid.close)
  at(columns.askOpenE8, bar.ask.open)
  at(columns.askHighE8, bar.ask.high)
  at(columns.askLowE8, bar.ask.low)
  at(columns.askCloseE8, bar.ask.close)
  account.onBar(instrument, columns, 0)
}

function orderOf(
  random: RandomOrder,
  { levelE8, instruments }: RandomMarket,
  closes: readonly number[],
  cash: bigint,
  units: readonly bigint[],
  nowMs: number,
): OrderTerms {
  const { instrument, side } = random
  const toward = side === 'buy' ? 1 : -1
  const last = closes[instrument] ?? 0
  const price = (levels: number) => BigInt((last + levels) * levelE8) as PriceE8
  const trailOf = (trail: { trailLevels: number } | { trailPpm: number }): Trail =>
    'trailLevels' in trail
      ? { trailE8: BigInt(trail.trailLevels * levelE8) as PriceE8 }
      : { trailPpm: trail.trailPpm as Ppm }
  const size = (): OrderTerms['size'] => {
    if ('units' in random.size)
      return { units: (BigInt(random.size.units) * (units[instrument] ?? 1n)) as Quantity }
    if ('dust' in random.size) {
      const step = instruments[instrument]?.wholeUnits === true ? (units[instrument] ?? 1n) : 1n
      return { units: (BigInt(random.size.dust) * (random.size.dust > 45 ? 1n : step)) as Quantity }
    }
    if ('cashPpm' in random.size)
      return { cashE8: ((cash * BigInt(random.size.cashPpm)) / 1_000_000n) as CashE8 }
    if ('equityPpm' in random.size) return { equityPpm: random.size.equityPpm as Ppm }
    return { equityPpm: (random.size.leveragedPpm * (instruments[instrument]?.leverage ?? 1)) as Ppm }
  }
  const kind = (): Pick<OrderTerms, 'kind'> & object => {
    const limitE8 = price(random.limit)
    const stopE8 = price(toward * random.stop)
    if (random.kind === 'limit') return { kind: 'limit', limitE8 } as never
    if (random.kind === 'stop') return { kind: 'stop', stopE8 } as never
    if (random.kind === 'stopLimit')
      return { kind: 'stopLimit', stopE8, limitE8: price(toward * random.stop + random.limit) } as never
    if (random.kind === 'trailingStop') return { kind: 'trailingStop', ...trailOf(random.trail) } as never
    return { kind: 'market' }
  }
  const base = random.kind === 'limit' ? random.limit : random.kind === 'market' ? 0 : toward * random.stop
  const { stopLoss, takeProfit } = random
  const bracket =
    stopLoss === null && takeProfit === null
      ? {}
      : {
          bracket: {
            ...(stopLoss === null
              ? {}
              : {
                  stopLoss:
                    'levels' in stopLoss
                      ? { stopE8: price(base - toward * stopLoss.levels) }
                      : trailOf(stopLoss),
                }),
            ...(takeProfit === null ? {} : { takeProfitE8: price(base + toward * takeProfit) }),
          },
        }
  return {
    instrument,
    side,
    size: size(),
    ...kind(),
    ...(random.goodForHalfBars === 0
      ? {}
      : { goodTillMs: (nowMs + (random.goodForHalfBars * BAR_MS) / 2) as UnixMs }),
    ...(random.reduceOnly ? { reduceOnly: true } : {}),
    ...(random.lot < 0 ? {} : { lot: random.lot }),
    ...(random.exclusive && (random.kind === 'market' || random.limit === 0) ? { exclusive: true } : {}),
    ...bracket,
  } as OrderTerms
}
