import { InvalidInputError } from '../../core/index.ts'
import { learnerSchema, type NetworkLearner } from '../learner.ts'

/**
 * A network learner of the given shape. What it says of the training are the defaults: nothing is known of it.
 *
 * @throws InvalidInputError when no learner has this shape.
 */
export function foreignLearner(shape: object): NetworkLearner {
  const checked = learnerSchema.safeParse(shape)
  if (checked.success && checked.data.kind !== 'trees') return checked.data
  const issue = checked.success ? undefined : checked.error.issues[0]
  const field = issue?.path.join('.') ?? 'kind'
  throw new InvalidInputError(
    `The imported network's shape is out of range at "${field}": ${issue?.message ?? 'it is no network'}.`,
    { facts: { field }, hint: 'The learner documents how wide, deep and long a network may be.' },
  )
}
