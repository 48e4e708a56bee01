import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type CashE8,
  type Ppm,
  type PriceE8,
  type Quantity,
  quantity,
  type UnixMs,
} from '../../core/index.ts'
import {
  type AccountFill,
  createAccount,
  type FeeModel,
  fixedFee,
  type OrderTerms,
  type Rejection,
  rateFee,
  sumOfFees,
} from './index.ts'

const BAR_MS = 60_000
const PPM = 1_000_000 as Ppm

const size = fc.oneof(
  { weight: 3, arbitrary: fc.record({ equityPpm: fc.constantFrom(1_000_000, 999_999, 333_333, 1_900_000) }) },
  { weight: 1, arbitrary: fc.record({ cashPpm: fc.integer({ min: 1, max: 900_000 }) }) },
  { weight: 1, arbitrary: fc.record({ unitsPpm: fc.integer({ min: 1, max: 900_000 }) }) },
)

const market = fc.record({
  decimals: fc.constantFrom(0, 2, 6, 8, 9, 18),
  stepDecimals: fc.constantFrom(0, 0, 0, 1, 2),
  leverage: fc.constantFrom(1, 1, 2),
  // From the smallest to far beyond what a double holds.
  cashE8: fc
    .tuple(fc.integer({ min: 7, max: 62 }), fc.bigInt(2n ** 63n, 2n ** 64n))
    .map(([bits, value]) => value >> BigInt(64 - bits)),
  takerPpm: fc.constantFrom(0, 1, 10, 2_500, 33_333, 999_999),
  fixedE8: fc.constantFrom(0n, 0n, 1n, 12_345_678n),
  bars: fc.array(
    fc.record({
      priceE8: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 10_000_000, max: 2 ** 44 })),
      moves: fc.integer({ min: 500_000, max: 1_500_000 }),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      kind: fc.constantFrom('market' as const, 'market' as const, 'limit' as const),
      exclusive: fc.boolean(),
      size,
    }),
    { minLength: 4, maxLength: 30 },
  ),
})

type Market = typeof market extends fc.Arbitrary<infer T> ? T : never

/** What happens in a market to an account that is charged by a fee model. */
function happened(scenario: Market, fees: FeeModel): unknown[] {
  const { decimals, leverage, cashE8, bars } = scenario
  const unit = 10n ** BigInt(decimals)
  const log: unknown[] = []
  const account = createAccount({
    instruments: [
      {
        decimals,
        sizeStep: (10n ** BigInt(Math.min(decimals, scenario.stepDecimals))) as Quantity,
        minimumSize: quantity(0n),
        initialMarginPpm: Math.floor(1_000_000 / leverage) as Ppm,
        maintenanceMarginPpm: 1 as Ppm,
      },
    ],
    cashE8: cashE8 as CashE8,
    mode: 'netting',
    models: { fees },
    sink: {
      filled: (fill: AccountFill) => log.push(fill),
      lotClosed: closed => log.push(closed),
      cancelled: (id, timeMs, reason) => log.push({ id, timeMs, reason }),
      expired: (id, timeMs) => log.push({ id, timeMs }),
      rejected: (id, timeMs, rejection: Rejection) => log.push({ id, timeMs, rejection }),
      liquidated: (instrument, timeMs, priceE8) => log.push({ instrument, timeMs, priceE8 }),
      accountClosed: (timeMs, equityE8) => log.push({ timeMs, equityE8 }),
    },
  })
  let priceE8 = bars[0]?.priceE8 ?? 1
  bars.forEach((bar, index) => {
    priceE8 = Math.min(2 ** 50, Math.max(1, Math.floor((priceE8 * bar.moves) / 1_000_000)))
    const nowMs = (index + 1) * BAR_MS
    account.onPrice(0, nowMs, priceE8, priceE8)
    const { side, kind, exclusive } = bar
    const units =
      (cashE8 * unit * BigInt('unitsPpm' in bar.size ? bar.size.unitsPpm : 1)) /
      (BigInt(priceE8) * 1_000_000n)
    const asked: OrderTerms['size'] =
      'equityPpm' in bar.size
        ? { equityPpm: bar.size.equityPpm as Ppm }
        : 'cashPpm' in bar.size
          ? { cashE8: ((cashE8 * BigInt(bar.size.cashPpm)) / 1_000_000n) as CashE8 }
          : { units: quantity(units) }
    const terms: OrderTerms =
      kind === 'limit'
        ? { instrument: 0, kind, side, size: asked, limitE8: BigInt(priceE8) as PriceE8 }
        : { instrument: 0, kind, side, size: asked, ...(exclusive ? { exclusive } : {}) }
    log.push(
      account.submit(terms, nowMs as UnixMs),
      account.cashE8,
      account.equityE8(),
      account.marginUsedE8(),
      account.lots(0),
    )
  })
  return log
}

test('a fee that fills compute themselves is the fee that its model says, and sizes are the same', () => {
  let fills = 0
  fc.assert(
    fc.property(market, scenario => {
      const { takerPpm, fixedE8 } = scenario
      const plain = sumOfFees(
        rateFee({ takerPpm: takerPpm as Ppm, makerPpm: Math.floor(takerPpm / 2) as Ppm }),
        fixedFee(fixedE8),
      )
      expect(plain.plain).toBeDefined()
      // Without a word on what it is: it must be asked.
      const asked: FeeModel = execution => plain(execution)
      const own = happened(scenario, plain)
      expect(own).toEqual(happened(scenario, asked))
      fills += own.filter(each => typeof each === 'object' && each !== null && 'liquidity' in each).length
    }),
    { seed: 31, numRuns: 600 },
  )
  expect(fills).toBeGreaterThan(2_000)
})

test('two shares are rounded each for itself, and no share of both', () => {
  const twice = sumOfFees(rateFee({ takerPpm: 1 as Ppm }), rateFee({ takerPpm: 2 as Ppm }))
  expect(twice.plain).toBeUndefined()
  expect(sumOfFees(rateFee({ takerPpm: (PPM - 1) as Ppm }), fixedFee(3n), fixedFee(4n)).plain).toMatchObject({
    takerPpm: 999_999,
    fixedE8: 7n,
  })
})
