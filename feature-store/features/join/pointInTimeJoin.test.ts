import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unixMs } from '../../../core/index.ts'
import type { KeyPart } from './keyColumn.ts'
import { createOnlineView } from './onlineView.ts'
import {
  type FeatureView,
  type FeatureViewDefinition,
  pointInTimeJoin,
  type ViewRow,
} from './pointInTimeJoin.ts'

type Row = readonly [asset: string, validAt: string | number, knownAt: string | number, v: number | null]
const instant = (value: string | number) => (typeof value === 'number' ? unixMs(value) : value)
const row = ([asset, validAt, knownAt, v]: Row): ViewRow => ({
  keys: { asset },
  validAt: instant(validAt),
  knownAt: instant(knownAt),
  values: { v },
})
const definition: FeatureViewDefinition = { name: 'px', keys: ['asset'], features: ['v'] }
const px = (rows: readonly Row[], options: Partial<FeatureViewDefinition> = {}): FeatureView => ({
  ...definition,
  ...options,
  rows: rows.map(row),
})
const label = (asset: string, at: string | number) => ({ keys: { asset }, at: instant(at) })
const read = (view: FeatureView, labels: ReturnType<typeof label>[], knownTimeCutoff = true) =>
  pointInTimeJoin({ labels, views: [view], knownTimeCutoff }).map(({ values }) => values['px__v'])

describe('pointInTimeJoin', () => {
  test('R1 takes rows of the same keys at or before the label', () =>
    expect(
      read(
        px([
          ['A', 10, 10, 1],
          ['A', 20, 20, 2],
        ]),
        [label('A', 9), label('A', 10), label('A', 19), label('B', 99)],
      ),
    ).toEqual([null, 1, 1, null]))

  test('R2 applies the maximum age at each label, its bound included', () => {
    const view = px([['A', 100, 100, 1]], { maxAgeMs: 50 })
    expect(read(view, [label('A', 150), label('A', 151)])).toEqual([1, null])
    for (const maxAgeMs of [0, null])
      expect(read(px([['A', 100, 100, 1]], { maxAgeMs }), [label('A', 9e12)])).toEqual([1])
  })

  test('R3 takes the latest described, then the latest known, then the first given', () => {
    const rows: Row[] = [
      ['A', 10, 15, 11],
      ['A', 10, 25, 12],
      ['A', 10, 11, 10],
      ['A', 9, 30, 99],
      ['A', 10, 25, 13],
    ]
    expect(read(px(rows), [label('A', 40)])).toEqual([12])
    expect(read(px(rows), [label('A', 40)], false)).toEqual([12])
  })

  test('R4 returns every label once and in its place', () => {
    const labels = [label('A', 30), label('A', 5), label('A', 30), label('Z', 30)]
    const joined = pointInTimeJoin({ labels, views: [px([['A', 10, 10, 1]])] })
    expect(joined.map(result => result.label)).toEqual(labels)
    expect(joined.map(({ values }) => values['px__v'])).toEqual([1, null, 1, null])
  })

  test('R5 keeps a null of the chosen row', () =>
    expect(
      read(
        px([
          ['A', 10, 10, 1],
          ['A', 20, 20, null],
        ]),
        [label('A', 30)],
      ),
    ).toEqual([null]))

  test('R6 hides what was not known yet, unless told not to', () => {
    const view = px([
      ['A', 10, 15, 100],
      ['A', 10, 50, 95],
    ])
    const labels = [label('A', 12), label('A', 15), label('A', 49), label('A', 50)]
    expect(pointInTimeJoin({ labels, views: [view] }).map(({ values }) => values['px__v'])).toEqual([
      null,
      100,
      100,
      95,
    ])
    expect(read(view, labels, false)).toEqual([95, 95, 95, 95])
  })

  test('R6 falls back on an older row that was known', () =>
    expect(
      read(
        px([
          ['A', 10, 10, 1],
          ['A', 20, 40, 2],
        ]),
        [label('A', 30), label('A', 40)],
      ),
    ).toEqual([1, 2]))

  test('R7 compares instants; a time without a zone is UTC', () => {
    const view = px([
      ['A', '2026-01-01T12:00:00+02:00', '2026-01-01T10:00:00Z', 1],
      ['A', '2026-01-01T10:30:00', '2026-01-01T10:30:00', 2],
    ])
    expect(read(view, [label('A', '2026-01-01T10:00:00Z'), label('A', '2026-01-01T05:30:00-05:00')])).toEqual(
      [1, 2],
    )
  })

  test('R7 tells microseconds apart, and never shows a row early below them', () => {
    const at = (fraction: string) => `2026-01-01T10:00:00.${fraction}Z`
    const view = px([['A', at('000500'), at('000500'), 1]])
    expect(read(view, [label('A', at('000499')), label('A', at('0005')), label('A', at('000'))])).toEqual([
      null,
      1,
      null,
    ])
    const nanos = px([['A', at('000500001'), at('000500001'), 1]])
    expect(read(nanos, [label('A', at('000500000')), label('A', at('000501'))])).toEqual([null, 1])
  })

  test('R9 compares keys as tuples, by type and value', () => {
    const view: FeatureView = {
      name: 'pair',
      keys: ['chain', 'pool'],
      features: ['v'],
      rows: [
        { keys: { chain: '1', pool: '23' }, validAt: unixMs(1), knownAt: unixMs(1), values: { v: 123 } },
        { keys: { chain: '12', pool: '3' }, validAt: unixMs(1), knownAt: unixMs(1), values: { v: 999 } },
      ],
    }
    const pairs: [KeyPart, KeyPart][] = [
      ['1', '23'],
      ['12', '3'],
      ['12', '23'],
      ['1', '3'],
      [1, '23'],
      ['123', ''],
    ]
    const labels = pairs.map(([chain, pool]) => ({ keys: { pool, chain }, at: unixMs(2) }))
    expect(pointInTimeJoin({ labels, views: [view] }).map(({ values }) => values['pair__v'])).toEqual([
      123,
      999,
      null,
      null,
      null,
      null,
    ])
  })

  test('joins each view on its own keys and maximum age, and one without keys for everybody', () => {
    const everybody: FeatureView = {
      name: 'fx',
      keys: [],
      features: ['rate'],
      rows: [{ keys: {}, validAt: unixMs(1), knownAt: unixMs(1), values: { rate: 1.1 } }],
    }
    const views = [
      px([['A', 10, 10, 1]], { maxAgeMs: 5 }),
      { ...px([['A', 10, 10, 1]]), name: 'py' },
      everybody,
    ]
    expect(pointInTimeJoin({ labels: [label('A', 99)], views })[0]?.values).toEqual({
      px__v: null,
      py__v: 1,
      fx__rate: 1.1,
    })
  })

  test('names what is missing or given twice', () => {
    expect(() => pointInTimeJoin({ labels: [{ keys: {}, at: unixMs(1) }], views: [px([])] })).toThrow(
      'A label has no key "asset", which view "px" needs.',
    )
    expect(() => pointInTimeJoin({ labels: [], views: [px([]), px([])] })).toThrow(
      'The join has two views named "px".',
    )
    expect(() => read(px([['A', 'yesterday', 1, 1]]), [])).toThrow('"yesterday" is not a date or time.')
  })

  test('agrees with the rules read literally', () => {
    const time = fc.integer({ min: 0, max: 30 })
    const key = fc.constantFrom('A', 'B', 'C')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, time, time, fc.option(fc.integer()))),
        fc.array(fc.tuple(key, time)),
        fc.option(fc.integer({ min: 0, max: 10 })),
        fc.boolean(),
        (rows, asked, maxAgeMs, cutoff) => {
          const expected = asked.map(([asset, at]) => {
            let best: (typeof rows)[number] | null = null
            for (const candidate of rows) {
              const [k, valid, known] = candidate
              if (k !== asset || valid > at || (cutoff && known > at)) continue
              if (maxAgeMs !== null && maxAgeMs > 0 && valid < at - maxAgeMs) continue
              if (best === null || valid > best[1] || (valid === best[1] && known > best[2])) best = candidate
            }
            return best === null ? null : best[3]
          })
          const labels = asked.map(([asset, at]) => label(asset, at))
          expect(read(px(rows, { maxAgeMs }), labels, cutoff)).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('createOnlineView', () => {
  const view = (rows: readonly Row[], maxAgeMs: number | null = null) => {
    const online = createOnlineView({ ...definition, maxAgeMs })
    for (const each of rows) online.write(row(each))
    return online
  }

  test('R8 keeps the row greatest by both times, whatever the order of arrival', () => {
    const rows: Row[] = [
      ['A', 20, 21, 2],
      ['A', 10, 29, 1],
      ['A', 20, 25, 22],
      ['A', 20, 23, 21],
      ['A', 20, 25, 23],
    ]
    expect(view(rows).read({ asset: 'A' }, unixMs(99))).toEqual({
      status: 'PRESENT',
      values: { px__v: 22 },
      validAt: 20,
      knownAt: 25,
    })
  })

  test('R8 applies the maximum age when it is read', () => {
    const online = view([['A', 100, 100, 1]], 50)
    expect(online.read({ asset: 'A' }, unixMs(150)).status).toBe('PRESENT')
    expect(online.read({ asset: 'A' }, unixMs(151))).toEqual({
      status: 'OUTSIDE_MAX_AGE',
      values: { px__v: null },
    })
    expect(online.read({ asset: 'B' }, unixMs(150))).toEqual({ status: 'NOT_FOUND', values: { px__v: null } })
  })

  test('shows nothing from the future', () => {
    const online = view([['A', 100, 120, 1]])
    expect(online.read({ asset: 'A' }, unixMs(119)).status).toBe('NOT_FOUND')
    expect(online.read({ asset: 'A' }, unixMs(120)).status).toBe('PRESENT')
  })

  test('R9 keeps keys apart as tuples', () => {
    const online = createOnlineView({ name: 'p', keys: ['a', 'b'], features: ['v'] })
    online.write({ keys: { a: '1', b: '23' }, validAt: unixMs(1), knownAt: unixMs(1), values: { v: 1 } })
    expect(online.read({ a: '12', b: '3' }, unixMs(9)).status).toBe('NOT_FOUND')
    expect(online.read({ a: '1', b: '23' }, unixMs(9)).status).toBe('PRESENT')
    expect(() => online.read({ a: '1' }, unixMs(9))).toThrow('A read has no key "b", which view "p" needs.')
  })

  test('reads what the join would, once everything is known', () => {
    const time = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('A', 'B'), time, time, fc.option(fc.integer()))),
        fc.option(fc.nat(30)),
        (rows, maxAgeMs) => {
          const online = view(rows, maxAgeMs)
          const labels = [label('A', 25), label('B', 25)]
          expect(labels.map(({ keys, at }) => online.read(keys, at).values['px__v'])).toEqual(
            read(px(rows, { maxAgeMs }), labels),
          )
        },
      ),
    )
  })
})

type CaseRow = Readonly<Record<string, string | number | null>>
type CaseView = { name: string; keys: string[]; ttl_s: number | null; features: string[]; rows?: CaseRow[] }
type Case = {
  id: string
  mode: 'offline' | 'online'
  options?: { known_time_cutoff: boolean }
  views: CaseView[]
  view: CaseView
  entity: CaseRow[]
  expect: CaseRow[]
  expect_if_cutoff_off?: CaseRow[]
  writes_in_arrival_order: CaseRow[]
  reads: CaseRow[]
}

const casesPath = join(
  process.env['TOUCHSTONE_CASES'] ?? join(import.meta.dirname, '../../../../shared/cases'),
  'point-in-time.json',
)
const cases: Case[] = existsSync(casesPath) ? JSON.parse(readFileSync(casesPath, 'utf8')).cases : []
if (cases.length === 0) console.warn('Skipped: no acceptance cases; set TOUCHSTONE_CASES to their folder.')

describe.skipIf(cases.length === 0)('acceptance cases', () => {
  const viewOf = ({ name, keys, ttl_s, features, rows = [] }: CaseView): FeatureView => ({
    name,
    keys,
    features,
    maxAgeMs: ttl_s === null ? null : ttl_s * 1_000,
    rows: rows.map(each => viewRow(each, features)),
  })
  const viewRow = ({ event_timestamp, created, ...rest }: CaseRow, features: string[]): ViewRow => ({
    keys: keysOf(rest, features),
    validAt: String(event_timestamp),
    knownAt: String(created),
    values: Object.fromEntries(features.map(feature => [feature, rest[feature] ?? null])),
  })
  const keysOf = (fields: CaseRow, omit: readonly string[] = []) =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) =>
        omit.includes(name) || value === null ? [] : [[name, value] as const],
      ),
    )

  test.each(cases.filter(each => each.mode === 'offline').map(each => [each.id, each] as const))(
    '%s',
    (_id, each) => {
      const labels = each.entity.map(({ event_timestamp, ...keys }) => ({
        keys: keysOf(keys),
        at: String(event_timestamp),
      }))
      const run = (knownTimeCutoff: boolean) =>
        pointInTimeJoin({ labels, views: each.views.map(viewOf), knownTimeCutoff }).map(
          ({ label: { keys }, values }, i) => ({
            ...('label' in (each.expect[i] ?? {}) ? { label: keys['label'] } : {}),
            ...values,
          }),
        )
      expect(run(each.options?.known_time_cutoff ?? true)).toEqual(each.expect)
      if (each.expect_if_cutoff_off !== undefined) expect(run(false)).toEqual(each.expect_if_cutoff_off)
    },
  )

  test.each(cases.filter(each => each.mode === 'online').map(each => [each.id, each] as const))(
    '%s',
    (_id, each) => {
      const online = createOnlineView(viewOf(each.view))
      for (const write of each.writes_in_arrival_order) online.write(viewRow(write, each.view.features))
      const answers = each.reads.map(({ now, ...keys }) => {
        const answer = online.read(keysOf(keys), String(now))
        return {
          ...answer.values,
          status: answer.status,
          ...(answer.status === 'PRESENT' ? { event_timestamp: answer.validAt } : {}),
        }
      })
      expect(answers).toEqual(each.expect)
    },
  )
})
