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

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 0, Symbol('x')])(
  '%s has no canonical text',
  value => {
    expect(() => canonicalJson(value)).toThrow('has no canonical JSON text')
  },
)
