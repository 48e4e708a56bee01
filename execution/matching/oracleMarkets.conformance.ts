// Random accounts, markets and order scripts for the comparison of the account with the oracle: small whole
// prices on a coarse grid, so that gaps, equal prices, touched limits and bars that reach both legs are common.
import fc from 'fast-check'

const DECIMALS = [0, 2, 8, 18] as const

export const instrument = fc.record({
  decimals: fc.constantFrom(...DECIMALS),
  /** Sizes are whole units, or any fraction. */
  wholeUnits: fc.boolean(),
  minimumUnits: fc.constantFrom(0, 0, 0, 2),
  leverage: fc.constantFrom(1, 1, 2, 5, 20),
  maintenancePpm: fc.constantFrom(1, 20_000, 50_000),
})

export const costs = fc.record({
  takerPpm: fc.constantFrom(0, 0, 1_000, 2_500, 33_333),
  makerPpm: fc.constantFrom(0, 0, 500, 777),
  fixedE8: fc.constantFrom(0, 0, 1, 50_000_000),
  halfSpreadPpm: fc.constantFrom(0, 0, 300, 10_001),
  entrySpreadPpm: fc.constantFrom(0, 0, 0, 2_000),
  latencyMs: fc.constantFrom(0, 0, 0, 1, 30_000, 90_000),
})

const level = fc.integer({ min: -6, max: 6 })
const trail = fc.oneof(
  fc.record({ trailLevels: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ trailPpm: fc.constantFrom<number[]>(1, 20_000, 66_667) }),
)

/** Mostly the first. */
const rarely = <T>(usual: T, other: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12 - weight, arbitrary: fc.constant(usual) }, { weight, arbitrary: other })

export const order = fc.record({
  instrument: rarely(0, fc.constant(1), 4),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  kind: fc.constantFrom('market', 'market', 'market', 'market', 'limit', 'stop', 'stopLimit', 'trailingStop'),
  limit: level,
  stop: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 0 }) },
  ),
  trail,
  size: fc.oneof(
    fc.record({ units: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ dust: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ cashPpm: fc.integer({ min: 1, max: 1_200_000 }) }),
    fc.record({ equityPpm: fc.oneof(fc.constant(1_000_000), fc.integer({ min: 1, max: 1_100_000 })) }),
    /** A share of all that leverage allows. */
    fc.record({
      leveragedPpm: fc.oneof(fc.constant(1_000_000), fc.integer({ min: 500_000, max: 1_100_000 })),
    }),
  ),
  goodForHalfBars: rarely(0, fc.constantFrom(1, 2, 3, 7), 3),
  reduceOnly: rarely(false, fc.constant(true), 2),
  lot: rarely(-1, fc.integer({ min: 0, max: 5 })),
  exclusive: rarely(false, fc.constant(true), 3),
  stopLoss: rarely<null | { levels: number } | { trailLevels: number } | { trailPpm: number }>(
    null,
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ levels: fc.integer({ min: 0, max: 6 }) }) },
      { weight: 1, arbitrary: trail },
    ),
    5,
  ),
  takeProfit: rarely<null | number>(null, fc.integer({ min: 0, max: 6 }), 5),
})

export const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ submit: order }) },
  { weight: 2, arbitrary: fc.record({ cancel: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ time: fc.constant(true) }) },
)

export const step = fc.record({
  instrument: rarely(0, fc.constant(1), 4),
  kind: fc.constantFrom('bar', 'bar', 'bar', 'bar', 'bar', 'sameBar', 'tick', 'tickAtOnce'),
  /** Added to every price, in 10⁻⁸. */
  offGridE8: rarely(0, fc.integer({ min: 1, max: 3 }), 4),
  gapMs: fc.constantFrom(0, 0, 0, 0, 15_000),
  /** From the last close to the open, in levels. */
  jump: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -1, max: 1 }) },
    { weight: 2, arbitrary: fc.integer({ min: -8, max: 8 }) },
  ),
  rise: fc.integer({ min: 0, max: 6 }),
  fall: fc.integer({ min: 0, max: 6 }),
  close: fc.integer({ min: 0, max: 12 }),
  /** Ask over bid in quarters of a level: at the open, the high, the low, the close. */
  spreads: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
  actions: fc.array(action, { maxLength: 2 }),
})

export const market = fc.record({
  instruments: fc.tuple(instrument, instrument),
  costs,
  hedging: fc.boolean(),
  thisClose: fc.constantFrom(false, false, false, true),
  withoutSpread: fc.boolean(),
  cash: fc.constantFrom(1_000n, 10_000n, 1_234n),
  /** One level of the price grid, in 10⁻⁸: divisible by four. */
  levelE8: fc.constantFrom(100_000_000, 33_333_332, 1_234_567_888, 4),
  steps: fc.array(step, { minLength: 8, maxLength: 40, size: 'max' }),
})

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never
export type RandomMarket = Of<typeof market>
export type RandomStep = Of<typeof step>
export type RandomOrder = Of<typeof order>
