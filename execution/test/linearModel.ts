import type { AgentDefinition } from '../../agents/index.ts'
import { MINUTE_MS } from '../../core/index.ts'
import { createFeaturePipeline } from '../../feature-store/index.ts'
import { createInference, type Inference, type ModelSpec, sealGivenWeights } from '../../models/index.ts'

/** The spec that the models of `linearModel` claim to come from. */
export const LINEAR_SPEC: ModelSpec = {
  name: 'linear',
  version: 1,
  label: { kind: 'forward-return', horizonMs: 5 * MINUTE_MS },
  learner: { kind: 'linear', epochs: 1 },
  seed: 1,
  embargoMs: 0,
}

/**
 * A sealed model without hidden layers over an agent's features: the weights are given, not trained. Another version
 * is another model, whatever its weights.
 */
export function linearModel(
  definition: Pick<AgentDefinition, 'features' | 'instrument'>,
  weights: readonly number[],
  version: number = LINEAR_SPEC.version,
): Inference {
  const { featureSet, names } = createFeaturePipeline(definition.features, definition.instrument)
  return createInference(
    sealGivenWeights({
      name: LINEAR_SPEC.name,
      version,
      instrument: definition.instrument.id,
      label: LINEAR_SPEC.label,
      featureSet,
      features: names,
      weights,
    }),
  )
}
