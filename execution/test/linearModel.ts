import type { AgentDefinition } from '../../agents/index.ts'
import { MINUTE_MS, ZERO_HASH } from '../../core/index.ts'
import { createFeaturePipeline } from '../../feature-store/index.ts'
import { createInference, type Inference, type ModelArtifact, type ModelSpec } from '../../models/index.ts'

/** The spec that `linearArtifact` claims to come from. */
export const LINEAR_SPEC: ModelSpec = {
  name: 'linear',
  version: 1,
  labelHorizonMs: 5 * MINUTE_MS,
  hidden: [],
  epochs: 1,
  batchSize: 32,
  learningRate: 0.01,
  l2: 0,
  seed: 1,
  embargoMs: 0,
}

const SPREAD = { accuracy: 0.5, logLoss: 0.7, brier: 0.25, informationCoefficient: null }

/** A sealed model without hidden layers over an agent's features: the weights are given, not trained. */
export function linearModel(
  definition: Pick<AgentDefinition, 'features' | 'instrument'>,
  weights: readonly number[],
): Inference {
  const { featureSet, names } = createFeaturePipeline(definition.features, definition.instrument)
  const artifact: ModelArtifact = {
    format: 'touchstone-mlp',
    formatVersion: 1,
    name: LINEAR_SPEC.name,
    version: LINEAR_SPEC.version,
    featureSet,
    features: names,
    featureVersions: null,
    instrument: definition.instrument.id,
    layers: [
      {
        inputs: names.length,
        outputs: 1,
        activation: 'linear',
        weights: base64(names.map((_, index) => weights[index] ?? 0)),
        biases: base64([0]),
      },
    ],
    scaler: { mean: base64(names.map(() => 0)), std: base64(names.map(() => 1)) },
    label: { horizonMs: LINEAR_SPEC.labelHorizonMs },
    training: {
      fromMs: 0,
      toMs: 0,
      testFromMs: 0,
      rows: 0,
      seed: LINEAR_SPEC.seed,
      spec: { ...LINEAR_SPEC, trainShare: 0.7, validationShare: 0.2 },
      backend: 'none',
      dataHash: ZERO_HASH,
      bestEpoch: 0,
    },
    metrics: { model: SPREAD, majority: SPREAD, logistic: SPREAD },
  }
  return createInference(artifact)
}

function base64(values: readonly number[]): string {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4)
  })
  return bytes.toString('base64')
}
