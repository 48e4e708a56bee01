import { z } from 'zod'
import { InvalidInputError } from '../core/index.ts'

/** What to train and how: with the data and the backend it determines the weights. */
export type ModelSpec = {
  /** Lower-case letters, digits and dashes. */
  readonly name: string
  readonly version: number
  /** How far ahead the model looks. */
  readonly labelHorizonMs: number
  /** Width of each hidden layer, first to last; none gives a linear model. */
  readonly hidden: readonly number[]
  /** Passes over the training rows; fewer when early stopping ends them. */
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  /** Weight of ½·Σw² in the loss; biases are not penalised. */
  readonly l2: number
  /** An unsigned 32-bit integer; draws the initial weights and the batch order. */
  readonly seed: number
  /** Share of the labelled rows, by time, that come before the test period. `DEFAULT_TRAIN_SHARE` when absent. */
  readonly trainShare?: number
  /** Share of the training rows, the last by time, that decide when to stop; 0 trains for all epochs. */
  readonly validationShare?: number
  /** Time left free between the end of a training label and the rows that test it. */
  readonly embargoMs: number
}

/** A spec that passed its checks, with every default written out: what an artifact carries. */
export type ResolvedModelSpec = Required<ModelSpec>

/** The usual seven tenths: enough rows to learn from, and a test period long enough to mean something. */
export const DEFAULT_TRAIN_SHARE = 0.7

/** The last fifth of the training period decides when to stop. */
export const DEFAULT_VALIDATION_SHARE = 0.2

/** The form of a spec; unknown fields are refused, since a misspelt one would silently change the model. */
export const modelSpecSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower-case letters, digits and dashes'),
  version: z.int().min(1),
  labelHorizonMs: z.int().min(1),
  hidden: z.array(z.int().min(1).max(4_096)).max(8).readonly(),
  epochs: z.int().min(1).max(100_000),
  batchSize: z.int().min(1).max(1_048_576),
  learningRate: z.number().gt(0).max(1),
  l2: z.number().min(0).max(1_000),
  seed: z.int().min(0).max(0xffff_ffff),
  trainShare: z.number().gt(0).lt(1).default(DEFAULT_TRAIN_SHARE),
  validationShare: z.number().min(0).max(0.5).default(DEFAULT_VALIDATION_SHARE),
  embargoMs: z.int().min(0),
})

/**
 * Checks a spec and writes out its defaults.
 *
 * @throws InvalidInputError naming the first field that is wrong.
 */
export function checkModelSpec(spec: unknown): ResolvedModelSpec {
  const checked = modelSpecSchema.safeParse(spec)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const field = issue === undefined || issue.path.length === 0 ? 'spec' : issue.path.join('.')
  throw new InvalidInputError(`The model spec's field "${field}" is wrong: ${issue?.message ?? 'unknown'}.`, {
    facts: { field },
    hint: `Correct "${field}"; ModelSpec documents its unit and range.`,
  })
}
