import { gaussian, type Random, ZERO_HASH } from '../core/index.ts'
import { float32ToText } from './float32Text.ts'
import type { ModelArtifact } from './modelArtifact.ts'

/** Draws a well-formed artifact of the given widths (inputs, hidden…; the one output is added). For tests. */
export function randomArtifact(random: Random, inputs: number, hidden: readonly number[]): ModelArtifact {
  const widths = [inputs, ...hidden, 1]
  const draw = (length: number, scale: number) =>
    float32ToText(Float32Array.from({ length }, () => scale * gaussian(random)))
  const unscored = { accuracy: 0.5, logLoss: 0.7, brier: 0.25, informationCoefficient: null }
  return {
    format: 'touchstone-mlp',
    formatVersion: 1,
    name: 'random',
    version: 1,
    featureSet: ZERO_HASH,
    features: Array.from({ length: inputs }, (_, place) => `feature_${place}`),
    featureVersions: null,
    instrument: 'oanda:XAUUSD',
    layers: widths.slice(1).map((outputs, place) => ({
      inputs: widths[place] ?? 0,
      outputs,
      activation: place === hidden.length ? ('linear' as const) : ('relu' as const),
      weights: draw((widths[place] ?? 0) * outputs, Math.sqrt(2 / (widths[place] ?? 1))),
      biases: draw(outputs, 0.1),
    })),
    scaler: {
      mean: draw(inputs, 1),
      std: float32ToText(Float32Array.from({ length: inputs }, () => 0.5 + random())),
    },
    label: { horizonMs: 3_600_000 },
    training: {
      fromMs: 1_700_000_000_000,
      toMs: 1_700_100_000_000,
      testFromMs: 1_700_200_000_000,
      rows: 100,
      seed: 7,
      spec: {
        name: 'random',
        version: 1,
        labelHorizonMs: 3_600_000,
        hidden,
        epochs: 1,
        batchSize: 32,
        learningRate: 0.01,
        l2: 0,
        seed: 7,
        trainShare: 0.7,
        validationShare: 0,
        embargoMs: 0,
      },
      backend: 'wasm',
      dataHash: ZERO_HASH,
      bestEpoch: 1,
    },
    metrics: { model: unscored, majority: unscored, logistic: unscored },
  }
}
