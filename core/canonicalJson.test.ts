import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, parseCanonicalJson } from './canonicalJson.ts'

test('sorts keys, keeps integers exact, leaves no space', () => {
  expect(canonicalJson({ b: 10n ** 30n, a: [1, null, 'x"', true], c: undefined })).toBe(
    '{"a":[1,null,"x\\"",true],"b":{"$int":"1000000000000000000000000000000"}}',
  )
})

test('the text does not depend on the order of keys, and reads back', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.bigInt(), fc.boolean(), fc.constant(null))
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string().filter(key => key !== '$int' && key !== '__proto__'),
        leaf,
      ),
      fields => {
        const reversed = Object.fromEntries(Object.entries(fields).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(fields))
        expect(canonicalJson(parseCanonicalJson(canonicalJson(fields)))).toBe(canonicalJson(fields))
      },
    ),
  )
})

/** The plain way, by a reviver. */
const revived = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && '$int' in value && Object.keys(value).length === 1
      ? BigInt(String(value.$int))
      : value,
  )

test('any JSON reads as it would by a reviver, or fails as it would', () => {
  const integer = fc.bigInt().map(value => ({ $int: String(value) }))
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, 1.5, 'text', { $int: 'none' }, { $int: '' }, { $int: null }, []),
      integer,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('$int', '__proto__', '0', 'a', 'b'), tie('value'), { maxKeys: 3 }),
    ),
  }))
  const read = (parse: (text: string) => unknown, text: string) => {
    try {
      return { value: parse(text) }
    } catch (error) {
      return { error: (error as Error).name }
    }
  }
  let failed = 0
  fc.assert(
    fc.property(value, json => {
      const text = JSON.stringify(json)
      const expected = read(revived, text)
      if ('error' in expected) failed++
      expect(read(parseCanonicalJson, text)).toStrictEqual(expected)
    }),
    { numRuns: 2_000 },
  )
  expect(failed).toBeGreaterThan(100)
  expect(parseCanonicalJson('{"__proto__":{"$int":"1"}}')).toStrictEqual(
    Object.fromEntries([['__proto__', 1n]]),
  )
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 0, Symbol('x')])(
  '%s has no canonical text',
  value => {
    expect(() => canonicalJson(value)).toThrow('has no canonical JSON text')
  },
)
