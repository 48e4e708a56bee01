import { expect, test } from 'vitest'
import { formatInstant, type Random, seededRandom, unixMs } from '../../../core/index.ts'
import type { Instant } from './exactMicros.ts'
import type { KeyPart } from './keyColumn.ts'
import { literalJoin } from './literalJoin.conformance.ts'
import { type FeatureView, type Label, pointInTimeJoin } from './pointInTimeJoin.ts'

const CASES = 1_000
const SEED = 20_260_120
console.info(`Random joins of seed ${SEED}.`)

const START_MS = 1_700_000_000_000
/** Keys that meet when they are joined as texts, or compared without their type. */
const PARTS: readonly KeyPart[] = ['1', '12', '2', 1, 12, true, 'true', 2n]

type Counts = Record<'tied' | 'null' | 'atBound' | 'hidden' | 'found' | 'none', number>

/** One join: few keys and few times, so that rows tie and labels fall on bounds. */
function randomCase(random: Random) {
  const whole = (below: number) => Math.floor(random() * below)
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)] as T
  const instant = (): Instant => {
    const at = unixMs(START_MS + 1_000 * whole(12))
    if (random() < 0.8) return at
    const text = formatInstant(at).replace('Z', '')
    return pick([`${text}Z`, text, `${text}.000001Z`, `${text}.0000001Z`])
  }
  const names = ['chain', 'pool'].slice(0, whole(3))
  const keysOf = (parts: readonly string[]) => Object.fromEntries(parts.map(name => [name, pick(PARTS)]))
  const views = Array.from({ length: 1 + whole(3) }, (_, index): FeatureView => {
    const keys = names.slice(0, whole(names.length + 1))
    return {
      name: `v${index}`,
      keys,
      features: ['x', 'y'].slice(0, 1 + whole(2)),
      maxAgeMs: pick([null, 0, 1_000, 3_000, 5_000]),
      rows: Array.from({ length: whole(25) }, () => ({
        keys: keysOf(keys),
        validAt: instant(),
        knownAt: instant(),
        values: { x: random() < 0.2 ? null : whole(1_000), y: whole(1_000) },
      })),
    }
  })
  const labels = Array.from({ length: whole(12) }, (): Label => ({ keys: keysOf(names), at: instant() }))
  return { labels, views, knownTimeCutoff: random() < 0.7 }
}

test(`the join is what its rules say, in ${CASES} random cases`, () => {
  const random = seededRandom(SEED)
  const counts: Counts = { tied: 0, null: 0, atBound: 0, hidden: 0, found: 0, none: 0 }
  for (let number = 0; number < CASES; number++) {
    const { labels, views, knownTimeCutoff } = randomCase(random)
    const joined = pointInTimeJoin({ labels, views, knownTimeCutoff })
    const expected = literalJoin(labels, views, knownTimeCutoff)
    expect(
      joined.map(({ values }) => values),
      `case ${number} of seed ${SEED}`,
    ).toEqual(expected)
    expect(joined.map(({ label }) => label)).toEqual(labels)
    count(counts, labels, views, expected, literalJoin(labels, views, false))
  }
  // Cases of every kind came up, and often: else the comparison would say little.
  for (const [kind, times] of Object.entries(counts)) expect([kind, times > 100]).toEqual([kind, true])
})

function count(
  counts: Counts,
  labels: readonly Label[],
  views: readonly FeatureView[],
  expected: ReturnType<typeof literalJoin>,
  withoutCutoff: ReturnType<typeof literalJoin>,
): void {
  for (const { rows, keys } of views) {
    const places = rows.map(row => [...keys.map(key => String(row.keys[key])), row.validAt].join(' '))
    counts.tied += places.length - new Set(places).size
    counts.null += rows.filter(({ values }) => values['x'] === null).length
  }
  labels.forEach(({ at }, label) => {
    for (const { maxAgeMs, rows } of views)
      if (rows.some(({ validAt }) => validAt === at || (maxAgeMs && Number(validAt) + maxAgeMs === at)))
        counts.atBound += 1
    for (const [name, value] of Object.entries(expected[label] ?? {})) {
      counts[value === null ? 'none' : 'found'] += 1
      if (value !== withoutCutoff[label]?.[name]) counts.hidden += 1
    }
  })
}
