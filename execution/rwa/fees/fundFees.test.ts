import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_FEE } from '../../../agents/index.ts'
import { cashE8, parseInstant, priceE8, unixMs } from '../../../core/index.ts'
import { requestFeeE8 } from '../requests/requestFee.ts'
import { usd } from '../testing/rwaMarket.conformance.ts'
import { createFundFeeMeter } from './fundFeeMeter.ts'
import type { FundFeeTerms } from './fundFeeTerms.ts'
import { netNavs } from './netNavs.ts'

const at = parseInstant
const MANAGED: FundFeeTerms = {
  management: { ppmPerYear: 15_000, accrual: 'daily' },
  performance: null,
  yearDays: 365,
}
const free = { ppmPerYear: 0, accrual: 'daily' } as const
const performance = (change: object): FundFeeTerms => ({
  management: free,
  performance: { ppm: 200_000, hurdlePpmPerYear: 0, hurdle: 'hard', crystallised: 'year', ...change },
  yearDays: 365,
})

describe('a management fee', () => {
  test('of 1.5 % a year is, by the day, 1.5 / 365 % of the assets for each midnight passed', () => {
    const meter = createFundFeeMeter(MANAGED, usd('73000'), at('2024-03-01T12:00:00Z'))
    // 73,000 × 0.015 ÷ 365 = 3 a day.
    expect(meter.charge(usd('73000'), at('2024-03-01T23:59:59Z')).management).toBe(0n)
    expect(meter.charge(usd('73000'), at('2024-03-02T00:00:00Z')).management).toBe(usd('3'))
    expect(meter.charge(usd('73000'), at('2024-03-05T01:00:00Z')).management).toBe(usd('9'))
  })

  test('by the second runs on between, and keeps the rest of a second', () => {
    const terms: FundFeeTerms = { ...MANAGED, management: { ppmPerYear: 15_000, accrual: 'perSecond' } }
    const meter = createFundFeeMeter(terms, usd('73000'), at('2024-03-01T00:00:00.600Z'))
    expect(meter.charge(usd('73000'), at('2024-03-01T12:00:00.500Z')).management).toBe(
      // 43,199 whole seconds of 86,400, rounded up.
      cashE8((usd('3') * 43_199n + 86_399n) / 86_400n),
    )
    expect(meter.charge(usd('73000'), at('2024-03-01T12:00:00.600Z')).management).toBe(
      cashE8((usd('3') + 86_399n) / 86_400n),
    )
  })
})

describe('a performance fee of 20 %', () => {
  const charge = (terms: FundFeeTerms, values: readonly (readonly [string, string])[]) => {
    const meter = createFundFeeMeter(terms, usd('1000'), at('2023-01-01'))
    return values.map(([time, value]) => {
      const { crystallised, accrued, net } = meter.charge(usd(value), at(time))
      return [crystallised, accrued, net, meter.highWaterMark]
    })
  }

  test('accrues within the year, is taken at its end, and moves the mark to what is left', () => {
    expect(
      charge(performance({}), [
        ['2023-07-01', '1100'],
        ['2024-01-01', '1200'],
        ['2024-06-01', '1150'],
        ['2024-07-01', '1260'],
      ]),
    ).toEqual([
      [0n, usd('20'), usd('1080'), usd('1000')],
      [usd('40'), 0n, usd('1160'), usd('1160')],
      // Below the mark.
      [0n, 0n, usd('1150'), usd('1160')],
      [0n, usd('20'), usd('1240'), usd('1160')],
    ])
  })

  test('leaves the mark where it was after a losing year', () => {
    expect(
      charge(performance({}), [
        ['2024-01-01', '900'],
        ['2025-01-01', '1000'],
        ['2026-01-01', '1100'],
      ]),
    ).toEqual([
      [0n, 0n, usd('900'), usd('1000')],
      [0n, 0n, usd('1000'), usd('1000')],
      [usd('20'), 0n, usd('1080'), usd('1080')],
    ])
  })

  test.each([
    // The hurdle of 5 % lies at 1,050 after the 365 days of 2023.
    ['hard', '1100', '10'],
    ['soft', '1100', '20'],
    ['hard', '1050', '0'],
    ['soft', '1050', '0'],
    ['soft', '1050.00000005', '10.00000001'],
  ])('over a %s hurdle of 5 %% takes, of %s, %s', (hurdle, value, fee) => {
    expect(charge(performance({ hurdle, hurdlePpmPerYear: 50_000 }), [['2024-01-01', value]])[0]?.[0]).toBe(
      usd(fee),
    )
  })

  test('begins its hurdle anew with each period, from a mark that may be old', () => {
    const rows = charge(performance({ hurdlePpmPerYear: 50_000 }), [
      // Between mark and hurdle: nothing is due, and the mark stays.
      ['2024-01-01', '1040'],
      // 366 days on, the hurdle is 1,000 × (1 + 0.05 × 366 / 365), rounded down.
      ['2025-01-01', '1060'],
    ])
    const hurdle = 100_000_000_000n + (100_000_000_000n * 50_000n * 366n) / 365_000_000n
    expect(rows).toEqual([
      [0n, 0n, usd('1040'), usd('1000')],
      [((usd('1060') - hurdle) * 200_000n + 999_999n) / 1_000_000n, 0n, expect.anything(), expect.anything()],
    ])
  })

  test.each([
    ['month', '2023-02-01', '2023-01-31T23:59:59Z'],
    ['quarter', '2023-04-01', '2023-03-31'],
    ['year', '2024-01-01', '2023-12-31'],
  ])('is crystallised at the first value of a new %s', (crystallised, first, before) => {
    expect(charge(performance({ crystallised }), [[before, '1100']])[0]?.slice(0, 2)).toEqual([0n, usd('20')])
    expect(charge(performance({ crystallised }), [[first, '1100']])[0]?.slice(0, 2)).toEqual([usd('20'), 0n])
  })

  test('is not charged on money that is put in, nor forgotten for money taken out', () => {
    const meter = createFundFeeMeter(performance({}), usd('1000'), at('2023-01-01'))
    meter.charge(usd('900'), at('2023-06-01'))
    meter.flow(usd('900'))
    // 10 % below its mark before, it still is.
    expect(meter.highWaterMark).toBe(usd('2000'))
    expect(meter.charge(usd('2000'), at('2024-01-01')).crystallised).toBe(0n)
    meter.flow(cashE8(-usd('1000')))
    expect(meter.charge(usd('1100'), at('2025-01-01')).crystallised).toBe(usd('20'))
  })
})

test('fees and what is left are the value, exactly, and none is negative', () => {
  const terms = fc.record({
    management: fc.record({
      ppmPerYear: fc.nat(100_000),
      accrual: fc.constantFrom('daily' as const, 'perSecond' as const),
    }),
    performance: fc.option(
      fc.record({
        ppm: fc.nat(500_000),
        hurdlePpmPerYear: fc.nat(100_000),
        hurdle: fc.constantFrom('hard' as const, 'soft' as const),
        crystallised: fc.constantFrom(
          'eachNav' as const,
          'month' as const,
          'quarter' as const,
          'year' as const,
        ),
      }),
    ),
    yearDays: fc.constantFrom(360, 365),
  })
  const steps = fc.array(fc.tuple(fc.nat(100 * 86_400_000), fc.integer({ min: 0, max: 3_000_000 })), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(terms, fc.bigInt({ min: 1n, max: 10n ** 20n }), steps, (fees, start, moves) => {
      const meter = createFundFeeMeter<bigint>(fees, start, unixMs(0))
      let time = 0
      let left = start
      for (const [duration, growth] of moves) {
        time += duration
        const value = (left * BigInt(growth)) / 1_000_000n
        const { management, crystallised, accrued, net } = meter.charge(value, unixMs(time))
        expect(net + management + crystallised + accrued).toBe(value)
        for (const part of [net, management, crystallised, accrued]) expect(part).toBeGreaterThanOrEqual(0n)
        left = net + accrued
        if (fees.performance === null) expect(crystallised + accrued).toBe(0n)
      }
    }),
  )
})

describe('net NAVs', () => {
  test('by hand: 1 % a year by the day, 10 % of the profit, taken at every NAV', () => {
    const terms: FundFeeTerms = {
      management: { ppmPerYear: 10_000, accrual: 'daily' },
      performance: { ppm: 100_000, hurdlePpmPerYear: 0, hurdle: 'hard', crystallised: 'eachNav' },
      yearDays: 365,
    }
    const gross = [
      { timeMs: at('2024-01-01'), navE8: priceE8(100_000_000n) },
      // 73 days are a fifth of the year: 0.2 % of 1.1 is 0.0022; 10 % of 0.0978 is 0.00978.
      { timeMs: at('2024-03-14'), navE8: priceE8(110_000_000n) },
      // Half of what was left, 1.08802, is 0.54401; 0.2 % of it is 0.00108802.
      { timeMs: at('2024-05-26'), navE8: priceE8(55_000_000n) },
    ]
    expect(netNavs(gross, terms).map(({ timeMs: _, ...fees }) => fees)).toEqual([
      { navE8: 100_000_000n, managementE8: 0n, crystallisedE8: 0n, accruedE8: 0n },
      { navE8: 108_802_000n, managementE8: 220_000n, crystallisedE8: 978_000n, accruedE8: 0n },
      { navE8: 54_292_198n, managementE8: 108_802n, crystallisedE8: 0n, accruedE8: 0n },
    ])
  })

  test('without fees are the gross ones, but for one unit of rounding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 10_000n, max: 10n ** 12n }), { minLength: 1, maxLength: 50 }),
        navs => {
          const gross = navs.map((navE8, day) => ({
            timeMs: unixMs(day * 86_400_000),
            navE8: priceE8(navE8),
          }))
          const net = netNavs(gross, { management: free, performance: null, yearDays: 365 })
          for (const [index, { navE8 }] of net.entries()) {
            expect(navE8).toBeLessThanOrEqual(gross[index]?.navE8 ?? 0n)
            // Every step may lose one of the 10⁻¹⁸ that they are computed in, times what the NAV grows after it.
            expect((gross[index]?.navE8 ?? 0n) - navE8).toBeLessThanOrEqual(2n)
          }
        },
      ),
    )
  })

  test('must be positive and in order', () => {
    const nav = { timeMs: at('2024-01-01'), navE8: priceE8(1n) }
    expect(() => netNavs([nav, nav], MANAGED)).toThrow('does not follow the one before it')
    expect(() => netNavs([{ ...nav, navE8: priceE8(0n) }], MANAGED)).toThrow(
      'does not follow the one before it',
    )
  })
})

test('a fee of a request rounds up, follows its tiers, and never takes more than there is', () => {
  const tiered = {
    flatE8: usd('1'),
    ppm: 2_000,
    tiers: [
      { fromE8: usd('10000'), ppm: 1_000 },
      { fromE8: usd('100000'), ppm: 0 },
    ],
  }
  expect(requestFeeE8(tiered, usd('9999.99'))).toBe(usd('20.99998'))
  expect(requestFeeE8(tiered, usd('10000'))).toBe(usd('11'))
  expect(requestFeeE8(tiered, usd('100000'))).toBe(usd('1'))
  expect(requestFeeE8(tiered, usd('0.5'))).toBe(usd('0.5'))
  expect(requestFeeE8({ ...NO_FEE, ppm: 1 }, cashE8(1n))).toBe(1n)
})

test.each([
  [{ ...MANAGED, yearDays: 12 }, 'yearDays is 12.'],
  [{ ...MANAGED, management: { ppmPerYear: -1, accrual: 'daily' as const } }, 'management.ppmPerYear is -1.'],
])('terms that cannot be charged are refused: %#', (terms, message) => {
  expect(() => createFundFeeMeter(terms, usd('1'), at('2024-01-01'))).toThrow(message)
})
