import type { SharedFeatures } from '../../feature-store/index.ts'
import type { Trial } from './createSearch.ts'
import type { Point } from './parameters.ts'
import type { SharedColumns } from './sharedColumns.ts'

/** What a point gave, by name. A number is finite: what a run does not define is null. */
export type SweepFigures = Readonly<Record<string, number | string | boolean | null>>

/** What an evaluator is made from, once in each thread. */
export type EvaluatorContext<S = unknown> = {
  /** The shared columns; nobody may write to them. */
  readonly columns: SharedColumns
  /** What `evaluate.settings` of the sweep gave, as a structured clone. */
  readonly settings: S
  /** Columns of features that all threads share: give them to each run over the same history. */
  readonly features: SharedFeatures
}

/** Evaluates one point; must depend on the point and its context alone. */
export type Evaluate<P extends Point = Point> = (point: P) => SweepFigures | Promise<SweepFigures>

/** What the module of a sweep exports: makes what evaluates points. */
export type CreateEvaluator<P extends Point = Point, S = unknown> = (
  context: EvaluatorContext<S>,
) => Evaluate<P> | Promise<Evaluate<P>>

/** What came of a point: its figures, or why it has none. */
export type SweepOutcome = { readonly figures: SweepFigures } | { readonly error: string }

/** A trial and what came of it. */
export type SweepResult<P extends Point = Point> = Trial<P> & SweepOutcome

/**
 * Looks at what an evaluator returned: at its numbers, and at whether it has the figure that is sought.
 *
 * @throws Error that says what is wrong, to be recorded as the failure of the point.
 */
export function checkFigures(figures: unknown, objective: string): SweepFigures {
  if (figures === null || typeof figures !== 'object' || Array.isArray(figures))
    throw new Error('The evaluator returned no figures by name.')
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new Error(`Figure "${name}" is ${value}: where it is not defined it is null.`)
    if (value !== null && !['number', 'string', 'boolean'].includes(typeof value))
      throw new Error(`Figure "${name}" is of type ${typeof value}, not a number, text, boolean or null.`)
  }
  const sought = (figures as SweepFigures)[objective]
  if (sought !== null && typeof sought !== 'number')
    throw new Error(
      `Figure "${objective}", which is sought, is ${sought === undefined ? 'missing' : `"${sought}"`}.`,
    )
  return figures as SweepFigures
}
