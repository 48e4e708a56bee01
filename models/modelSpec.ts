import { z } from 'zod'
import { InvalidInputError } from '../core/index.ts'
import { learnerSchema, type Objective } from './learner.ts'
import {
  DEFAULT_CALIBRATION_SHARE,
  DEFAULT_VALIDATION_SHARE,
  type LabelSpec,
  labelSpecSchema,
} from './samples/index.ts'

/** What to train and how: with the data it determines the model to the bit. */
export type ModelSpec = {
  /** Lower-case letters, digits and dashes. */
  readonly name: string
  readonly version: number
  /** What the model foretells, and how far ahead. */
  readonly label: LabelSpec
  /** The probability of a rise, unless `return`. */
  readonly objective?: Objective
  /** How it learns; what is left out of it has a default. */
  readonly learner: z.input<typeof learnerSchema>
  /** An unsigned 32-bit integer; draws the first weights, the order of the rows and what is sampled. */
  readonly seed: number
  /** Labels that look at the same prices share their weight (average uniqueness); true unless given. */
  readonly uniqueness?: boolean
  /** Both directions get the same weight in all; false unless given. */
  readonly classBalance?: boolean
  /** How scores become probabilities on rows that were not learnt from; `platt` unless given, `none` for directions only. */
  readonly calibration?: 'none' | 'platt' | 'isotonic'
  /** Coverage that the interval around the expected return is to have; `DEFAULT_COVERAGE` unless given. */
  readonly coverage?: number
  /** Share of the labelled rows, by time, that come before the (first) test. `DEFAULT_TRAIN_SHARE` unless given. */
  readonly trainShare?: number
  /** Share of the rows before a test that decide when to stop; 0 trains to the end. */
  readonly validationShare?: number
  /** Share of the rows before a test that scores are calibrated on; 0 leaves them as they are. */
  readonly calibrationShare?: number
  /** Time left free between the end of a label and the rows that test it. */
  readonly embargoMs: number
}

/** The usual seven tenths: enough rows to learn from, and a test period long enough to mean something. */
export const DEFAULT_TRAIN_SHARE = 0.7
/** Nine in ten, as prediction intervals are usually stated. */
export const DEFAULT_COVERAGE = 0.9

/** The form of a spec; unknown fields are refused, since a misspelt one would silently change the model. */
export const modelSpecSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower-case letters, digits and dashes'),
  version: z.int().min(1),
  label: labelSpecSchema,
  objective: z.enum(['direction', 'return']).default('direction'),
  learner: learnerSchema,
  seed: z.int().min(0).max(0xffff_ffff),
  uniqueness: z.boolean().default(true),
  classBalance: z.boolean().default(false),
  calibration: z.enum(['none', 'platt', 'isotonic']).default('platt'),
  coverage: z.number().gt(0).lt(1).default(DEFAULT_COVERAGE),
  trainShare: z.number().gt(0).lt(1).default(DEFAULT_TRAIN_SHARE),
  validationShare: z.number().min(0).max(0.5).default(DEFAULT_VALIDATION_SHARE),
  calibrationShare: z.number().min(0).max(0.5).default(DEFAULT_CALIBRATION_SHARE),
  embargoMs: z.int().min(0),
})

/** A spec that passed its checks, with every default written out: what a model's card carries. */
export type ResolvedModelSpec = z.output<typeof modelSpecSchema>

/**
 * Checks a spec and writes out its defaults.
 *
 * @throws InvalidInputError naming the first field that is wrong.
 */
export function checkModelSpec(spec: unknown): ResolvedModelSpec {
  const checked = modelSpecSchema.safeParse(spec)
  if (checked.success) {
    const { objective, classBalance, calibrationShare, calibration } = checked.data
    if (classBalance && objective === 'return')
      throw wrong('classBalance', 'returns have no classes to balance')
    if (calibration === 'none' && objective === 'return')
      throw wrong('calibration', 'a score of returns is no log-odds, so its probability must be calibrated')
    if (calibrationShare === 0 && calibration !== 'none')
      throw wrong('calibrationShare', 'there are no rows to calibrate on')
    return checked.data
  }
  const [issue] = checked.error.issues
  const field = issue === undefined || issue.path.length === 0 ? 'spec' : issue.path.join('.')
  throw wrong(field, issue?.message ?? 'unknown')
}

function wrong(field: string, problem: string): InvalidInputError {
  return new InvalidInputError(`The model spec's field "${field}" is wrong: ${problem}.`, {
    facts: { field },
    hint: `Correct "${field}"; ModelSpec documents its unit and range.`,
  })
}
