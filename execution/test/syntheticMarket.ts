import fc from 'fast-check'
import {
  type BarValue,
  type Instrument,
  type InstrumentId,
  instrumentId,
  type MarketEvent,
  type MarketValue,
  priceE8,
  quantity,
  type Random,
  type SwapValue,
  seededRandom,
  unixMs,
  ZERO_ADDRESS,
} from '../../core/index.ts'

/** A gold-like instrument with three decimals, so that rounding shows. */
export const GOLD: Instrument = {
  id: instrumentId('test:XAU'),
  kind: 'spot',
  symbol: 'XAU',
  decimals: 3,
  quote: 'USD',
}

/** Another instrument that an agent may observe. */
export const CURVE: InstrumentId = instrumentId('test:CURVE')

/** Monday 2024-01-01, 00:00 UTC. */
export const START_MS = 1_704_067_200_000

type Place = {
  readonly validAt: number
  readonly knownAt: number
  readonly row: number
  readonly feed?: string
}

/** An event of a test feed. */
export function eventAt<V extends MarketValue>(
  value: V,
  { validAt, knownAt, row, feed = 'test:feed' }: Place,
  instrument: InstrumentId = GOLD.id,
): MarketEvent<V> {
  return {
    validAt: unixMs(validAt),
    knownAt: unixMs(knownAt),
    lineage: { kind: 'feed', feed, sequence: row },
    instrument,
    value,
  }
}

/** A bar from open to close with a spread of `spread` between bid and ask, in 10⁻⁸. */
export function barValue(open: bigint, close: bigint, closeMs: number, spread = 0n): BarValue {
  const side = (shift: bigint) => {
    const [first, last] = [open + shift, close + shift]
    const [high, low] = first > last ? [first, last] : [last, first]
    return { open: priceE8(first), high: priceE8(high), low: priceE8(low), close: priceE8(last) }
  }
  return { type: 'bar', closeMs: unixMs(closeMs), bid: side(-spread / 2n), ask: side(spread / 2n) }
}

/** A swap that leaves the pool at a price. */
export function swapValue(price: bigint, base = 1_000n): SwapValue {
  const size = base < 0n ? -base : base
  return {
    type: 'swap',
    pool: ZERO_ADDRESS,
    baseDelta: quantity(base),
    quoteDelta: -(base * price) / 1_000n,
    notionalE8: (size * price) / 1_000n,
    priceE8: priceE8(price),
    sqrtPriceX96: price << 64n,
    liquidity: 10n ** 12n,
    tick: 0,
    sender: ZERO_ADDRESS,
    recipient: ZERO_ADDRESS,
  }
}

/** A random walk of bars, each opening where the last closed. */
export function randomBars(count: number, everyMs: number, seed = 1): MarketEvent<BarValue>[] {
  const random: Random = seededRandom(seed)
  const events: MarketEvent<BarValue>[] = []
  let price = 2_000_00000000n
  for (let row = 0; row < count; row++) {
    const open = price
    price += BigInt(Math.round((random() - 0.5) * 1e9))
    if (price < 1_00000000n) price = 1_00000000n
    const validAt = START_MS + row * everyMs
    events.push(
      eventAt(barValue(open, price, validAt + everyMs, 50_000_000n), {
        validAt,
        knownAt: validAt + everyMs,
        row,
      }),
    )
  }
  return events
}

/** Swaps every ten seconds or so, in which flow and price have some momentum. */
export function momentumSwaps(count: number, seed: number): MarketEvent[] {
  const random = seededRandom(seed)
  let now = START_MS
  let price = 2_000_00000000
  let drift = 0
  return Array.from({ length: count }, (_, row) => {
    now += 1_000 + Math.floor(random() * 20_000)
    drift = 0.95 * drift + 0.0003 * (random() - 0.5)
    price *= 1 + drift
    const base = Math.round(drift * 1e7) + Math.round((random() - 0.5) * 200)
    return eventAt(swapValue(BigInt(Math.round(price)), BigInt(base)), { validAt: now, knownAt: now, row })
  })
}

/**
 * Streams of bars, swaps, clock ticks and events of another instrument in the total order: irregular gaps,
 * jumps, equal known times, and a finality delay on swaps.
 */
export const streams = (maxLength = 60): fc.Arbitrary<MarketEvent[]> =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom('bar', 'swap', 'swap', 'bar', 'clock', 'curve'),
        gapMs: fc.oneof(
          fc.constant(0),
          fc.integer({ min: 1, max: 90_000 }),
          fc.integer({ min: 1, max: 8_000_000 }),
        ),
        movePpm: fc.oneof(fc.integer({ min: -3_000, max: 3_000 }), fc.integer({ min: -60_000, max: 60_000 })),
        base: fc.integer({ min: -5_000, max: 5_000 }),
      }),
      { maxLength, size: 'max' },
    )
    .map(rows => {
      let now = START_MS
      let price = 2_000_00000000n
      return rows.map(({ kind, gapMs, movePpm, base }, row) => {
        const before = now
        now += gapMs
        const open = price
        if (kind === 'bar' || kind === 'swap') price += (price * BigInt(movePpm)) / 1_000_000n
        const place = { validAt: now, knownAt: now, row }
        if (kind === 'bar')
          return eventAt(barValue(open, price, now, 20_000_000n), { ...place, validAt: before })
        if (kind === 'swap')
          return eventAt(swapValue(price, BigInt(base)), { ...place, validAt: now - 12_000 })
        if (kind === 'clock') return eventAt({ type: 'clock' }, place)
        const yieldsPpm = { '1M': 50_000, '3M': base + 45_000, '1Y': null, '2Y': 40_000, '10Y': 39_000 }
        return eventAt({ type: 'yieldCurve', yieldsPpm }, place, CURVE)
      })
    })
