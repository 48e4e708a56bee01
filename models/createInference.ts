import type { Attribution, Ppm } from '../core/index.ts'
import type { Inference } from './inference.ts'
import { createSealedInference } from './sealed/sealedInference.ts'
import type { SealedModel } from './sealed/sealedModel.ts'

/** Log returns of a sealed model are in billionths. */
const E9 = 1_000_000_000
const PPM_ONE = 1_000_000

/**
 * Prepares a sealed model for agents.
 *
 * @throws InvalidInputError when it is malformed.
 */
export function createInference(model: SealedModel): Inference {
  const sealed = createSealedInference(model)
  const { hash, horizonMs, steps } = sealed
  const { features } = model.card
  return {
    hash,
    horizonMs,
    steps,
    features,
    predict(inputs) {
      const score = sealed.scoreOf(inputs)
      const probabilityUp = sealed.probabilityPpm(score) as Ppm
      const expected = sealed.expectedReturnE9(score)
      const bounds = sealed.returnIntervalE9(score)
      return {
        model: hash,
        probabilityUp: probabilityUp / PPM_ONE,
        expectedReturn: expected === null ? null : expected / E9,
        interval:
          bounds === null
            ? null
            : {
                low: bounds.lowerE9 / E9,
                high: bounds.upperE9 / E9,
                coverage: bounds.coveragePpm / PPM_ONE,
              },
        output: { score, probabilityUp },
      }
    },
    explain(inputs) {
      const { contributions } = sealed.explain(inputs)
      return features.map((feature, place): Attribution => ({ feature, effect: contributions[place] ?? 0 }))
    },
  }
}
