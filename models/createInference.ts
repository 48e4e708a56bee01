import { type Attribution, PPM, type Ppm } from '../core/index.ts'
import type { Inference } from './inference.ts'
import { RETURN_ONE } from './sealed/link.ts'
import { createSealedInference } from './sealed/sealedInference.ts'
import type { SealedModel } from './sealed/sealedModel.ts'

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
        probabilityUp: probabilityUp / PPM,
        expectedReturn: expected === null ? null : expected / RETURN_ONE,
        interval:
          bounds === null
            ? null
            : {
                low: bounds.lowerE9 / RETURN_ONE,
                high: bounds.upperE9 / RETURN_ONE,
                coverage: bounds.coveragePpm / PPM,
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
