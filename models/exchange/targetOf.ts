import { InvalidInputError } from '../../core/index.ts'
import type { Objective } from '../learner.ts'

/** What the output of a model that was trained elsewhere, and predicts a return, is in Touchstone's units. */
export type TargetOptions = {
  /** The unit of the output, as a log return: 0.001 for a model of per milles. 1 unless it is given. */
  readonly outputUnit?: number
  /** One standard deviation of the target, as a log return; scores count in it. `outputUnit` unless it is given. */
  readonly targetScale?: number
  /** Mean of the target, as a log return; 0 unless it is given. */
  readonly targetCentre?: number
}

/**
 * The same with every default written out: score = (output · outputUnit − targetCentre) / targetScale.
 *
 * @throws InvalidInputError when a number is out of range, or given for the objective `direction`.
 */
export function targetOf(objective: Objective, options: TargetOptions): Required<TargetOptions> {
  const { outputUnit = 1, targetScale = outputUnit, targetCentre = 0 } = options
  if (objective === 'direction' && (outputUnit !== 1 || targetScale !== 1 || targetCentre !== 0))
    throw new InvalidInputError('A model of the objective "direction" has no unit and no target scale.', {
      hint: 'Leave `outputUnit`, `targetScale` and `targetCentre` out.',
    })
  if (!(outputUnit > 0 && targetScale > 0 && Number.isFinite(outputUnit + targetScale + targetCentre)))
    throw new InvalidInputError(
      `The output unit ${outputUnit} and the target scale ${targetScale} must be finite and above 0.`,
      { facts: { outputUnit, targetScale, targetCentre }, hint: 'Give them as log returns, 0.01 say.' },
    )
  return { outputUnit, targetScale, targetCentre }
}
