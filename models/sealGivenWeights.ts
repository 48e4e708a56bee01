import { InvalidInputError } from '../core/index.ts'
import type { LabelSpec } from './samples/index.ts'
import { int16ToText } from './sealed/int16Text.ts'
import type { ModelCard } from './sealed/modelCard.ts'
import { quantiseInputs } from './sealed/quantiseInputs.ts'
import { quantiseNetwork } from './sealed/quantiseNetwork.ts'
import type { SealedModel } from './sealed/sealedModel.ts'

/**
 * Seals a logistic model whose weights a person chose: score = Σ weight · feature, each feature taken as it is,
 * in steps of 1 / `INPUT_ONE` and cut off at ±`SCALED_LIMIT`. For models that state a rule rather than learn one, and
 * for tests.
 *
 * @throws InvalidInputError when there are more weights than features.
 */
export function sealGivenWeights({
  weights,
  ...card
}: Pick<ModelCard, 'name' | 'version' | 'instrument' | 'featureSet' | 'features'> & {
  readonly label: LabelSpec
  /** In the order of the features; 0 for those left out. */
  readonly weights: readonly number[]
}): SealedModel {
  const columns = card.features.length
  if (weights.length > columns)
    throw new InvalidInputError(`There are ${weights.length} weights for ${columns} features.`, {
      facts: { weights: weights.length, features: columns },
      hint: `Give at most one weight to each of the features ${card.features.join(', ')}, in this order.`,
    })
  // All ones: a row in which every weight counts; and its opposite, so that rounding the weights moves no bias.
  const background = new Float32Array(2 * columns).fill(1, 0, columns).fill(-1, columns)
  const program = quantiseNetwork(
    {
      learner: { kind: 'linear', epochs: 1, batchSize: 1, learningRate: 1, l2: 0, patience: 1 },
      objective: 'direction',
      columns,
      scaler: { mean: new Float32Array(columns), std: new Float32Array(columns).fill(1) },
      parameters: Float32Array.from({ length: columns + 1 }, (_, place) =>
        place < columns ? (weights[place] ?? 0) : 0,
      ),
      targetScale: 1,
      targetCentre: 0,
    },
    { values: background, rows: Uint32Array.of(0, 1) },
  )
  return {
    program,
    card: {
      ...card,
      featureVersions: null,
      training: null,
      walkForward: null,
      parent: null,
      metrics: {},
      quantisationLoss: null,
      spread: null,
      losses: null,
      background: { rows: 1, inputs: int16ToText(quantiseInputs(program, new Float32Array(columns))) },
      covers: null,
    },
  }
}
