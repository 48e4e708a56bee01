import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantity, type UnixMs } from '../../core/index.ts'
import {
  type AccountFill,
  type AccountTerms,
  type ClosedLot,
  createAccount,
  emptyBarColumns,
  entrySpread,
  fixedFee,
  halfSpread,
  rateFee,
  type Submission,
  slippageInTurn,
  sumOfFees,
} from './index.ts'
import { BAR_MS, cash, ppm, price, SHARES } from './scriptedAccount.conformance.ts'

const SEED = 4_2026
const RUNS = 300
const HALF_SPREAD_PPM = 500

/** Bars as whole levels of ten around 100: open, two extremes, close. */
const bar = fc.record({
  open: fc.integer({ min: 60, max: 140 }),
  up: fc.nat(15),
  down: fc.nat(15),
  close: fc.nat(30),
  spread: fc.nat(2),
})
const order = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  kind: fc.constantFrom('market', 'limit', 'stop', 'trailingStop'),
  away: fc.integer({ min: 1, max: 12 }),
  size: fc.integer({ min: 1, max: 30 }),
  reduceOnly: fc.boolean(),
  stopLoss: fc.option(fc.integer({ min: 1, max: 10 })),
  takeProfit: fc.option(fc.integer({ min: 1, max: 10 })),
})
const script = fc.array(fc.record({ bar, orders: fc.array(order, { maxLength: 2 }) }), {
  minLength: 5,
  maxLength: 60,
  size: 'max',
})
type Script = typeof script extends fc.Arbitrary<infer T> ? T : never
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never

type Bar = { readonly low: bigint; readonly high: bigint }
type Filled = AccountFill & { readonly bar: Bar }

/** Runs a script, and looks at the account after each bar. */
function run(
  steps: Script,
  terms: Partial<AccountTerms>,
  options: {
    readonly plainOrders?: boolean
    readonly after?: (state: {
      readonly account: ReturnType<typeof createAccount>
      readonly fills: readonly Filled[]
      readonly closed: readonly ClosedLot[]
    }) => void
    /** Takes the ids of the orders that may only reduce. */
    readonly reducing?: Set<number>
    readonly onFill?: (fill: AccountFill, before: { readonly long: bigint; readonly short: bigint }) => void
  } = {},
) {
  const fills: Filled[] = []
  const closed: ClosedLot[] = []
  let extremes: Bar = { low: 0n, high: 0n }
  const held = () => {
    const quantities = account.lots(0).map(lot => lot.quantity)
    return {
      long: quantities.reduce((sum, size) => (size > 0n ? sum + size : sum), 0n),
      short: quantities.reduce((sum, size) => (size < 0n ? sum - size : sum), 0n),
    }
  }
  const account: ReturnType<typeof createAccount> = createAccount({
    instruments: [
      { ...SHARES, decimals: 2, initialMarginPpm: ppm(200_000), maintenanceMarginPpm: ppm(50_000) },
    ],
    cashE8: cash(10_000),
    mode: 'netting',
    ...terms,
    sink: {
      filled(fill) {
        // Told before it is booked: the lots are those from before.
        options.onFill?.(fill, held())
        fills.push({ ...fill, bar: extremes })
      },
      lotClosed: lot => closed.push(lot),
      cancelled() {},
      expired() {},
      rejected() {},
      liquidated() {},
      accountClosed() {},
    },
  })
  steps.forEach(({ bar, orders }, index) => {
    const columns = emptyBarColumns(1)
    const high = bar.open + bar.up
    const low = bar.open - bar.down
    const close = low + Math.min(bar.close, high - low)
    const set = (column: Float64Array, value: number) => column.fill(Number(price(value)))
    columns.openMs.fill(index * BAR_MS)
    columns.closeMs.fill((index + 1) * BAR_MS)
    const spread = options.plainOrders === true ? 0 : bar.spread
    set(columns.bidOpenE8, bar.open)
    set(columns.bidHighE8, high)
    set(columns.bidLowE8, low)
    set(columns.bidCloseE8, close)
    set(columns.askOpenE8, bar.open + spread)
    set(columns.askHighE8, high + spread)
    set(columns.askLowE8, low + spread)
    set(columns.askCloseE8, close + spread)
    extremes = { low: price(low), high: price(high + spread) }
    account.onBar(0, columns, 0)
    options.after?.({ account, fills, closed })
    for (const wanted of orders) {
      const taken = submit(account, wanted, close, ((index + 1) * BAR_MS) as UnixMs, options.plainOrders)
      if (taken.accepted && wanted.reduceOnly) options.reducing?.add(taken.id)
    }
  })
  return { account, fills, closed }
}

function submit(
  account: ReturnType<typeof createAccount>,
  { side, kind, away, size, reduceOnly, stopLoss, takeProfit }: Order,
  close: number,
  nowMs: UnixMs,
  plainOrder = false,
): Submission {
  const toward = side === 'buy' ? 1 : -1
  const base = { instrument: 0, side, size: { units: quantity(BigInt(size) * 100n) } } as const
  const at =
    plainOrder || kind === 'market'
      ? ({ kind: 'market' } as const)
      : kind === 'limit'
        ? ({ kind: 'limit', limitE8: price(close - toward * away) } as const)
        : kind === 'stop'
          ? ({ kind: 'stop', stopE8: price(close + toward * (away + 2)) } as const)
          : ({ kind: 'trailingStop', trailE8: price(away) } as const)
  const reference =
    at.kind === 'limit' ? close - toward * away : at.kind === 'stop' ? close + toward * (away + 2) : close
  const bracket = {
    ...(stopLoss === null ? {} : { stopLoss: { stopE8: price(reference - toward * (stopLoss + 3)) } }),
    ...(takeProfit === null ? {} : { takeProfitE8: price(reference + toward * (takeProfit + 3)) }),
  }
  return account.submit({ ...base, ...at, ...(plainOrder ? {} : { reduceOnly, bracket }) }, nowMs)
}

const models = {
  fees: sumOfFees(rateFee({ takerPpm: ppm(777), makerPpm: ppm(333) }), fixedFee(12_345n)),
  slippage: slippageInTurn(halfSpread(ppm(HALF_SPREAD_PPM)), entrySpread(ppm(0))),
}
const modes = ['netting', 'hedging'] as const

test.each(modes)('in %s, cash is exactly the start, what was realised, less fees and what is open', mode => {
  let closings = 0
  fc.assert(
    fc.property(script, steps => {
      run(
        steps,
        { mode, models },
        {
          after({ account, fills, closed }) {
            const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)
            const fees = sum(fills.map(fill => fill.feeE8))
            const realised = sum(closed.map(lot => lot.realisedE8))
            const cost = sum(account.lots(0).map(lot => lot.costE8))
            expect(account.cashE8).toBe(cash(10_000) + realised - fees - cost)
            // Every fee is in a closed lot or still in an open one.
            const inLots = sum(closed.map(lot => lot.feesE8)) + sum(account.lots(0).map(lot => lot.feesE8))
            expect(inLots).toBe(fees)
            closings = Math.max(closings, closed.length)
          },
        },
      )
    }),
    { seed: SEED, numRuns: RUNS },
  )
  expect(closings).toBeGreaterThan(5)
})

test('no fill is outside its bar by more than the spread of the model', () => {
  const whole = 1_000_000n
  let filled = 0
  fc.assert(
    fc.property(script, steps => {
      const { fills } = run(steps, { models })
      for (const { priceE8, bar } of fills) {
        expect(priceE8 * whole).toBeLessThanOrEqual(bar.high * (whole + BigInt(HALF_SPREAD_PPM)) + whole)
        expect(priceE8 * whole).toBeGreaterThanOrEqual(bar.low * (whole - BigInt(HALF_SPREAD_PPM)) - whole)
      }
      filled += fills.length
    }),
    { seed: SEED, numRuns: RUNS },
  )
  expect(filled).toBeGreaterThan(1_000)
})

test('of the two legs of a bracket never both fill', () => {
  let legs = 0
  fc.assert(
    fc.property(script, steps => {
      const { fills, closed } = run(steps, { models, mode: 'hedging' })
      const byLeg = fills.filter(({ cause }) => cause === 'stopLoss' || cause === 'takeProfit')
      const lots = byLeg.map(({ order }) => closed.find(lot => lot.exitOrder === order)?.lot)
      expect(lots).not.toContain(undefined)
      expect(new Set(lots).size).toBe(lots.length)
      legs += lots.length
    }),
    { seed: SEED, numRuns: RUNS },
  )
  expect(legs).toBeGreaterThan(300)
})

test.each(modes)('in %s, neither a reduce-only order nor a leg of a bracket increases a position', mode => {
  let reductions = 0
  fc.assert(
    fc.property(script, steps => {
      const reducing = new Set<number>()
      run(
        steps,
        { models, mode },
        {
          reducing,
          onFill({ order, cause, side, quantity }, { long, short }) {
            if (cause === 'order' && !reducing.has(order ?? -1)) return
            expect(quantity).toBeLessThanOrEqual(side === 'sell' ? long : short)
            reductions++
          },
        },
      )
    }),
    { seed: SEED, numRuns: RUNS },
  )
  expect(reductions).toBeGreaterThan(300)
})

test('without costs, netting and hedging of the same orders are worth the same', () => {
  let filled = 0
  fc.assert(
    fc.property(script, steps => {
      // Ample margin, so that neither is refused what the other is not; prices and sizes that divide exactly.
      const ample = { cashE8: cash(100_000_000) }
      const netting = run(steps, { ...ample, mode: 'netting' }, { plainOrders: true })
      const hedging = run(steps, { ...ample, mode: 'hedging' }, { plainOrders: true })
      expect(netting.fills.length).toBe(hedging.fills.length)
      expect(netting.account.equityE8()).toBe(hedging.account.equityE8())
      expect(netting.account.cashE8).toBe(hedging.account.cashE8)
      filled += netting.fills.length
    }),
    { seed: SEED, numRuns: RUNS },
  )
  expect(filled).toBeGreaterThan(1_000)
})

test('what an account does depends on nothing that comes later', () => {
  fc.assert(
    fc.property(script, fc.nat(60), (steps, cut) => {
      const seen = run(steps.slice(0, cut), { models }).fills
      expect(run(steps, { models }).fills.slice(0, seen.length)).toEqual(seen)
    }),
    { seed: SEED, numRuns: 100 },
  )
})
