import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { priceE8, quantity, type UnixMs } from '../../core/index.ts'
import {
  delayBlocks,
  delayMs,
  entrySpread,
  fixedFee,
  gasFee,
  halfSpread,
  rateFee,
  sumOfFees,
} from './index.ts'
import {
  BAR_MS,
  bracket,
  cash,
  LEVERAGED,
  plain,
  ppm,
  price,
  type ScriptedAccount,
  type ScriptedOrder,
  SHARES,
  START_MS,
  scripted,
  units,
} from './scriptedAccount.conformance.ts'

const buy = { kind: 'market', side: 'buy', size: units(10) } as const
const sell = { kind: 'market', side: 'sell', size: units(10) } as const
const buyLimit = (limit: number) => ({ ...buy, kind: 'limit', limitE8: price(limit) }) as const
const sellLimit = (limit: number) => ({ ...sell, kind: 'limit', limitE8: price(limit) }) as const
const buyStop = (stop: number) => ({ ...buy, kind: 'stop', stopE8: price(stop) }) as const
const sellStop = (stop: number) => ({ ...sell, kind: 'stop', stopE8: price(stop) }) as const

/** An account that holds ten shares bought at 100. */
function holdingTen(terms: Parameters<typeof scripted>[0] = {}): ScriptedAccount {
  const script = scripted(terms)
  script.submit(buy)
  expect(script.bar([100, 100, 100, 100])).toHaveLength(1)
  return script
}

/** An account of 10,000 that holds 200 leveraged shares bought at 100. */
function holdingTwiceTheEquity(more: Parameters<typeof scripted>[0] = {}): ScriptedAccount {
  const script = scripted({ instruments: [LEVERAGED, LEVERAGED], ...more })
  script.submit({ ...buy, size: units(200) })
  expect(script.bar([100, 100, 100, 100])).toEqual(['buy 200 @ 100'])
  return script
}

describe('prices and time', () => {
  test('1. buys look at the ask, sales at the bid', () => {
    const script = scripted({ firstBid: 99, firstAsk: 101, mode: 'hedging' })
    script.submit(buy)
    script.submit(sell)
    expect(script.bar([99, 99, 99, 99], { ask: [101, 101, 101, 101] })).toEqual([
      'buy 10 @ 101',
      'sell 10 @ 99',
    ])
    script.submit(buyLimit(100))
    script.submit(sellLimit(100))
    expect(script.bar([99, 99, 98, 99], { ask: [101, 101, 101, 101] })).toEqual([])
    expect(script.bar([99, 100, 98, 99], { ask: [101, 101, 100, 101] })).toEqual([
      'buy 10 @ 100',
      'sell 10 @ 100',
    ])
  })

  test('2. an order takes part in the first bar that opens at or after its arrival', () => {
    const late = scripted({ models: { latency: delayMs(100) } })
    late.submit(buy)
    expect(late.bar([101, 101, 101, 101])).toEqual([])
    expect(late.bar([102, 102, 102, 102])).toEqual(['buy 10 @ 102'])
    const atOnce = scripted()
    atOnce.submit(buy)
    // A price of the moment of the decision may be what caused it.
    atOnce.account.onPrice(0, atOnce.nowMs, Number(price(103)), Number(price(103)))
    expect(atOnce.told()).toEqual([])
    expect(atOnce.tick(104)).toEqual(['buy 10 @ 104'])
  })

  test('3. a market order fills at the next open', () => {
    const script = scripted()
    script.submit(buy)
    expect(script.bar([103, 105, 101, 104])).toEqual(['buy 10 @ 103'])
  })

  test('4. by option a market order fills at this close', () => {
    const script = scripted({ marketOrders: 'thisClose' })
    expect(script.submit(buy)).toEqual({ accepted: true, id: 0 })
    expect(script.told()).toEqual(['buy 10 @ 100'])
    script.nowMs = (script.nowMs + 1) as UnixMs
    script.submit(sell)
    expect(script.told()).toEqual([])
    expect(script.bar([103, 103, 103, 103])).toEqual(['sell 10 @ 103'])
  })

  test('5. a limit needs its price, and gets the open if that is better', () => {
    const fill = (order: ScriptedOrder, ...bar: [number, number, number, number]) => {
      const script = scripted()
      script.submit(order)
      return script.bar(bar)
    }
    expect(fill(buyLimit(98), 100, 101, 98, 99)).toEqual(['buy 10 @ 98'])
    expect(fill(buyLimit(98), 97, 99, 96, 98)).toEqual(['buy 10 @ 97'])
    expect(fill(buyLimit(98), 100, 101, 99, 100)).toEqual([])
    expect(fill(sellLimit(102), 100, 102, 99, 101)).toEqual(['sell 10 @ 102'])
    expect(fill(sellLimit(102), 103, 104, 101, 102)).toEqual(['sell 10 @ 103'])
    expect(fill(sellLimit(102), 100, 101, 99, 100)).toEqual([])
  })

  test('6. a stop needs its price, and gets the open if that is worse', () => {
    const fill = (order: ScriptedOrder, ...bar: [number, number, number, number]) => {
      const script = scripted()
      script.submit(order)
      return script.bar(bar)
    }
    expect(fill(buyStop(102), 100, 102, 99, 101)).toEqual(['buy 10 @ 102'])
    expect(fill(buyStop(102), 104, 105, 103, 104)).toEqual(['buy 10 @ 104'])
    expect(fill(buyStop(102), 100, 101, 99, 100)).toEqual([])
    expect(fill(sellStop(98), 100, 101, 98, 99)).toEqual(['sell 10 @ 98'])
    expect(fill(sellStop(98), 96, 97, 95, 96)).toEqual(['sell 10 @ 96'])
    expect(fill(sellStop(98), 100, 101, 99, 100)).toEqual([])
  })

  test('7. a stop-limit becomes a limit when its stop is reached', () => {
    const fill = (stop: number, limit: number, ...bars: [number, number, number, number][]) => {
      const script = scripted()
      script.submit({ ...buy, kind: 'stopLimit', stopE8: price(stop), limitE8: price(limit) })
      return bars.map(bar => script.bar(bar).join())
    }
    expect(fill(102, 103, [100, 104, 99, 101])).toEqual(['buy 10 @ 102'])
    expect(fill(102, 101, [100, 102, 99, 102], [102, 103, 101, 102])).toEqual(['', 'buy 10 @ 101'])
    expect(fill(102, 101, [100, 102, 99, 100.5])).toEqual(['buy 10 @ 101'])
    // The open is beyond both: the whole bar follows, and comes back to the limit.
    expect(fill(102, 103, [105, 106, 103, 105])).toEqual(['buy 10 @ 103'])
    expect(fill(102, 106, [105, 107, 104, 105])).toEqual(['buy 10 @ 105'])
    // Until the stop is reached, the limit does nothing.
    expect(fill(102, 103, [100, 101, 99, 100])).toEqual([''])
  })

  test("8. a trailing stop follows the best price, after the bar's own triggers were checked", () => {
    const script = holdingTen()
    script.submit({ ...sell, kind: 'trailingStop', trailE8: price(5) })
    expect(script.bar([100, 110, 96, 108])).toEqual([])
    expect(script.bar([107, 108, 104, 106])).toEqual(['sell 10 @ 105'])
    const byShare = holdingTen()
    byShare.submit({ ...sell, kind: 'trailingStop', trailPpm: ppm(50_000) })
    expect(byShare.bar([100, 110, 96, 108])).toEqual([])
    // 5 % behind 110 is 104.5; a lower high does not move it back.
    expect(byShare.bar([107, 108, 104.6, 106])).toEqual([])
    expect(byShare.bar([106, 107, 104.5, 106])).toEqual(['sell 10 @ 104.5'])
  })
})

describe('within one bar', () => {
  test('9. first the open, then stops, then margin, then limits', () => {
    const script = holdingTen()
    script.submit({ ...sellLimit(104), reduceOnly: true })
    script.submit({ ...sellStop(98), reduceOnly: true })
    expect(script.bar([100, 105, 97, 100])).toEqual(['sell 10 @ 98', 'rejected 1: nothingToReduce'])
    const byId = scripted()
    byId.submit(buyLimit(98))
    byId.submit({ ...buyLimit(99), size: units(2) })
    byId.submit({ ...buy, size: units(3) })
    byId.submit({ ...buyLimit(101), size: units(4) })
    expect(byId.bar([100, 100, 98, 98])).toEqual(['buy 3 @ 100', 'buy 4 @ 100', 'buy 10 @ 98', 'buy 2 @ 99'])
  })

  test('10. a bracket is live on the bar whose open filled its entry', () => {
    const script = scripted()
    script.submit({ ...buy, ...bracket(95, 110) })
    expect(script.bar([100, 103, 94, 96])).toEqual([
      'buy 10 @ 100',
      'stopLoss: sell 10 @ 95',
      'cancelled 2: oneCancelsOther',
    ])
  })

  test('11. when one bar reaches both legs, the stop-loss wins', () => {
    const script = scripted()
    script.submit({ ...buy, ...bracket(95, 110) })
    expect(script.bar([100, 112, 94, 111])[1]).toBe('stopLoss: sell 10 @ 95')
    const short = scripted()
    short.submit({ ...sell, ...bracket(105, 90) })
    expect(short.bar([100, 106, 89, 90])[1]).toBe('stopLoss: buy 10 @ 105')
  })

  test('12. one leg cancels the other, and both follow their lot', () => {
    const script = scripted()
    script.submit({ ...buy, ...bracket(95, 110) })
    expect(script.bar([100, 112, 99, 111])).toEqual([
      'buy 10 @ 100',
      'takeProfit: sell 10 @ 110',
      'cancelled 1: oneCancelsOther',
    ])
    const reduced = scripted()
    reduced.submit({ ...buy, ...bracket(95, 110) })
    reduced.bar([100, 100, 100, 100])
    reduced.submit({ ...sell, size: units(4) })
    reduced.bar([100, 100, 100, 100])
    expect(reduced.bar([100, 100, 95, 95])[0]).toBe('stopLoss: sell 6 @ 95')
    const closed = scripted()
    closed.submit({ ...buy, ...bracket(95, 110) })
    closed.bar([100, 100, 100, 100])
    closed.submit(sell)
    expect(closed.bar([100, 100, 90, 95])).toEqual([
      'sell 10 @ 100',
      'cancelled 1: positionClosed',
      'cancelled 2: positionClosed',
    ])
  })

  test('13. a bracket of an entry inside the bar sees what must have come after it', () => {
    const filled = (order: ScriptedOrder, ...bar: [number, number, number, number]) => {
      const script = scripted()
      script.submit(order)
      return script.bar(bar).slice(0, 2)
    }
    const limit = { ...buyLimit(98), ...bracket(95, 101) }
    expect(filled(limit, 100, 102, 94, 96)).toEqual(['buy 10 @ 98', 'stopLoss: sell 10 @ 95'])
    expect(filled(limit, 100, 102, 97, 101)).toEqual(['buy 10 @ 98'])
    const stop = { ...buyStop(102), ...bracket(95, 105) }
    expect(filled(stop, 100, 106, 99, 103)).toEqual(['buy 10 @ 102', 'takeProfit: sell 10 @ 105'])
    expect(filled(stop, 100, 106, 94, 103)).toEqual(['buy 10 @ 102'])
  })
})

describe('size', () => {
  test("14. sizes are multiples of the instrument's step", () => {
    const halves = { ...SHARES, decimals: 1 }
    expect(
      scripted({ instruments: [{ ...halves, sizeStep: quantity(10n) }] }).refusal({
        ...buy,
        size: units(15),
      }),
    ).toBe('sizeStep')
    expect(scripted({ instruments: [halves] }).refusal({ ...buy, size: units(15) })).toBeNull()
  })

  test('15. a size in cash includes its costs', () => {
    const script = scripted({ models: { fees: rateFee({ takerPpm: ppm(10_000) }) } })
    script.submit({ ...buy, size: { cashE8: cash(1_000) } })
    expect(script.bar([100, 100, 100, 100])).toEqual(['buy 9 @ 100, fee 9'])
    script.submit({ ...buy, size: { cashE8: cash(1_010) } })
    expect(script.bar([100, 100, 100, 100])).toEqual(['buy 10 @ 100, fee 10'])
  })

  test('16. a share of equity is that share of what is left after costs', () => {
    const models = { fees: rateFee({ takerPpm: ppm(10_000) }) }
    const all = scripted({ models })
    all.submit({ ...buy, size: { equityPpm: ppm(1_000_000) } })
    expect(all.bar([100, 100, 100, 100])).toEqual(['buy 99 @ 100, fee 99'])
    const leveraged = scripted({ models, instruments: [LEVERAGED] })
    leveraged.submit({ ...buy, size: { equityPpm: ppm(2_000_000) } })
    // 196 at 100 is 19,600, twice the 9,804 that are left after a fee of 196.
    expect(leveraged.bar([100, 100, 100, 100])).toEqual(['buy 196 @ 100, fee 196'])
    const gap = holdingTen({ instruments: [LEVERAGED] })
    gap.submit({ ...buy, size: { equityPpm: ppm(1_000_000) } })
    // The equity at the decision was 10,000; at the open of 50 it is 9,500.
    expect(gap.bar([50, 50, 50, 50])).toEqual(['buy 190 @ 50'])
    const gain = holdingTen({ instruments: [LEVERAGED] })
    gain.submit({ ...buy, size: { equityPpm: ppm(100_000) } })
    // The 1,000 that the gap gained were not known at the decision.
    expect(gain.bar([200, 200, 200, 200])).toEqual(['buy 5 @ 200'])
  })

  test('17. a size below the minimum is refused', () => {
    const script = scripted({ instruments: [{ ...SHARES, minimumSize: quantity(5n) }] })
    expect(script.refusal({ ...buy, size: units(4) })).toBe('belowMinimum')
    expect(script.refusal({ ...buy, size: units(0) })).toBe('belowMinimum')
    expect(script.refusal({ ...buy, size: { cashE8: cash(0) } })).toBe('belowMinimum')
    expect(script.refusal({ ...buy, size: { cashE8: cash(50) } })).toBeNull()
    expect(script.bar([100, 100, 100, 100])).toEqual(['rejected 0: belowMinimum'])
  })
})

describe('positions', () => {
  /** Ten bought at 100, then ten at 110. */
  function twoLots(mode: 'netting' | 'hedging' = 'netting'): ScriptedAccount {
    const script = holdingTen({ mode })
    script.submit(buy)
    script.bar([110, 110, 110, 110])
    expect(script.held()).toEqual(['10 @ 100', '10 @ 110'])
    return script
  }

  test('18. netting closes the oldest lot first', () => {
    const script = twoLots()
    script.submit({ ...sell, size: units(15) })
    script.bar([120, 120, 120, 120])
    expect(script.held()).toEqual(['5 @ 110'])
  })

  test('19. a partial reduction keeps the entry price', () => {
    const script = holdingTen()
    script.submit({ ...sell, size: units(3) })
    script.bar([120, 120, 120, 120])
    expect(script.held()).toEqual(['7 @ 100'])
    expect(plain(script.account.cashE8)).toBe('9360')
  })

  test('20. what is beyond the position opens the other side, at the same price', () => {
    const script = holdingTen()
    script.submit({ ...sell, size: units(15) })
    expect(script.bar([103, 103, 103, 103])).toEqual(['sell 15 @ 103'])
    expect(script.held()).toEqual(['-5 @ 103'])
  })

  test('21. in hedging each entry is a position of its own', () => {
    const script = holdingTen({ mode: 'hedging' })
    script.submit({ ...sell, size: units(15) })
    script.bar([103, 103, 103, 103])
    expect(script.held()).toEqual(['10 @ 100', '-15 @ 103'])
  })

  test('22. a reduce-only order never opens', () => {
    const script = holdingTen()
    script.submit({ ...sell, size: units(15), reduceOnly: true })
    script.submit({ ...sell, reduceOnly: true })
    expect(script.bar([103, 103, 103, 103])).toEqual(['sell 10 @ 103', 'rejected 2: nothingToReduce'])
    expect(script.refusal({ ...sell, reduceOnly: true })).toBe('nothingToReduce')
    expect(script.refusal({ ...buy, reduceOnly: true })).toBe('nothingToReduce')
    const younger = twoLots('hedging')
    younger.submit({ ...sell, size: units(4), lot: 1 })
    younger.bar([120, 120, 120, 120])
    expect(younger.held()).toEqual(['10 @ 100', '6 @ 110'])
    expect(younger.refusal({ ...sell, lot: 7 })).toBe('nothingToReduce')
  })

  test('23. an exclusive order cancels what is pending and closes what is open first', () => {
    const script = holdingTen()
    script.submit(sellLimit(120))
    script.submit({ ...sell, size: units(5), exclusive: true })
    expect(script.told()).toEqual(['cancelled 1: exclusive'])
    expect(script.bar([103, 103, 103, 103])).toEqual(['close: sell 10 @ 103', 'sell 5 @ 103'])
    expect(script.held()).toEqual(['-5 @ 103'])
    expect(script.refusal({ ...buyLimit(90), exclusive: true })).toBe('exclusiveNotMarket')
    const bothSides = twoLots('hedging')
    bothSides.submit(sell)
    bothSides.bar([110, 110, 110, 110])
    bothSides.submit({ ...buy, exclusive: true })
    expect(bothSides.bar([111, 111, 111, 111])).toEqual([
      'close: sell 20 @ 111',
      'close: buy 10 @ 111',
      'buy 10 @ 111',
    ])
  })

  test('24. an order fills whole or not at all', () => {
    const script = scripted()
    script.submit({ ...buyLimit(99), size: units(100) })
    expect(script.bar([100, 100, 99, 99], { volume: 1 })).toEqual(['buy 100 @ 99'])
    expect(script.account.openOrders(0)).toEqual([])
  })
})

describe('life of an order', () => {
  test('25. good till cancelled, or till a date, which is excluded', () => {
    const until = (ms: number) => ({ goodTillMs: (START_MS + BAR_MS + ms) as UnixMs })
    const fill = (ms: number, ...bar: [number, number, number, number]) => {
      const script = scripted()
      script.submit({ ...buyLimit(98), ...until(ms) })
      return script.bar(bar)
    }
    expect(fill(30_000, 100, 101, 97, 99)).toEqual(['expired 0'])
    expect(fill(30_000, 97, 99, 96, 98)).toEqual(['buy 10 @ 97'])
    expect(fill(BAR_MS, 100, 101, 97, 99)).toEqual(['buy 10 @ 98'])
    const between = scripted()
    between.submit({ ...buyLimit(98), ...until(1_000) })
    expect(between.tick(99)).toEqual(['expired 0'])
    const byTime = scripted()
    byTime.submit({ ...buyLimit(98), ...until(1_000) })
    byTime.account.onTime((START_MS + BAR_MS + 999) as UnixMs)
    expect(byTime.told()).toEqual([])
    byTime.account.onTime((START_MS + BAR_MS + 1_000) as UnixMs)
    expect(byTime.told()).toEqual(['expired 0'])
    expect(byTime.refusal({ ...buyLimit(98), ...until(0) })).toBe('expired')
    const forEver = scripted()
    forEver.submit(buyLimit(98))
    for (let bar = 0; bar < 1_000; bar++) expect(forEver.bar([100, 101, 99, 100])).toEqual([])
    expect(forEver.bar([100, 101, 98, 100])).toEqual(['buy 10 @ 98'])
  })

  test('26. a cancellation is immediate', () => {
    const script = scripted()
    script.submit({ ...buy, ...bracket(95, 110) })
    expect(script.account.cancel(0, script.nowMs)).toBe(true)
    expect(script.account.cancel(0, script.nowMs)).toBe(false)
    expect(script.told()).toEqual(['cancelled 0: requested'])
    expect(script.bar([100, 120, 90, 100])).toEqual([])
  })
})

describe('costs', () => {
  test('27. fees are charged on both sides', () => {
    const fees = sumOfFees(rateFee({ takerPpm: ppm(1_000), makerPpm: ppm(500) }), fixedFee(100_000_000n))
    const script = scripted({ models: { fees } })
    script.submit(buy)
    expect(script.bar([100, 100, 100, 100])).toEqual(['buy 10 @ 100, fee 2'])
    script.submit(sell)
    expect(script.bar([110, 110, 110, 110])).toEqual(['sell 10 @ 110, fee 2.1'])
    expect(plain(script.account.cashE8)).toBe('10095.9')
    script.submit(buyLimit(108))
    expect(script.bar([110, 110, 108, 110])).toEqual(['buy 10 @ 108, fee 1.54'])
    // 100,000 gas at 20 gwei is 0.002 coins; the coin costs 3,000 from the second minute on.
    const timesMs = Float64Array.of(0, START_MS + BAR_MS)
    const gas = scripted({
      models: {
        fees: gasFee({
          gasUnits: 100_000n,
          gasPriceWei: { timesMs, values: [1n, 20_000_000_000n] },
          coinPriceE8: { timesMs, values: [1n, price(3_000)] },
        }),
      },
    })
    gas.submit(buy)
    expect(gas.bar([100, 100, 100, 100])).toEqual(['buy 10 @ 100, fee 6'])
  })

  test('28. slippage worsens what a taker gets, never beyond its own limit', () => {
    const models = { slippage: halfSpread(ppm(10_000)) }
    const script = scripted({ models })
    script.submit(buy)
    expect(script.bar([100, 100, 100, 100])).toEqual(['buy 10 @ 101'])
    script.submit(sell)
    expect(script.bar([100, 100, 100, 100])).toEqual(['sell 10 @ 99'])
    script.submit(buyLimit(100.5))
    expect(script.bar([100, 100, 100, 100])).toEqual(['buy 10 @ 100.5'])
    script.submit(buyLimit(98))
    expect(script.bar([100, 100, 98, 98])).toEqual(['buy 10 @ 98'])
  })

  test('29. a spread on entry is paid once', () => {
    const script = scripted({ models: { slippage: entrySpread(ppm(10_000)) } })
    script.submit(buy)
    expect(script.bar([100, 100, 100, 100])).toEqual(['buy 10 @ 101'])
    script.submit(sell)
    expect(script.bar([110, 110, 110, 110])).toEqual(['sell 10 @ 110'])
  })

  test('30. every rounding is against the trader', () => {
    const third = { ...SHARES, decimals: 8 }
    const script = scripted({ instruments: [third], firstBid: 1 })
    const size = units(33_333_333)
    script.submit({ ...buy, size })
    script.bar([1.00000001, 1.00000001, 1.00000001, 1.00000001])
    expect(plain(script.account.cashE8)).toBe('9999.66666666')
    expect(plain(script.account.equityE8())).toBe('9999.99999999')
    script.submit({ ...sell, size })
    script.bar([1.00000001, 1.00000001, 1.00000001, 1.00000001])
    expect(plain(script.account.cashE8)).toBe('9999.99999999')
    const costly = scripted({
      instruments: [third],
      firstBid: 1,
      models: { fees: rateFee({ takerPpm: ppm(1) }), slippage: halfSpread(ppm(1)) },
    })
    costly.submit({ ...buy, size: units(1) })
    expect(costly.bar([1.00000001, 1.00000001, 1.00000001, 1.00000001])).toEqual([
      'buy 1 @ 1.00000102, fee 0.00000001',
    ])
  })

  test('31. latency moves the arrival', () => {
    const blockTimesMs = Float64Array.of(0, 2_000, 4_000)
    const arrival = delayBlocks({ blocks: 2, blockTimesMs, periodMs: 2_000 })
    expect([1_000, 2_000, 3_999, 4_000, 5_000].map(arrival)).toEqual([4_000, 6_000, 6_000, 8_000, 8_000])
    expect(delayMs(7)(1_000)).toBe(1_007)
  })
})

describe('margin', () => {
  test('32. what opens needs its initial margin', () => {
    const script = scripted()
    script.submit({ ...buyLimit(99), size: units(101) })
    script.bar([100, 100, 100, 100])
    expect(script.told()).toEqual([])
    script.account.cancel(0, script.nowMs)
    script.told()
    // At the last price of 99 a hundred and one are within 10,000; at the open of 100 they are not.
    script.bar([99, 99, 99, 99])
    script.submit({ ...buy, size: units(101) })
    expect(script.bar([100, 100, 100, 100])).toEqual(['rejected 1: margin 10100 of 10000'])
    const leveraged = scripted({ instruments: [LEVERAGED] })
    leveraged.submit({ ...buy, size: units(101) })
    expect(leveraged.bar([100, 100, 100, 100])).toEqual(['buy 101 @ 100'])
    // A reduction needs none.
    const half = holdingTwiceTheEquity()
    half.submit({ ...sell, size: units(1) })
    expect(half.bar([60, 60, 60, 60])).toEqual(['sell 1 @ 60'])
  })

  test('33. an order whose own margin is more than the whole equity is refused when given', () => {
    const script = scripted({ instruments: [SHARES, SHARES] })
    expect(script.submit({ ...buy, size: units(150) })).toEqual({
      accepted: false,
      reason: 'margin',
      requiredE8: cash(15_000),
      availableE8: cash(10_000),
    })
    // What an order before it frees may be counted on.
    script.submit({ ...buy, size: units(100) })
    script.bar([100, 100, 100, 100])
    script.bar([50, 50, 50, 50], { instrument: 1 })
    script.submit({ ...sell, size: units(100) })
    script.submit({ ...buy, instrument: 1, size: units(200) })
    expect(script.bar([100, 100, 100, 100])).toEqual(['sell 100 @ 100'])
    expect(script.bar([50, 50, 50, 50], { instrument: 1 })).toEqual(['buy 200 @ 50'])
  })

  test('34. equity counts longs at the bid and shorts at the ask', () => {
    const script = scripted({ firstBid: 99, firstAsk: 101 })
    script.submit(buy)
    script.bar([99, 99, 99, 99], { ask: [101, 101, 101, 101] })
    expect(plain(script.account.equityE8())).toBe('9980')
    expect(script.account.equityEstimateE8()).toBe(9_980e8)
    expect(plain(script.account.equityAtE8([{ bidE8: price(109), askE8: price(111) }]))).toBe('10080')
    const short = scripted({ firstBid: 99, firstAsk: 101 })
    short.submit(sell)
    short.bar([99, 99, 99, 99], { ask: [101, 101, 101, 101] })
    expect(plain(short.account.equityE8())).toBe('9980')
    expect(plain(short.account.marginUsedE8())).toBe('1010')
  })

  test('35. below the maintenance margin at the open, everything is closed at the open', () => {
    const script = holdingTwiceTheEquity()
    expect(script.bar([52, 53, 51, 52])).toEqual(['liquidated @ 52', 'liquidation: sell 200 @ 52'])
    expect(plain(script.account.cashE8)).toBe('400')
    // One that the margin just carries is left alone.
    expect(holdingTwiceTheEquity().bar([56, 57, 55.55555556, 56])).toEqual([])
  })

  test('36. below it inside the bar, everything is closed at the price where it was reached', () => {
    const script = holdingTwiceTheEquity()
    expect(script.bar([60, 61, 50, 58])).toEqual([
      'liquidated @ 55.55555555',
      'liquidation: sell 200 @ 55.55555555',
    ])
    const short = scripted({ instruments: [LEVERAGED] })
    short.submit({ ...sell, size: units(200) })
    short.bar([100, 100, 100, 100])
    // Equity is 30,000 less the value: a tenth of the value at 136.3636….
    expect(short.bar([130, 140, 129, 131])).toEqual([
      'liquidated @ 136.36363637',
      'liquidation: buy 200 @ 136.36363637',
    ])
    const stopped = holdingTwiceTheEquity()
    stopped.submit({ ...sellStop(58), size: units(200), reduceOnly: true })
    expect(stopped.bar([60, 61, 50, 58])).toEqual(['sell 200 @ 58'])
    const limited = holdingTwiceTheEquity()
    limited.bar([60, 60, 60, 60])
    limited.submit({ ...sellLimit(61), size: units(200), reduceOnly: true })
    expect(limited.bar([60, 61, 50, 58])[0]).toBe('liquidated @ 55.55555555')
  })

  test('37. a liquidation cancels every order, and closes every position of the account', () => {
    const script = scripted({ instruments: [LEVERAGED, LEVERAGED] })
    script.bar([20, 20, 20, 20], { instrument: 1 })
    script.submit({ ...buy, size: units(180) })
    script.submit({ ...buy, instrument: 1, size: units(100) })
    script.bar([100, 100, 100, 100])
    script.bar([20, 20, 20, 20], { instrument: 1 })
    script.submit({ ...sellLimit(500), instrument: 1 })
    script.submit({ ...sellLimit(500) })
    expect(script.bar([50, 50, 50, 50])).toEqual([
      'liquidated @ 50',
      'cancelled 3: liquidated',
      'cancelled 2: liquidated',
      'liquidation: sell 180 @ 50',
      'liquidation: sell 100 @ 20',
    ])
    expect(plain(script.account.cashE8)).toBe('1000')
    expect(script.account.isClosed).toBe(false)
  })

  test('38. an account whose equity reaches zero is closed', () => {
    const script = holdingTwiceTheEquity()
    expect(script.bar([45, 45, 45, 45])).toEqual([
      'liquidated @ 45',
      'liquidation: sell 200 @ 45',
      'account closed at -1000',
    ])
    expect(script.account.isClosed).toBe(true)
    expect(script.refusal(buy)).toBe('accountClosed')
  })
})

describe('refusals', () => {
  test('39. a price on the wrong side is refused', () => {
    const script = scripted()
    expect(script.submit(buyStop(99))).toEqual({
      accepted: false,
      reason: 'price',
      field: 'stop',
      value: price(99),
      referenceE8: price(100),
    })
    const field = (order: ScriptedOrder) => {
      const submission = script.submit(order)
      return !submission.accepted && submission.reason === 'price' ? submission.field : null
    }
    expect(field(buyStop(100))).toBe('stop')
    expect(field(sellStop(100))).toBe('stop')
    expect(field(buyStop(101))).toBeNull()
    expect(field({ ...buy, ...bracket(100, null) })).toBe('stopLoss')
    expect(field({ ...buy, ...bracket(null, 100) })).toBe('takeProfit')
    expect(field({ ...sell, ...bracket(99, null) })).toBe('stopLoss')
    // Judged by the limit, which is where the entry would be.
    expect(field({ ...buyLimit(90), ...bracket(91, null) })).toBe('stopLoss')
    expect(field({ ...buyLimit(90), ...bracket(89, 91) })).toBeNull()
    expect(field({ ...buy, kind: 'limit', limitE8: priceE8(0n) })).toBe('limit')
    expect(field({ ...sell, kind: 'trailingStop', trailPpm: ppm(1_000_000) })).toBe('trail')
    expect(field({ ...sell, kind: 'trailingStop', trailE8: priceE8(0n) })).toBe('trail')
  })

  test('40. a closed market takes no order', () => {
    const isOpen = (timeMs: number) => timeMs < START_MS + 2 * BAR_MS
    const script = scripted({ instruments: [{ ...SHARES, isOpen }] })
    expect(script.refusal(buy)).toBeNull()
    script.bar([100, 100, 100, 100])
    expect(script.refusal(buy)).toBe('marketClosed')
  })
})

test('every rule of docs/fills.md has a test of its number, and the other way round', () => {
  const numbers = (file: string, pattern: RegExp) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(pattern)].map(match =>
      Number(match[1]),
    )
  const rules = numbers('../../docs/fills.md', /^\*\*(\d+)\. /gm)
  expect(rules).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  expect(numbers('fills.test.ts', /^ {2}test\(['"](\d+)\. /gm)).toEqual(rules)
})
