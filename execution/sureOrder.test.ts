import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cashE8, type Ppm, quantity } from '../core/index.ts'
import { currentEquity } from './kernel.ts'
import { createMarket } from './market.ts'
import { estimateHoldings } from './moneyEstimate.ts'
import { createRiskGate } from './riskGate.ts'
import { orderToTarget } from './sizedOrder.ts'
import { isSurelyMet, sureOrder } from './sureOrder.ts'
import { restlessAgent } from './test/restlessAgent.ts'
import { GOLD } from './test/syntheticMarket.ts'
import type { Holdings, Venue } from './venue.ts'

const amount = fc.oneof(fc.bigInt(-50_000n, 50_000n), fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.constant(0n))

test('what the estimates are sure of, the integers say too', () => {
  const seen = { met: 0, opens: 0, closes: 0, turns: 0 }
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.oneof(fc.integer({ min: 1, max: 10 ** 6 }), fc.integer({ min: 10 ** 9, max: 10 ** 13 })),
      fc.oneof(fc.constant(0), fc.integer({ min: -3_000_000, max: 3_000_000 })),
      fc.oneof(fc.bigInt(0n, 10n ** 6n), fc.bigInt(0n, 10n ** 14n)),
      fc.oneof(fc.bigInt(1n, 10n ** 6n), fc.constant(10n ** 30n)),
      fc.boolean(),
      (held, cash, price, exposure, least, most, allowShort) => {
        const market = createMarket(GOLD, 0)
        market.middleE8 = price
        const holdings: Holdings = {
          cashE8: cashE8(cash),
          cashNumber: Number(cash),
          freeE8: cashE8(0n),
          quantity: () => quantity(held),
          units: () => Number(held) / 1_000,
          costE8: () => cashE8(0n),
        }
        const limits = { ...restlessAgent().limits, maxPositionE8: cashE8(most), maxOrderE8: cashE8(most) }
        const definition = restlessAgent({ limits, allowShort, minOrderE8: cashE8(least) })
        const estimate = { cashE8: -0, equityE8: -0, grossE8: -0 }
        estimateHoldings(estimate, [market], holdings)
        const risk = createRiskGate(definition, [market], holdings, estimate)
        const venue = { holdings } as Venue
        const context = { definition, estimate, leastOrderE8: Number(least), risk, venue }
        const equityE8 = currentEquity({ markets: [market], venue })
        const basis = { held: quantity(held), equityE8, priceE8: BigInt(price), unit: market.unit }
        const exact = orderToTarget(definition, exposure as Ppm, basis)
        if (isSurelyMet(context, market, exposure as Ppm)) {
          seen.met++
          expect(exact).toBeNull()
        }
        const sure = sureOrder(context, market, exposure as Ppm)
        if (sure === null) return
        if (held === 0n) seen.opens++
        else if ('exclusive' in sure) seen.turns++
        else seen.closes++
        expect(sure).toEqual(exact?.terms)
        expect(exact === null ? 'none' : risk.orderBreach(exact.tradedE8, exact.positionE8)).toBeNull()
      },
    ),
    { numRuns: 5_000 },
  )
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(30)
})
