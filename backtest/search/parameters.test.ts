import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../core/index.ts'
import { choice, integer, type Parameter, parameters, real } from './index.ts'
import { unitScale } from './unitScale.ts'

const space = parameters(
  {
    fast: integer(5, 50),
    slow: integer(10, 200, { step: 5 }),
    threshold: real(0.01, 1, { log: true }),
    share: real(0.05, 0.5, { step: 0.05 }),
    side: choice(['long', 'both']),
    hedged: choice([true, false]),
  },
  { where: ({ fast, slow }) => fast < slow },
)
const point = { fast: 10, slow: 20, threshold: 0.5, share: 0.15, side: 'long', hedged: true } as const

describe('a point', () => {
  test('is taken in the order of the definitions, whatever the order of its fields', () => {
    const { fast, ...others } = point
    expect(Object.keys(space.check({ ...others, fast }))).toEqual(space.names)
    expect(space.check(point)).toEqual(point)
  })

  test('has one text and one hash', () => {
    const text = '{"fast":10,"hedged":true,"share":0.15,"side":"long","slow":20,"threshold":0.5}'
    expect(space.canonical(point)).toBe(text)
    const { fast, ...others } = point
    expect(space.hashOf({ ...others, fast })).toBe(sha256(text))
  })

  test.each<[string, object, string]>([
    ['an unknown parameter', { ...point, fats: 3 }, 'There is no parameter "fats".'],
    ['a missing one', { ...point, slow: undefined }, 'Parameter "slow" is missing.'],
    ['a text for a number', { ...point, fast: '10' }, 'Parameter "fast" is "10", not a number.'],
    ['NaN', { ...point, threshold: Number.NaN }, 'Parameter "threshold" is NaN, not a number.'],
    ['a fraction', { ...point, fast: 10.5 }, 'Parameter "fast" is 10.5, not a whole number.'],
    ['too little', { ...point, fast: 4 }, 'Parameter "fast" is 4, outside 5 to 50.'],
    ['too much', { ...point, threshold: 1.01 }, 'Parameter "threshold" is 1.01, outside 0.01 to 1.'],
    [
      'a value between two steps',
      { ...point, slow: 21 },
      'Parameter "slow" is 21, no multiple of 5 above 10.',
    ],
    [
      'a real between two steps',
      { ...point, share: 0.16 },
      'Parameter "share" is 0.16, no multiple of 0.05 above 0.05.',
    ],
    [
      'a value that is no choice',
      { ...point, side: 'short' },
      'Parameter "side" is "short", none of "long", "both".',
    ],
    [
      'a text for a boolean',
      { ...point, hedged: 'true' },
      'Parameter "hedged" is "true", none of true, false.',
    ],
  ])('with %s is refused by name', (_case, values, message) => {
    expect(() => space.check(values)).toThrow(message)
  })

  test('that `where` leaves out, and what is no object, are refused', () => {
    expect(() => space.check({ ...point, fast: 20 })).toThrow('is not among the points of this search')
    expect(() => space.check([1])).toThrow('A point is an object')
    expect(() => space.check(null)).toThrow('A point is an object')
  })

  test('is told what it may be', () => {
    const hintFor = (values: object) => {
      try {
        space.check(values)
      } catch (error) {
        return (error as { hint: string }).hint
      }
      return null
    }
    expect(hintFor({ ...point, slow: 9 })).toBe('Choose a whole number from 10 to 200 in steps of 5.')
    expect(hintFor({ ...point, side: 1 })).toBe('Choose one of "long", "both".')
  })
})

describe('a definition', () => {
  test.each<[string, Parameter, string]>([
    ['goes down', integer(5, 4), 'goes from 5 to 4, which is below it'],
    ['has a fraction as a whole bound', integer(0.5, 4), 'which are no whole numbers'],
    ['has no end', real(0, Number.POSITIVE_INFINITY), 'which are no finite numbers'],
    ['has a logarithm of zero', real(0, 1, { log: true }), 'has no place on a logarithmic scale'],
    ['has a step of zero', integer(0, 4, { step: 0 }), 'has a step of 0'],
    [
      'has steps on a logarithmic scale',
      integer(1, 9, { step: 2, log: true }),
      'which a logarithmic scale does not keep',
    ],
    ['has step and grid points', real(0, 1, { step: 0.1, gridPoints: 3 }), 'has both a step and grid points'],
    ['has half a grid point', real(0, 1, { gridPoints: 0.5 }), 'has 0.5 grid points'],
    ['offers nothing', choice([]), 'offers no value'],
    ['offers NaN', choice([Number.NaN]), 'offers NaN, which is no finite number'],
    ['offers a value twice', choice(['a', 'a']), 'offers a value twice'],
  ])('that %s is refused by name', (_case, definition, message) => {
    expect(() => parameters({ odd: definition })).toThrow(`Parameter "odd" ${message}`.slice(0, 14))
    expect(() => parameters({ odd: definition })).toThrow(message)
  })

  test('of no parameter is refused', () => {
    expect(() => parameters({})).toThrow('There is no parameter to search.')
  })

  test('decides the hash of a space, the order of the parameters included', () => {
    const hash = parameters({ a: integer(1, 2), b: integer(1, 2) }).hash
    expect(parameters({ a: integer(1, 2), b: integer(1, 2) }).hash).toBe(hash)
    expect(parameters({ b: integer(1, 2), a: integer(1, 2) }).hash).not.toBe(hash)
    expect(parameters({ a: integer(1, 3), b: integer(1, 2) }).hash).not.toBe(hash)
  })
})

describe('the unit scale', () => {
  const anyParameter: fc.Arbitrary<Parameter> = fc.oneof(
    fc
      .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(200), fc.integer({ min: 1, max: 9 }))
      .map(([low, width, step]) => integer(low, low + width, { step })),
    fc
      .tuple(fc.integer({ min: 1, max: 50 }), fc.nat(2_000))
      .map(([low, width]) => integer(low, low + width, { log: true })),
    fc
      .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(40))
      .map(([low, width]) => real(low / 20, (low + width) / 20, { step: 0.05 })),
    fc
      .tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }))
      .map(([low, width]) => real(low, low + width)),
    fc
      .tuple(fc.double({ min: 1e-6, max: 5, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }))
      .map(([low, width]) => real(low, low + width, { log: true })),
    fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 }).map(values => choice(values)),
  )

  test('gives values of the parameter for all of [0, 1], and finds them again', () => {
    fc.assert(
      fc.property(anyParameter, fc.double({ min: 0, max: 1, noNaN: true }), (parameter, unit) => {
        const one = parameters({ one: parameter })
        const scale = unitScale(parameter)
        const value = scale.fromUnit(unit)
        expect(one.check({ one: value })).toEqual({ one: value })
        const place = scale.toUnit(value)
        expect(place).toBeGreaterThanOrEqual(-1e-12)
        expect(place).toBeLessThanOrEqual(1 + 1e-12)
        const again = scale.fromUnit(place)
        if (typeof value === 'number') expect(Number(again)).toBeCloseTo(value, 9)
        else expect(again).toBe(value)
      }),
    )
  })

  test('gives each value of an even one the same share', () => {
    const { fromUnit } = unitScale(integer(3, 7, { step: 2 }))
    expect([0, 0.33, 0.34, 0.66, 0.67, 1].map(fromUnit)).toEqual([3, 3, 5, 5, 7, 7])
  })

  test('is even in the logarithm of a logarithmic one', () => {
    const rate = unitScale(real(0.01, 1, { log: true }))
    expect(rate.fromUnit(0.5)).toBeCloseTo(0.1, 12)
    // 1 stands for [0.5, 1.5], 2 for [1.5, 2.5]: shares of log(4/0.5).
    const count = unitScale(integer(1, 3, { log: true }))
    const border = Math.log(1.5 / 0.5) / Math.log(3.5 / 0.5)
    expect([border - 1e-9, border + 1e-9].map(count.fromUnit)).toEqual([1, 2])
  })
})
