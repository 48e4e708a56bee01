import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instrumentId, type MarketEvent, marketColumns, priceE8, unixMs } from '../../core/index.ts'
import { barPrices, RowBar } from './indicators/barPrices.ts'
import { priceIn } from './priceIn.ts'
import { midOf, priceAt } from './rowPrice.ts'
import { bar, event, GOLD, swap } from './sampleEvents.conformance.ts'

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)
/** Of any size, small ones and the largest among them. */
const price = fc
  .oneof(fc.bigInt(-LARGEST, LARGEST), fc.bigInt(-3n, 3n), fc.bigInt(LARGEST - 3n, LARGEST))
  .map(priceE8)
const side = fc.record({ open: price, high: price, low: price, close: price })
const volume = fc.option(fc.bigInt(0n, 10n ** 30n), { nil: undefined })

test('the mid of whole numbers is that of integers, to the last bit, where their sum is past 2^53 too', () => {
  fc.assert(
    fc.property(price, price, (bid, ask) => {
      expect(midOf(Number(bid), Number(ask))).toBe(Number((bid + ask) / 2n) / 1e8)
    }),
    { numRuns: 2_000 },
  )
})

test('the price of a row is that of its event', () => {
  const values = fc.oneof(
    fc.tuple(price, price).map(([bidE8, askE8]) => ({
      type: 'quote' as const,
      bidE8,
      bidSizeE8: 1n,
      askE8,
      askSizeE8: 1n,
    })),
    price.map(priceE8 => ({ type: 'trade' as const, side: 'buy' as const, priceE8, sizeE8: 1n })),
    price.map(priceE8 => ({ ...swap(1).value, priceE8 })),
    fc.tuple(side, side).map(([bid, ask]) => ({ ...bar(1, 1).value, bid, ask })),
  )
  fc.assert(
    fc.property(values, value => {
      const each = event(1, value)
      expect(priceAt(marketColumns([each], [GOLD.id]), 0)).toBe(priceIn(each))
    }),
  )
})

test('a bar in columns reads as its event does, whatever its volume', () => {
  const rowBar = new RowBar()
  fc.assert(
    fc.property(side, side, volume, fc.nat(2 ** 40), (bid, ask, volumeE8, closeMs) => {
      const value = { type: 'bar' as const, bid, ask, closeMs: unixMs(closeMs) }
      const each = event(closeMs, volumeE8 === undefined ? value : { ...value, volumeE8 }, { validAt: 1 })
      const {
        openMs,
        closeMs: at,
        high,
        low,
        close,
        volumeE8: near,
        volumeRestE8,
      } = rowBar.moveTo(marketColumns([each], [GOLD.id]), 0)
      const found = { openMs, closeMs: at, high, low, close, volumeE8: near, volumeRestE8 }
      expect(found).toEqual(barPrices(each))
      if (volumeE8 !== undefined) expect(BigInt(near) + BigInt(volumeRestE8)).toBe(volumeE8)
    }),
  )
})

test('a volume that only columns tell is as exact as their number', () => {
  const whole = event(1, { ...bar(1, 1).value, volumeE8: 10n ** 25n })
  const other: MarketEvent = { ...whole, instrument: instrumentId('sample:OTHER') }
  const columns = { ...marketColumns([whole, other], [GOLD.id, other.instrument]), events: [] }
  const { volumeE8, volumeRestE8 } = new RowBar().moveTo(columns, 0)
  expect([volumeE8, volumeRestE8]).toEqual([1e25, 0])
})
