import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  assemblePaths,
  combinatorialPurged,
  type LabelSpans,
  purgedKFold,
  type SampleSplit,
  walkForward,
} from './index.ts'

/** Samples at 0, 10, 20, …, each looking a number of milliseconds ahead. */
const evenly = (count: number, aheadMs: number): LabelSpans => ({
  startMs: Float64Array.from({ length: count }, (_, i) => i * 10),
  endMs: Float64Array.from({ length: count }, (_, i) => i * 10 + aheadMs),
})
const rows = ({ train, test, purged, embargoed }: SampleSplit) => ({
  train: [...train],
  test: [...test],
  purged,
  embargoed,
})

/** Spans of any length, with equal starts among them. */
const anySpans = fc
  .array(fc.tuple(fc.nat(200), fc.nat(40)), { minLength: 8, maxLength: 60 })
  .map((pairs): LabelSpans => {
    const sorted = pairs.toSorted(([a], [b]) => a - b)
    return {
      startMs: Float64Array.from(sorted, ([start]) => start),
      endMs: Float64Array.from(sorted, ([start, length]) => start + length),
    }
  })

/** No training label shares an instant with a test label, or starts within the embargo after one. */
function expectNoLeak({ startMs, endMs }: LabelSpans, split: SampleSplit, embargoMs: number) {
  for (const i of split.train)
    for (const j of split.test)
      expect(startMs[i]! > endMs[j]! + embargoMs || endMs[i]! < startMs[j]!, `${i} leaks into ${j}`).toBe(
        true,
      )
}

describe('purged k-fold', () => {
  test('leaves out what overlaps a fold, and the embargo after it', () => {
    // Labels look 15 ahead, so sample 2 spans [20, 35]. Fold 2 is samples 3 to 5: its time is [30, 65].
    const splits = purgedKFold(evenly(9, 15), { folds: 3, embargoMs: 10 })
    expect(splits.map(rows)).toEqual([
      // [0, 35] purges sample 3 (30); the embargo to 45 takes sample 4 (40).
      { train: [5, 6, 7, 8], test: [0, 1, 2], purged: 1, embargoed: 1 },
      // Sample 1 ends at 25 and stays; 2 ends at 35 and goes; 6 (60) overlaps; 7 (70) lies in the embargo to 75.
      { train: [0, 1, 8], test: [3, 4, 5], purged: 2, embargoed: 1 },
      // Sample 4 ends at 55, 5 at 65: the fold begins at 60.
      { train: [0, 1, 2, 3, 4], test: [6, 7, 8], purged: 1, embargoed: 0 },
    ])
  })

  test('tests every sample once, accounts for all, and never leaks', () =>
    fc.assert(
      fc.property(anySpans, fc.integer({ min: 2, max: 8 }), fc.nat(60), (spans, folds, embargoMs) => {
        const splits = purgedKFold(spans, { folds, embargoMs })
        const samples = spans.startMs.length
        expect(splits.flatMap(({ test }) => [...test])).toEqual(Array.from({ length: samples }, (_, i) => i))
        for (const split of splits) {
          expectNoLeak(spans, split, embargoMs)
          expect(split.train.length + split.test.length + split.purged + split.embargoed).toBe(samples)
        }
      }),
    ))

  test('keeps all that it may: labels of one instant, and no embargo, purge nothing', () => {
    for (const split of purgedKFold(evenly(20, 0), { folds: 5, embargoMs: 0 }))
      expect(rows(split)).toMatchObject({ purged: 0, embargoed: 0 })
  })
})

describe('combinatorial purged cross-validation', () => {
  test('of 6 groups by 2 has 15 splits and 5 paths, as in the book (figure 12.1)', () => {
    const all = combinatorialPurged(evenly(12, 0), { groups: 6, testGroups: 2, embargoMs: 0 })
    expect(all.splits).toBe(15)
    expect(all.paths.length).toBe(5)
    expect(all.testGroups(0)).toEqual([0, 1])
    expect(all.testGroups(14)).toEqual([4, 5])
    expect(rows(all.split(1))).toEqual({
      train: [2, 3, 6, 7, 8, 9, 10, 11],
      test: [0, 1, 4, 5],
      purged: 0,
      embargoed: 0,
    })
    // Path 1 takes the first split of each group: 0 tests groups 0 and 1, 1 groups 0 and 2, and so on.
    expect(all.paths.map(path => [...path])).toEqual([
      [0, 0, 1, 2, 3, 4],
      [1, 5, 5, 6, 7, 8],
      [2, 6, 9, 9, 10, 11],
      [3, 7, 10, 12, 12, 13],
      [4, 8, 11, 13, 14, 14],
    ])
  })

  const shapes = fc
    .integer({ min: 2, max: 8 })
    .chain(groups => fc.tuple(fc.constant(groups), fc.integer({ min: 1, max: groups - 1 })))

  test('never leaks, and every split that tests a group serves exactly one path', () =>
    fc.assert(
      fc.property(anySpans, shapes, fc.nat(60), (spans, [groups, testGroups], embargoMs) => {
        const all = combinatorialPurged(spans, { groups, testGroups, embargoMs })
        expect(all.paths.length).toBe((testGroups * all.splits) / groups)
        const served = new Set<string>()
        for (const path of all.paths)
          path.forEach((split, group) => {
            expect(all.testGroups(split)).toContain(group)
            served.add(`${split} ${group}`)
          })
        expect(served.size).toBe(all.splits * testGroups)
        for (const split of [0, all.splits - 1, all.splits >> 1])
          expectNoLeak(spans, all.split(split), embargoMs)
      }),
      { numRuns: 60 },
    ))

  test('paths put the predictions of the splits in the places of their samples', () =>
    fc.assert(
      fc.property(anySpans, shapes, (spans, [groups, testGroups]) => {
        const all = combinatorialPurged(spans, { groups, testGroups, embargoMs: 0 })
        // A prediction that says which split made it, and for which sample.
        const predictions = Array.from({ length: all.splits }, (_, split) =>
          Float64Array.from(all.split(split).test, sample => split * 1_000 + sample),
        )
        assemblePaths(all, predictions).forEach((whole, p) => {
          all.groups.forEach(({ from, to }, group) => {
            for (let i = from; i < to; i++) expect(whole[i]).toBe((all.paths[p]?.[group] ?? 0) * 1_000 + i)
          })
        })
      }),
      { numRuns: 40 },
    ))
})

describe('walk-forward', () => {
  test('anchored trains on all that came before, rolling on a window', () => {
    const options = { trainSamples: 4, testSamples: 3, embargoMs: 5 }
    // Labels look 12 ahead: sample 2 ends at 32, sample 3 at 42. The first test begins at 40, so 3 overlaps;
    // the embargo reaches back to 35, which 2 does not.
    expect(walkForward(evenly(9, 12), { ...options, mode: 'anchored' }).map(rows)).toEqual([
      { train: [0, 1, 2], test: [4, 5, 6], purged: 1, embargoed: 0 },
      { train: [0, 1, 2, 3, 4, 5], test: [7, 8], purged: 1, embargoed: 0 },
    ])
    expect(walkForward(evenly(9, 12), { ...options, mode: 'rolling' }).map(rows)).toEqual([
      { train: [0, 1, 2], test: [4, 5, 6], purged: 1, embargoed: 0 },
      { train: [3, 4, 5], test: [7, 8], purged: 1, embargoed: 0 },
    ])
    // An embargo of 9 reaches back to 31, past the end of sample 2.
    expect(walkForward(evenly(9, 12), { ...options, embargoMs: 9, mode: 'rolling' }).map(rows)[0]).toEqual({
      train: [0, 1],
      test: [4, 5, 6],
      purged: 1,
      embargoed: 1,
    })
  })

  test('never trains on what is later, or on a label that ends within the embargo', () =>
    fc.assert(
      fc.property(
        anySpans,
        fc.record({
          mode: fc.constantFrom('anchored' as const, 'rolling' as const),
          trainSamples: fc.integer({ min: 1, max: 7 }),
          testSamples: fc.integer({ min: 1, max: 7 }),
          embargoMs: fc.nat(60),
        }),
        (spans, options) => {
          const splits = walkForward(spans, options)
          const tested = splits.flatMap(({ test }) => [...test])
          expect(tested).toEqual(Array.from({ length: tested.length }, (_, i) => options.trainSamples + i))
          expect(tested.at(-1)).toBe(spans.startMs.length - 1)
          for (const split of splits) {
            const begins = spans.startMs[split.test[0]!]!
            for (const i of split.train) {
              expect(i).toBeLessThan(split.test[0]!)
              expect(spans.endMs[i]!).toBeLessThan(begins)
              expect(spans.endMs[i]!).toBeLessThanOrEqual(begins - options.embargoMs)
            }
          }
        },
      ),
    ))
})

test.each<[string, () => unknown, RegExp]>([
  [
    'a span that ends before it starts',
    () =>
      purgedKFold(
        { startMs: Float64Array.of(0, 1, 2), endMs: Float64Array.of(0, 0, 2) },
        { folds: 2, embargoMs: 0 },
      ),
    /Sample 1 has a span/,
  ],
  [
    'samples out of order',
    () =>
      purgedKFold(
        { startMs: Float64Array.of(0, 5, 2), endMs: Float64Array.of(9, 9, 9) },
        { folds: 2, embargoMs: 0 },
      ),
    /Sample 2 has a span/,
  ],
  [
    'a span that is no number',
    () =>
      walkForward(
        { startMs: Float64Array.of(0, Number.NaN), endMs: Float64Array.of(1, 1) },
        { mode: 'rolling', trainSamples: 1, testSamples: 1, embargoMs: 0 },
      ),
    /Sample 1 has a span/,
  ],
  [
    'ragged columns',
    () =>
      purgedKFold({ startMs: Float64Array.of(1), endMs: new Float64Array(0) }, { folds: 2, embargoMs: 0 }),
    /1 starts and 0 ends/,
  ],
  [
    'more folds than samples',
    () => purgedKFold(evenly(3, 1), { folds: 4, embargoMs: 0 }),
    /4 is no number of folds from 2 to 3/,
  ],
  [
    'a negative embargo',
    () => purgedKFold(evenly(3, 1), { folds: 2, embargoMs: -1 }),
    /-1 is not an embargo/,
  ],
  [
    'too many splits',
    () => combinatorialPurged(evenly(60, 1), { groups: 40, testGroups: 20, embargoMs: 0 }),
    /the limit is 100000/,
  ],
  [
    'every group testing',
    () => combinatorialPurged(evenly(9, 1), { groups: 3, testGroups: 3, embargoMs: 0 }),
    /3 is no number of test groups from 1 to 2/,
  ],
  [
    'a split that is not there',
    () => combinatorialPurged(evenly(9, 1), { groups: 3, testGroups: 1, embargoMs: 0 }).split(3),
    /no split 3/,
  ],
  [
    'predictions of another length',
    () =>
      assemblePaths(combinatorialPurged(evenly(9, 1), { groups: 3, testGroups: 1, embargoMs: 0 }), [
        new Float64Array(3),
        new Float64Array(2),
      ]),
    /Split 1 has 2 predictions for 3/,
  ],
])('%s is refused', (_name, act, message) => {
  expect(act).toThrow(message)
})
