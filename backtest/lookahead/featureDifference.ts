import type { FeatureTraces } from './traceFeatures.ts'

/** The first instant at which a feature has two values. */
export type FeatureDifference = {
  readonly feature: string
  /** Index of the event of that instant. */
  readonly index: number
  /** Its values in the first and the second run; NaN where it has none. */
  readonly value: number
  readonly other: number
  /** What the second run threw there. */
  readonly error: Error | null
}

/**
 * Compares features of two runs, by name, at the instants before `until`. A feature that the second run lacks,
 * or did not reach because one threw, differs at the first instant without it.
 */
export function featureDifferences(a: FeatureTraces, b: FeatureTraces, until: number): FeatureDifference[] {
  return a.names.flatMap((feature, column) => {
    const found = firstDifference(a, b, { column, otherColumn: b.names.indexOf(feature), until })
    return found === null ? [] : [{ feature, ...found }]
  })
}

function firstDifference(
  a: FeatureTraces,
  b: FeatureTraces,
  { column, otherColumn, until }: { column: number; otherColumn: number; until: number },
): Omit<FeatureDifference, 'feature'> | null {
  for (const [place, index] of a.instants.entries()) {
    if (index >= until) return null
    const value = a.vectors[place * a.names.length + column] ?? Number.NaN
    const reached = b.instants[place] === index
    const error = reached ? null : (b.failure?.error ?? null)
    const other =
      reached && otherColumn >= 0
        ? (b.vectors[place * b.names.length + otherColumn] ?? Number.NaN)
        : Number.NaN
    if (!reached || otherColumn < 0 || !Object.is(value, other)) return { index, value, other, error }
  }
  return null
}
