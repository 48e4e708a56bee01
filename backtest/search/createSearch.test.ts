import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import {
  choice,
  createSearch,
  gridSize,
  integer,
  type ParameterSpace,
  type Point,
  parameters,
  real,
  type Search,
  type SearchMethod,
  type Trial,
} from './index.ts'
import { seededPermutation } from './permutation.ts'

const pair = parameters(
  { fast: integer(1, 4), slow: integer(2, 6, { step: 2 }) },
  { where: ({ fast, slow }) => fast < slow },
)
const mixed = parameters({
  rate: real(0.001, 1, { log: true }),
  size: integer(1, 40),
  side: choice(['long', 'both', 'flat']),
})

/** All trials of a search that is told each value at once. */
function runAll<P extends Point>(
  search: Search<P>,
  value: (point: P) => number | null = () => 0,
): Trial<P>[] {
  const trials: Trial<P>[] = []
  for (let trial = search.ask(); trial !== null; trial = search.ask()) {
    trials.push(trial)
    search.tell(trial, value(trial.point))
  }
  expect(search.isExhausted()).toBe(true)
  return trials
}

/** All trials of a search of which several are out at once, told in an order of chance. */
function runOutOfOrder<P extends Point>(
  search: Search<P>,
  value: (point: P) => number,
  seed: number,
  out = 8,
): Trial<P>[] {
  const random = seededRandom(seed)
  const trials: Trial<P>[] = []
  const waiting: Trial<P>[] = []
  for (;;) {
    const trial = waiting.length < out && random() < 0.7 ? search.ask() : null
    if (trial !== null) {
      trials.push(trial)
      waiting.push(trial)
      continue
    }
    const [told] = waiting.splice(Math.floor(random() * waiting.length), 1)
    if (told !== undefined) search.tell(told, value(told.point))
    else if (search.isExhausted()) return trials
  }
}

describe('a grid search', () => {
  test('meets every point once, the last parameter fastest, and knows their number', () => {
    const search = createSearch({ space: pair, method: 'grid', seed: 0 })
    const points = runAll(search).map(({ point: { fast, slow } }) => [fast, slow])
    expect(points).toEqual([
      [1, 2],
      [1, 4],
      [1, 6],
      [2, 4],
      [2, 6],
      [3, 4],
      [3, 6],
      [4, 6],
    ])
    expect(search.total).toBe(8)
    expect(gridSize(pair)).toBe(8)
  })

  test('lays a continuous parameter out evenly, or evenly in its logarithm', () => {
    const space = parameters({
      rate: real(0.01, 1, { log: true, gridPoints: 3 }),
      share: real(0, 1, { gridPoints: 5 }),
      step: real(0.05, 0.2, { step: 0.05 }),
      one: real(2, 3, { gridPoints: 1 }),
    })
    const points = runAll(createSearch({ space, method: 'grid', seed: 0 })).map(({ point }) => point)
    const values = (name: keyof (typeof points)[0]) => [...new Set(points.map(point => point[name]))]
    expect(values('rate')).toEqual([0.01, 0.1, 1])
    expect(values('share')).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(values('step')).toEqual([0.05, 0.1, 0.15, 0.2])
    expect(values('one')).toEqual([2])
    expect(points).toHaveLength(60)
  })

  test('enumerates as it is asked: a part of a grid without end costs what the part does', () => {
    const space = parameters({ a: integer(1, 1e6), b: integer(1, 1e6), c: integer(1, 1e3) })
    const search = createSearch({ space, method: 'grid', seed: 0, trials: 3 })
    expect(gridSize(space)).toBe(1e15)
    expect(runAll(search).map(({ point }) => point.c)).toEqual([1, 2, 3])
  })

  test('refuses what has no grid, and a `where` that admits nothing', () => {
    const method = 'grid'
    expect(() => createSearch({ space: mixed, method, seed: 0 })).toThrow('Parameter "rate" is continuous')
    const nothing = parameters({ a: integer(1, 3) }, { where: () => false })
    expect(() => createSearch({ space: nothing, method, seed: 0 })).toThrow(
      'No combination of the parameters',
    )
    const endless = parameters({ a: integer(0, 2 ** 40), b: integer(0, 2 ** 40) })
    expect(() => createSearch({ space: endless, method, seed: 0 })).toThrow(
      'more points than can be numbered',
    )
  })
})

describe('a random search', () => {
  test('meets every point of a finite space once, in another order for another seed', () => {
    const all = runAll(createSearch({ space: pair, method: 'grid', seed: 0 })).map(({ point }) =>
      pair.canonical(point),
    )
    const orders = [1, 2, 3].map(seed =>
      runAll(createSearch({ space: pair, method: 'random', seed })).map(({ point }) => pair.canonical(point)),
    )
    for (const order of orders) expect(order.toSorted()).toEqual(all.toSorted())
    expect(new Set(orders.map(String)).size).toBe(3)
  })

  test('repeats nothing of a logarithmic whole number either, and prefers what is small', () => {
    const space = parameters({ n: integer(1, 1_000, { log: true }) })
    const points = runAll(createSearch({ space, method: 'random', seed: 7 })).map(({ point }) => point.n)
    expect(new Set(points).size).toBe(1_000)
    const early = points.slice(0, 50).toSorted((a, b) => a - b)
    // Half of an even draw would lie below 500, of one even in the logarithm below about 32.
    expect(early[25]).toBeLessThan(100)
  })

  test('is the same for the same seed, whatever is told in whatever order', () => {
    const start = () => createSearch({ space: mixed, method: 'random', seed: 5, trials: 60 })
    const told = runAll(start(), ({ size }) => size)
    expect(runOutOfOrder(start(), () => 1, 3)).toEqual(told)
    expect(new Set(told.map(({ point }) => mixed.canonical(point))).size).toBe(60)
  })

  test('says when `where` admits next to nothing', () => {
    const space = parameters({ a: real(0, 1) }, { where: () => false })
    const search = createSearch({ space, method: 'random', seed: 1, trials: 5 })
    expect(() => search.ask()).toThrow('`where` admits none of 20000 points drawn at random')
  })

  test('needs an end where the space has none', () => {
    expect(() => createSearch({ space: mixed, method: 'random', seed: 1 })).toThrow('no number of points')
  })

  test('spreads a permutation evenly: no value comes twice, and each place sees each value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (size, seed) => {
        const permuted = seededPermutation(size, seed)
        const values = Array.from({ length: size }, (_, index) => permuted(index))
        expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => index))
      }),
    )
    // χ² of the first place over ten values and 2,000 seeds: 27.9 is exceeded once in 1,000 with 9 degrees of freedom.
    const counts = new Array<number>(10).fill(0)
    for (let seed = 0; seed < 2_000; seed++) {
      const value = seededPermutation(10, seed)(0)
      counts[value] = (counts[value] ?? 0) + 1
    }
    expect(counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)).toBeLessThan(27.9)
  })
})

describe('a TPE search', () => {
  const bowl = ({ rate, size, side }: { rate: number; size: number; side: string }) =>
    -((Math.log10(rate) + 2) ** 2) - ((size - 30) / 25) ** 2 - (side === 'both' ? 0 : 0.5)

  test('gives the same trials whatever the order of the tells and the number that is out', () => {
    const start = () => createSearch({ space: mixed, method: 'tpe', seed: 11, trials: 70 })
    const inOrder = runAll(start(), bowl)
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, out) => {
        expect(runOutOfOrder(start(), bowl, seed, out)).toEqual(inOrder)
      }),
      { numRuns: 12 },
    )
    expect(runAll(createSearch({ space: mixed, method: 'tpe', seed: 12, trials: 70 }), bowl)).not.toEqual(
      inOrder,
    )
  })

  test('waits for the trial that is `parallel` back, and for no other', () => {
    const search = createSearch({ space: mixed, method: { kind: 'tpe', parallel: 3 }, seed: 1, trials: 10 })
    const [first, second, third] = [search.ask(), search.ask(), search.ask()]
    expect(search.ask()).toBeNull()
    expect(search.isExhausted()).toBe(false)
    search.tell(second!, 1)
    search.tell(third!, 1)
    expect(search.ask()).toBeNull()
    search.tell(first!, 1)
    expect([search.ask(), search.ask(), search.ask()].map(trial => trial?.trial)).toEqual([3, 4, 5])
    expect(search.ask()).toBeNull()
  })

  test('meets every point of a small space once, `where` heeded', () => {
    const search = createSearch({ space: pair, method: 'tpe', seed: 1, trials: 100 })
    expect(search.total).toBe(8)
    const points = runAll(search, ({ fast }) => fast).map(({ point }) => pair.canonical(pair.check(point)))
    expect(new Set(points).size).toBe(8)
  })

  test('goes on when trials fail, and when all do', () => {
    const space = mixed
    const failing = ({ side }: { side: string }) => (side === 'both' ? null : 1)
    const trials = runAll(createSearch({ space, method: 'tpe', seed: 3, trials: 120 }), failing)
    const failed = trials.slice(60).filter(({ point }) => failing(point) === null)
    // One of three sides fails: by chance 20 of 60 would.
    expect(failed.length).toBeLessThan(12)
    expect(runAll(createSearch({ space, method: 'tpe', seed: 3, trials: 40 }), () => null)).toHaveLength(40)
  })

  type Case = readonly [string, ParameterSpace, (point: Record<string, number & string>) => number, number]
  const cases: readonly Case[] = [
    [
      "Branin's function within 0.4 of its minimum",
      parameters({ x: real(-5, 10), y: real(0, 15) }),
      // F. Branin 1972; minimum 0.397887.
      ({ x = 0, y = 0 }) =>
        (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 +
        10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
        10,
      0.8,
    ],
    [
      'a logarithmic rate and a whole number',
      parameters({ rate: real(1e-4, 1, { log: true }), size: integer(1, 100) }),
      ({ rate = 1, size = 0 }) => (Math.log10(rate) + 2) ** 2 + ((size - 30) / 25) ** 2,
      0.03,
    ],
    [
      'a pair that `where` couples',
      parameters(
        { fast: integer(5, 50), slow: integer(10, 200, { step: 5 }) },
        { where: ({ fast, slow }) => fast < slow },
      ),
      ({ fast = 0, slow = 0 }) => ((fast - 18) / 10) ** 2 + ((slow - 95) / 40) ** 2,
      0.02,
    ],
    [
      'a choice among real and whole numbers',
      parameters({
        a: real(0, 1),
        b: real(0, 1),
        side: choice(['long', 'short', 'both']),
        k: integer(1, 20),
      }),
      ({ a = 0, b = 0, k = 0, ...rest }) =>
        (a - 0.7) ** 2 + (b - 0.2) ** 2 + ((k - 12) / 20) ** 2 + (rest['side'] === 'both' ? 0 : 0.3),
      0.03,
    ],
  ]
  const SEEDS = 15
  const TRIALS = 150

  /** Trials until a value is reached; one more than there are where it is not. */
  function trialsToReach(method: SearchMethod, [, space, value, target]: Case, seed: number): number {
    const search = createSearch({ space, method, seed, trials: TRIALS, goal: 'minimise' })
    // As with eight workers: each trial is told seven later.
    const out: Trial[] = []
    for (;;) {
      const trial = out.length < 8 ? search.ask() : null
      if (trial !== null) out.push(trial)
      const told = trial === null || out.length === 8 ? out.shift() : undefined
      if (trial === null && told === undefined) return TRIALS + 1
      if (told === undefined) continue
      const result = value(told.point as Record<string, number & string>)
      if (result <= target) return told.trial + 1
      search.tell(told, result)
    }
  }

  test.each(cases)('finds %s in fewer trials than random search', (...one) => {
    const counts = Array.from({ length: SEEDS }, (_, seed) => ({
      seed,
      tpe: trialsToReach('tpe', one, seed),
      random: trialsToReach('random', one, seed),
    }))
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(SEEDS / 2)]!
    const [tpe, random] = [median(counts.map(({ tpe }) => tpe)), median(counts.map(({ random }) => random))]
    expect(tpe, JSON.stringify(counts)).toBeLessThan(0.7 * random)
    // Sign test: were both as good, 12 wins of 15 or more would have a probability of 1.8 %.
    const wins = counts.filter(({ tpe, random }) => tpe < random).length
    expect(wins, JSON.stringify(counts)).toBeGreaterThanOrEqual(12)
  })

  test('refuses settings that do not fit', () => {
    const start = (settings: object) =>
      createSearch({ space: mixed, method: { kind: 'tpe', ...settings }, seed: 1, trials: 10 })
    expect(() => start({ candidates: 0 })).toThrow('candidates is 0, not a whole number above 0')
    expect(() => start({ goodShare: 1 })).toThrow('goodShare is 1, not a share between 0 and 1')
    expect(() => start({ startup: 4 })).toThrow('startup is 4, fewer than the 8 trials')
    expect(() => createSearch({ space: mixed, method: 'tpe', seed: 1 })).toThrow('no end of its own')
  })
})

describe('any search', () => {
  const methods: readonly SearchMethod[] = ['grid', 'random', 'tpe']
  const space = parameters(
    { a: integer(1, 12), b: real(0, 1, { step: 0.125 }), c: choice(['x', 'y']) },
    { where: ({ a, b }) => a * b < 8 },
  )
  const value = ({ a, b, c }: { a: number; b: number; c: string }) =>
    a > 10 ? null : a * b + (c === 'x' ? 1 : 0)

  test.each(methods)('%s goes on from its state as if it had never stopped', method => {
    const options = { space, method, seed: 21, trials: 60 } as const
    const whole = runAll(createSearch(options), value)
    fc.assert(
      fc.property(fc.nat(59), fc.nat(7), (stop, out) => {
        const search = createSearch(options)
        const open: Trial<(typeof whole)[0]['point']>[] = []
        const asked: typeof open = []
        while (asked.length < stop) {
          const trial = open.length <= out ? search.ask() : null
          if (trial !== null) {
            asked.push(trial)
            open.push(trial)
          } else {
            const told = open.shift()!
            search.tell(told, value(told.point))
          }
        }
        const state: unknown = JSON.parse(JSON.stringify(search.state()))
        const again = createSearch({ ...options, state: state as ReturnType<typeof search.state> })
        expect(again.best()).toEqual(search.best())
        for (const trial of open) again.tell(trial, value(trial.point))
        expect([...asked, ...runAll(again, value)]).toEqual(whole)
      }),
      { numRuns: 15 },
    )
  })

  test.each(methods)('%s gives points of its space, numbers them, and knows the best', method => {
    const search = createSearch({ space, method, seed: 4, trials: 80, goal: 'minimise' })
    const trials = runAll(search, value)
    expect(trials.map(({ trial }) => trial)).toEqual(trials.map((_, index) => index))
    const values = trials.map(({ point }) => value(space.check(point)))
    const least = Math.min(...values.filter(one => one !== null))
    expect(search.best()).toEqual({ ...trials[values.indexOf(least)], value: least })
  })

  test('refuses what was not asked, what was told, and what is no number', () => {
    const search = createSearch({ space, method: 'grid', seed: 0 })
    const trial = search.ask()!
    expect(() => search.tell({ ...trial, trial: 1 }, 1)).toThrow('Trial 1 was never asked for.')
    expect(() => search.tell(trial, Number.NaN)).toThrow('The value of trial 0 is NaN, not a finite number.')
    search.tell(trial, null)
    expect(() => search.tell(trial, 1)).toThrow('Trial 0 was told before.')
    expect(search.best()).toBeNull()
  })

  test('refuses the state of another, a seed that is none, and half a trial', () => {
    const state = createSearch({ space, method: 'random', seed: 1 }).state()
    expect(() => createSearch({ space, method: 'random', seed: 2, state })).toThrow('of another search')
    expect(() => createSearch({ space, method: 'grid', seed: 0.5 })).toThrow('0.5 is no seed.')
    expect(() => createSearch({ space, method: 'grid', seed: 0, trials: 1.5 })).toThrow(
      '1.5 is no number of trials.',
    )
  })
})
