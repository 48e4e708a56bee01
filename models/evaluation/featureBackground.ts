import { z } from 'zod'
import { InvalidInputError } from '../../core/index.ts'

/** How one feature was spread over the rows that a model was trained on. */
export type FeatureSpread = {
  readonly name: string
  /** Its deciles, ascending, those that are equal once: bin b of the values present holds edges[b − 1] < value ≤ edges[b]. */
  readonly edges: readonly number[]
  /** Share of the rows in each bin, `edges.length + 1` of them. */
  readonly shares: readonly number[]
  /** Share of the rows without a value. */
  readonly missingShare: number
}

/** How the features were spread over the rows that a model was trained on. */
export type FeatureBackground = { readonly rows: number; readonly features: readonly FeatureSpread[] }

const DECILES = 10
const share = z.number().min(0).max(1)

/** The form of a background, as a model carries it. */
export const featureBackgroundSchema = z.strictObject({
  rows: z.int().min(1),
  features: z
    .array(
      z
        .strictObject({
          name: z.string(),
          edges: z
            .array(z.number())
            .max(DECILES - 1)
            .readonly(),
          shares: z.array(share).readonly(),
          missingShare: share,
        })
        .refine(({ edges, shares }) => shares.length === edges.length + 1, 'expected a share for each bin')
        .refine(
          ({ edges }) => edges.every((edge, place) => place === 0 || edge > (edges[place - 1] ?? edge)),
          'expected ascending edges',
        ),
    )
    .readonly(),
})

/**
 * Records how each feature is spread over the given rows.
 *
 * @param values row-major, `names.length` columns, NaN where a value is missing.
 * @throws InvalidInputError when there are no rows.
 */
export function recordBackground(
  { values, names }: { readonly values: Float32Array; readonly names: readonly string[] },
  rows: Uint32Array,
): FeatureBackground {
  if (rows.length === 0)
    throw new InvalidInputError('There are no rows to record the spread of features over.', {
      hint: 'Pass the rows that the model was trained on.',
    })
  const columns = names.length
  return {
    rows: rows.length,
    features: names.map((name, column) => {
      const present = new Float32Array(rows.length)
      let count = 0
      for (const row of rows) {
        const value = values[row * columns + column] ?? Number.NaN
        if (Number.isFinite(value)) present[count++] = value
      }
      const sorted = present.subarray(0, count).sort()
      const edges = Array.from(
        { length: count === 0 ? 0 : DECILES - 1 },
        (_, decile) => sorted[Math.ceil(((decile + 1) * count) / DECILES) - 1] ?? 0,
      ).filter((edge, place, all) => edge !== all[place - 1] && edge < (sorted[count - 1] ?? 0))
      const shares = new Array<number>(edges.length + 1).fill(0)
      for (const value of sorted) {
        const bin = binOf(edges, value)
        shares[bin] = (shares[bin] ?? 0) + 1
      }
      return {
        name,
        edges,
        shares: shares.map(inBin => inBin / rows.length),
        missingShare: 1 - count / rows.length,
      }
    }),
  }
}

/** The bin of a value: how many edges are below it. */
export function binOf(edges: readonly number[], value: number): number {
  let bin = 0
  while (bin < edges.length && value > (edges[bin] ?? 0)) bin++
  return bin
}
