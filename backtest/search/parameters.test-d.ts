import { type CreateEvaluator, choice, integer, type PointIn, parameters, real } from './index.ts'

// Compiled, never run: `tsc` fails when an expected error does not occur.
const space = parameters(
  {
    fast: integer(5, 50),
    threshold: real(0.01, 1),
    side: choice(['long', 'both']),
    hedged: choice([true, false]),
  },
  { where: point => point.fast > point.threshold },
)
type Parameters = PointIn<typeof space>

export const point: Parameters = { fast: 5, threshold: 0.5, side: 'both', hedged: false }

// @ts-expect-error: none of the choices.
export const unknownChoice: Parameters = { ...point, side: 'short' }
// @ts-expect-error: a number is no text.
export const wrongType: Parameters = { ...point, fast: '5' }
// @ts-expect-error: there is no such parameter.
export const unknownName = point.slow
// @ts-expect-error: nor in `where`.
export const unknownInWhere = parameters({ fast: integer(1, 2) }, { where: ({ slow }) => slow > 1 })

const averages = { fast: integer(1, 2), slow: integer(1, 2) }
// @ts-expect-error: a default for each parameter.
export const missingDefault = parameters(averages, { defaults: { fast: 1 } })
const sides = { side: choice(['long', 'both']) }
// @ts-expect-error: one of the choices.
export const wrongDefault = parameters(sides, { defaults: { side: 'short' } })

export const evaluator: CreateEvaluator<Parameters> =
  () =>
  ({ fast }) => ({ fast })
export const noFigures: CreateEvaluator<Parameters> =
  () =>
  // @ts-expect-error: an evaluator returns figures by name.
  ({ fast }) =>
    fast
