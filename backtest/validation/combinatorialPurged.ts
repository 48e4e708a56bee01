import { InvalidInputError } from '../../core/index.ts'
import { assertSpans, assertWhole, type LabelSpans, type SampleSplit } from './labelSpans.ts'
import { groupsOf, purgedSplit, type SampleRange } from './purgedSplit.ts'

/** Combinatorial purged cross-validation: its splits, made when asked for, and the paths that they make up. */
export type CombinatorialPurged = {
  /** C(N, k). */
  readonly splits: number
  /** The groups of adjoining samples, in order. */
  readonly groups: readonly SampleRange[]
  /** Groups that test in a split, ascending. */
  testGroups(split: number): readonly number[]
  split(split: number): SampleSplit
  /**
   * Every backtest path: which split's prediction path p takes for group g. There are k/N · C(N, k) of them;
   * each (group, split that tests it) belongs to exactly one.
   */
  readonly paths: readonly Uint32Array[]
}

/** Each split trains a model; more than this are not meant. */
const MOST_SPLITS = 100_000

/**
 * Combinatorial purged cross-validation (M. López de Prado, "Advances in Financial Machine Learning", 2018,
 * chapter 12): of N groups of adjoining samples every k test together once, the rest trains, purged and
 * embargoed; the tests make up k/N · C(N, k) whole paths of out-of-sample predictions instead of one.
 *
 * @throws InvalidInputError naming the sample whose span is wrong, or the option that is.
 */
export function combinatorialPurged(
  spans: LabelSpans,
  options: { readonly groups: number; readonly testGroups: number; readonly embargoMs: number },
): CombinatorialPurged {
  const { embargoMs } = options
  const samples = spans.startMs.length
  assertSpans(spans, embargoMs)
  assertWhole('groups', options.groups, 2, samples)
  assertWhole('test groups', options.testGroups, 1, options.groups - 1)
  const count = combinations(options.groups, options.testGroups)
  if (count > MOST_SPLITS)
    throw new InvalidInputError(
      `${options.testGroups} of ${options.groups} groups make ${count} splits; the limit is ${MOST_SPLITS}.`,
      {
        facts: { groups: options.groups, testGroups: options.testGroups, splits: count },
        hint: 'Use fewer groups.',
      },
    )
  const groups = groupsOf(samples, options.groups)
  const chosen = subsets(options.groups, options.testGroups)
  const testGroups = (split: number): readonly number[] => {
    const found = chosen[split]
    if (found === undefined)
      throw new InvalidInputError(`There is no split ${split}: there are ${count}, counted from 0.`, {
        facts: { split, splits: count },
        hint: 'Ask for a split below their number.',
      })
    return found
  }
  return {
    splits: count,
    groups,
    testGroups,
    split: split =>
      purgedSplit(
        spans,
        testGroups(split).flatMap(group => groups[group] ?? []),
        embargoMs,
      ),
    paths: pathsOf(options.groups, chosen),
  }
}

/**
 * Puts the predictions of all splits together into paths: one column over all samples for each.
 *
 * @param predictions of each split, aligned with its `test`.
 * @throws InvalidInputError naming the split whose predictions are not as many as its test samples.
 */
export function assemblePaths(
  { groups, paths, splits, testGroups }: CombinatorialPurged,
  predictions: readonly Float64Array[],
): Float64Array[] {
  const sizes = groups.map(({ from, to }) => to - from)
  for (let split = 0; split < splits; split++) {
    const expected = testGroups(split).reduce((sum, group) => sum + (sizes[group] ?? 0), 0)
    const given = predictions[split]?.length ?? 0
    if (given !== expected)
      throw new InvalidInputError(
        `SampleSplit ${split} has ${given} predictions for ${expected} test samples.`,
        {
          facts: { index: split, given, expected },
          hint: 'Pass one prediction for each sample of its test.',
        },
      )
  }
  const samples = groups.at(-1)?.to ?? 0
  return paths.map(path => {
    const whole = new Float64Array(samples)
    for (let group = 0; group < groups.length; group++) {
      const split = path[group] ?? 0
      let at = 0
      for (const tested of testGroups(split)) {
        if (tested === group) break
        at += sizes[tested] ?? 0
      }
      const part = predictions[split]?.subarray(at, at + (sizes[group] ?? 0))
      if (part !== undefined) whole.set(part, groups[group]?.from ?? 0)
    }
    return whole
  })
}

/** The p-th split that tests a group belongs to path p. */
function pathsOf(groups: number, chosen: readonly (readonly number[])[]): Uint32Array[] {
  const paths: Uint32Array[] = []
  const used = new Uint32Array(groups)
  chosen.forEach((tested, split) => {
    for (const group of tested) {
      const path = used[group] ?? 0
      used[group] = path + 1
      paths[path] ??= new Uint32Array(groups)
      const found = paths[path]
      if (found !== undefined) found[group] = split
    }
  })
  return paths
}

function combinations(n: number, k: number): number {
  let count = 1
  for (let i = 1; i <= k; i++) count = (count * (n - k + i)) / i
  return Math.round(count)
}

/** All sets of k of the numbers below n, each ascending, in lexicographic order. */
function subsets(n: number, k: number): number[][] {
  const all: number[][] = []
  const current = Array.from({ length: k }, (_, i) => i)
  for (;;) {
    all.push(current.slice())
    let at = k - 1
    while (at >= 0 && current[at] === n - k + at) at--
    if (at < 0) return all
    let next = (current[at] ?? 0) + 1
    for (let i = at; i < k; i++) current[i] = next++
  }
}
