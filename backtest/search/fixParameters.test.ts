import { describe, expect, test } from 'vitest'
import { choice, createSearch, fixParameters, integer, parameters, real } from './index.ts'

const space = parameters(
  { fast: integer(1, 9), slow: integer(2, 10), rate: real(0, 1), side: choice(['long', 'both']) },
  {
    where: ({ fast, slow }) => fast < slow,
    defaults: { fast: 3, slow: 5, rate: 0.5, side: 'both' },
  },
)

describe('a space with fixed parameters', () => {
  test('has the points of the whole one that hold the values, in the order of its parameters', () => {
    const fixed = fixParameters(space, { slow: 4, rate: 0.25 })
    expect(fixed.names).toEqual(space.names)
    const search = createSearch({ space: fixed, method: 'grid', seed: 1 })
    const points = Array.from({ length: search.total }, () => search.ask()?.point)
    expect(points).toEqual(
      [1, 2, 3].flatMap(fast => ['long', 'both'].map(side => ({ fast, slow: 4, rate: 0.25, side }))),
    )
    expect(search.ask()).toBeNull()
    for (const point of points) expect(space.check(point)).toEqual(point)
  })

  test('keeps the defaults that go with the values, and has none where they do not', () => {
    expect(fixParameters(space, { slow: 4 }).defaults).toEqual({ ...space.defaults, slow: 4 })
    expect(fixParameters(space, { slow: 2 }).defaults).toBeNull()
  })

  test('is another space, or the same one where nothing is fixed', () => {
    expect(fixParameters(space, { slow: 4 }).hash).not.toBe(space.hash)
    expect(fixParameters(space, {}).hash).toBe(space.hash)
  })

  test.each<[string, Record<string, string | number>, string]>([
    ['unknown', { slwo: 4 }, 'There is no parameter "slwo".'],
    ['of a prototype', { toString: 4 }, 'There is no parameter "toString".'],
    ['out of range', { slow: 11 }, 'Parameter "slow" is 11, outside 2 to 10.'],
    ['of another type', { slow: 'four' }, 'Parameter "slow" is "four", not a number.'],
    ['none of the choices', { side: 'short' }, 'Parameter "side" is "short", none of "long", "both".'],
  ])('refuses one that is %s', (_, values, message) => {
    expect(() => fixParameters(space, values)).toThrow(message)
  })
})

describe('defaults', () => {
  test('are a point, in the order of the definitions', () => {
    expect(Object.keys(space.defaults ?? {})).toEqual(space.names)
    expect(parameters({ fast: integer(1, 9) }).defaults).toBeNull()
  })

  test('are refused where they are none of the space', () => {
    expect(() => parameters({ fast: integer(1, 9) }, { defaults: { fast: 10 } })).toThrow(
      'Parameter "fast" is 10, outside 1 to 9.',
    )
    const where = ({ fast }: { readonly fast: number }) => fast > 5
    expect(() => parameters({ fast: integer(1, 9) }, { where, defaults: { fast: 5 } })).toThrow(
      '{"fast":5} is not among the points of this search.',
    )
  })
})
