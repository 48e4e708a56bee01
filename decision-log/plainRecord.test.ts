import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type DecisionRecord } from '../core/index.ts'
import { plainRecord } from './plainRecord.ts'
import { recordSchema } from './recordSchema.ts'
import { anyRecord } from './test/anyRecord.ts'

test('any record reads as its schema reads it', () => {
  fc.assert(
    fc.property(anyRecord, record => {
      const plain = plainRecord(record)
      expect(plain).toEqual(recordSchema.parse(record))
      expect(canonicalJson(plain)).toBe(canonicalJson(recordSchema.parse(record)))
    }),
  )
})

const ODD = [
  ...[undefined, null, true, '', '0x', 'gold', '\ud800', 'x'.repeat(257), `0x${'AB'.repeat(20)}`],
  ...[-1, -0, 0.5, 2 ** 31, 2 ** 53, Number.NaN, 5n, {}, [], [undefined], new Array(1), new Date(0)],
]

test('what it takes, the schema takes too, and says the same: whatever stands in any place of a record', () => {
  let taken = 0
  fc.assert(
    fc.property(anyRecord, fc.constantFrom(...ODD), fc.nat(), (record, odd, at) => {
      const places = [
        ...placesOf(record),
        'advice',
        'observed.advice',
        'output.advice',
        'attributions.0.advice',
      ]
      const changed = withValue(record, (places[at % places.length] ?? '').split('.'), odd) as DecisionRecord
      const plain = plainRecord(changed)
      const checked = recordSchema.safeParse(changed)
      expect(plain !== null).toBe(checked.success)
      if (plain === null) return
      taken++
      expect(canonicalJson(plain)).toBe(canonicalJson(checked.data))
    }),
    { numRuns: 600 },
  )
  expect(taken).toBeGreaterThan(0)
})

test('a field that is not the record’s own is left to the schema', () => {
  fc.assert(
    fc.property(anyRecord, ({ salt, ...rest }) => {
      expect(plainRecord(Object.assign(Object.create({ salt }), rest))).toBeNull()
      expect(plainRecord(Object.assign(Object.create({ salt }), rest, { pepper: salt }))).toBeNull()
    }),
    { numRuns: 20 },
  )
})

/** The paths of all fields below a value. */
function placesOf(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, part]) => [
    `${path}${key}`,
    ...(part !== null && typeof part === 'object' ? placesOf(part, `${path}${key}.`) : []),
  ])
}

function withValue(target: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value
  const copy = Array.isArray(target) ? [...target] : { ...(target as object) }
  Reflect.set(copy, key, withValue(Reflect.get(copy, key), rest, value))
  return copy
}
