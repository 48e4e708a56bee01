import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../core/index.ts'
import { joinColumns, takeRows } from './joinColumns.ts'
import { numberKeys } from './numberKeys.ts'
import { radixOrder } from './radixOrder.ts'

describe('joinColumns', () => {
  const random = seededRandom(11)
  const whole = (below: number) => Math.floor(random() * below)

  test.each([1_000, 3_000_000_000, 40_000_000_000_000])(
    'agrees with the rules read literally over many rows and times up to %i',
    range => {
      const rows = 600
      const asset = Int32Array.from({ length: rows }, () => whole(4) - 1)
      const validAt = Float64Array.from({ length: rows }, () => whole(range))
      const knownAt = validAt.map(at => at + (random() < 0.3 ? 0 : whole(range / 4)))
      const at = Float64Array.from({ length: 400 }, () => whole(range))
      const wanted = Int32Array.from({ length: 400 }, () => whole(6) - 2)
      const maxAge = Math.floor(range / 5)
      for (const knownTimeCutoff of [true, false]) {
        const [chosen] = joinColumns({
          labels: { keys: { asset: wanted }, at },
          views: [{ name: 'v', keys: { asset }, validAt, knownAt, maxAge }],
          knownTimeCutoff,
        })
        const expected = Array.from(at, (time, l) => {
          let best = -1
          for (let r = 0; r < rows; r++) {
            if (asset[r] !== wanted[l] || validAt[r]! > time || validAt[r]! < time - maxAge) continue
            if (knownTimeCutoff && knownAt[r]! > time) continue
            if (
              best < 0 ||
              validAt[r]! > validAt[best]! ||
              (validAt[r] === validAt[best] && knownAt[r]! > knownAt[best]!)
            )
              best = r
          }
          return best
        })
        expect([...(chosen ?? [])]).toEqual(expected)
      }
    },
  )

  test('joins views of any sizes together as it joins each alone', () => {
    const views = [50, 400, 3, 0, 120].map((rows, v) => {
      const validAt = Float64Array.from({ length: rows }, () => whole(5_000_000_000))
      return {
        name: `v${v}`,
        keys: v === 2 ? {} : { asset: Int32Array.from(validAt, () => whole(3)) },
        validAt: v === 4 ? validAt.sort() : validAt,
        knownAt: validAt.map(at => at + whole(1_000_000_000)),
      }
    })
    const labels = {
      keys: { asset: Int32Array.from({ length: 100 }, () => whole(4)) },
      at: Float64Array.from({ length: 100 }, () => whole(6_000_000_000)),
    }
    for (const knownTimeCutoff of [true, false])
      expect(joinColumns({ labels, views, knownTimeCutoff })).toEqual(
        views.flatMap(view => joinColumns({ labels, views: [view], knownTimeCutoff })),
      )
  })

  const one = Float64Array.of(1)
  test('names what does not fit', () => {
    const labels = { keys: { asset: Int32Array.of(1) }, at: one }
    const view = { name: 'v', keys: { asset: Int32Array.of(1) }, validAt: one, knownAt: one }
    const run = (changed: object) => () => joinColumns({ labels, views: [{ ...view, ...changed }] })
    expect(run({ keys: { pool: Int32Array.of(1) } })).toThrow(
      'The labels have no key column "pool", which view "v" needs.',
    )
    expect(run({ keys: { asset: new Int32Array(2) } })).toThrow(
      'Key column 0 of the join with "v" has 2 entries instead of 1.',
    )
    expect(run({ knownAt: new Float64Array(2) })).toThrow('View "v" has 1 validAt times and 2 knownAt times.')
    expect(run({ validAt: Float64Array.of(Number.NaN) })).toThrow(
      'Time "validAt" of row 0 of view "v" is NaN.',
    )
    expect(run({ maxAge: -1 })).toThrow('View "v" has a maximum age of -1.')
  })

  test('takes values by the chosen rows', () =>
    expect([...takeRows(Float32Array.of(5, 6), Int32Array.of(1, -1, 0))]).toEqual([6, Number.NaN, 5]))
})

describe('radixOrder', () => {
  test('sorts any whole numbers, equal ones in the order given', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc
            .oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }), fc.constant(1_700_000_000_000))
            .map(Math.trunc)
            .filter(value => Math.abs(value) < 2 ** 52),
        ),
        numbers => {
          const { sorted, order } = radixOrder(Float64Array.from(numbers))
          const expected = numbers
            .map((value, i) => [value, i] as const)
            .sort(([a, i], [b, j]) => a - b || i - j)
          expect([...sorted]).toEqual(expected.map(([value]) => value))
          expect(order === null ? numbers.map((_, i) => i) : [...order]).toEqual(expected.map(([, i]) => i))
        },
      ),
      { numRuns: 500 },
    ))
})

describe('numberKeys', () => {
  test('gives equal numbers to equal tuples only, of codes far apart and of parts alike', () => {
    const part = fc.constantFrom<string | number>('1', '2', '12', 1, 2, '')
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part, part), { minLength: 1, maxLength: 40 }), tuples => {
        const columns = [0, 1, 2].map(column => tuples.map(tuple => tuple[column]!))
        const { rows, labels } = numberKeys('v', columns, tuples.length, columns, tuples.length)
        expect([...labels]).toEqual([...rows])
        tuples.forEach((a, i) => {
          tuples.forEach((b, j) => {
            expect(rows[i] === rows[j]).toBe(a.every((value, k) => value === b[k]))
          })
        })
      }),
    )
    const far = numberKeys(
      'v',
      [Int32Array.of(-2_000_000_000, 2_000_000_000)],
      2,
      [Int32Array.of(2_000_000_000, 5)],
      2,
    )
    expect([...far.labels]).toEqual([far.rows[1], -1])
  })
})
