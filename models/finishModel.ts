import { type Hash, InvalidInputError, PPM } from '../core/index.ts'
import type { FeatureDefinition, FeatureMatrix } from '../feature-store/index.ts'
import {
  type Baseline,
  evaluateForecasts,
  type Forecasts,
  fitLogistic,
  fitMajority,
  fitMomentum,
  forecastsOf,
  labelOverlap,
  recordBackground,
  recordLosses,
} from './evaluation/index.ts'
import { float32ToText } from './float32Text.ts'
import type { ResolvedModelSpec } from './modelSpec.ts'
import type { FloatNetwork } from './networks/floatNetwork.ts'
import type { Fold, Samples } from './samples/index.ts'
import { fitScaler } from './scaler.ts'
import { backgroundRows } from './sealed/backgroundRows.ts'
import { probabilityPpmOf } from './sealed/link.ts'
import type { ModelCard } from './sealed/modelCard.ts'
import type { LossLimits, QuantisationLoss } from './sealed/quantisationLoss.ts'
import { type SealedModel, sealedModelHashes } from './sealed/sealedModel.ts'
import { coversOf } from './sealed/treesProgram.ts'
import { sealTrained } from './sealTrained.ts'
import type { TreeEnsemble } from './trees/treeEnsemble.ts'

/** What a model is finished on. */
export type Workbench = {
  readonly matrix: FeatureMatrix
  readonly samples: Samples
  readonly fold: Fold
  readonly spec: ResolvedModelSpec
  /** The definitions that the matrix was built from, to write their versions down. */
  readonly featureList?: readonly FeatureDefinition[] | undefined
  /** What sealing may lose. */
  readonly limits?: LossLimits | undefined
}

/** A sealed model with its card, and what it foretold for the fold's test rows. */
export type FinishedModel = {
  readonly model: SealedModel
  /** Names the model everywhere. */
  readonly hash: Hash
  /** What sealing lost, on the test rows; null for trees, which lose nothing. */
  readonly loss: QuantisationLoss | null
  readonly forecasts: Forecasts
}

/**
 * Seals a model, lets the integers foretell the fold's test rows beside baselines that learnt from all rows before
 * them, and writes its card.
 *
 * @throws InvalidInputError as `sealTrained`.
 */
export async function finishModel(
  float: FloatNetwork | TreeEnsemble,
  { matrix, samples, fold, spec, featureList, limits }: Workbench,
  origin: Pick<ModelCard, 'training' | 'walkForward' | 'parent'>,
): Promise<FinishedModel> {
  const { values } = matrix
  const { program, evaluator, loss } = sealTrained(float, { values, samples, fold, spec, limits })
  const scores = evaluator.scores(values, fold.test.rows)
  const forecasts = forecastsOf(samples, {
    rows: fold.test.rows,
    probabilities: Float64Array.from(scores, score => probabilityPpmOf(program.link, score) / PPM),
    baselines: await baselinesOf(matrix, samples, fold, spec),
  })
  const { accuracy, logLoss, brier, informationCoefficient, calibrationError } =
    evaluateForecasts(forecasts).model
  const card: ModelCard = {
    name: spec.name,
    version: spec.version,
    instrument: matrix.instrument,
    featureSet: matrix.featureSet,
    features: matrix.names,
    featureVersions: featureList?.map(({ version }) => version) ?? null,
    label: spec.label,
    ...origin,
    metrics: { accuracy, logLoss, brier, informationCoefficient, calibrationError },
    quantisationLoss: loss,
    spread: recordBackground(matrix, fold.train.rows),
    losses: lossesOf(forecasts),
    background: backgroundRows(program, { values, rows: fold.train.rows }),
    covers: 'trees' in float ? float32ToText(coversOf(float)) : null,
  }
  const model = { program, card }
  return { model, hash: sealedModelHashes(model).model, loss, forecasts }
}

/** Baselines of a fold's test, which learnt from all rows before it. */
async function baselinesOf(
  matrix: FeatureMatrix,
  { labelReturn }: Samples,
  fold: Fold,
  { label }: ResolvedModelSpec,
): Promise<Readonly<Record<string, Baseline>>> {
  const { values, columns } = matrix
  // Outcomes are directions whatever the objective: a return is a rise or none.
  const targets = Float32Array.from(labelReturn, made => (Number.isNaN(made) ? made : made > 0 ? 1 : 0))
  const train = concatenate([fold.train.rows, fold.validation.rows, fold.calibration.rows])
  const scaler = fitScaler(values, columns, train)
  return {
    majority: fitMajority({ targets, train }),
    logistic: await fitLogistic({ values, columns, scaler, targets, train }),
    momentum: fitMomentum(matrix, { targets, train, lookbackMs: label.horizonMs }),
  }
}

/** Which losses of a test are usual; null where it is too short to tell. */
function lossesOf(forecasts: Forecasts): ModelCard['losses'] {
  try {
    return recordLosses(forecasts, Math.ceil(labelOverlap(forecasts.startMs, forecasts.endMs)))
  } catch (error) {
    if (error instanceof InvalidInputError) return null
    throw error
  }
}

function concatenate(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
