import { InvalidInputError } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import type { NetworkLearner } from '../learner.ts'

/** What targets are standardised by: (target − centre) / scale is what the network learns. */
export type TargetMoments = { readonly targetCentre: number; readonly targetScale: number }

/**
 * For `return` the weighted mean and population standard deviation of the targets to fit to, in binary64, two
 * passes; for `direction` 0 and 1.
 *
 * @throws InvalidInputError when the returns to fit to are all equal.
 */
export function targetMoments({
  set: { targets, weights },
  train,
  objective,
}: Fit<NetworkLearner>): TargetMoments {
  if (objective === 'direction') return { targetCentre: 0, targetScale: 1 }
  let weightSum = 0
  let sum = 0
  for (const row of train) {
    const weight = weights[row] ?? Number.NaN
    weightSum += weight
    sum += weight * (targets[row] ?? Number.NaN)
  }
  const targetCentre = sum / weightSum
  let squares = 0
  for (const row of train) {
    const apart = (targets[row] ?? Number.NaN) - targetCentre
    squares += (weights[row] ?? Number.NaN) * apart * apart
  }
  const targetScale = Math.sqrt(squares / weightSum)
  // Rounding leaves equal targets this far from their mean at most.
  if (targetScale <= Math.abs(targetCentre) * 1e-12)
    throw new InvalidInputError(`The returns of all ${train.length} rows to fit to are ${targetCentre}.`, {
      facts: { rows: train.length, target: targetCentre },
      hint: 'Use a longer training window, or labels that vary.',
    })
  return { targetCentre, targetScale }
}
