import { type Hash, seededRandom } from '../core/index.ts'
import { type FeatureDefinition, type FeatureMatrix, featureSetHash } from '../feature-store/index.ts'
import { assertTrainedOn } from './assertTrainedOn.ts'
import { type Evaluation, evaluateWalkForward, type MetricEvidence } from './evaluation/index.ts'
import { type FinishedModel, finishModel } from './finishModel.ts'
import type { Fit, FitHistory, TrainingSet } from './fit.ts'
import { lessonsOf, type WalkForward } from './lessons.ts'
import { checkModelSpec, type ModelSpec, type ResolvedModelSpec } from './modelSpec.ts'
import type { Fold } from './samples/index.ts'
import { fitScaler } from './scaler.ts'
import type { LossLimits } from './sealed/quantisationLoss.ts'
import { type Trained, type TrainFitsOptions, trainFits } from './trainFits.ts'

/** A model, how its training went, and how it did on its test rows. */
export type TrainedModel = Omit<FinishedModel, 'forecasts'> & {
  readonly fold: Fold
  readonly history: FitHistory
  readonly evaluation: Evaluation
}

/** What a training gave: one model, or one for each fold of a walk-forward, in the order of time. */
export type Training = {
  readonly spec: ResolvedModelSpec
  readonly models: readonly TrainedModel[]
  /** All test rows together, none of which its model has seen. */
  readonly overall: Evaluation
  /** Confidence intervals of it. */
  readonly evidence: MetricEvidence
  /** `cpu`, or the name of the GPU that trained. */
  readonly device: string
  /** The sentence that says why it was taken. */
  readonly why: string
  readonly rows: {
    readonly matrix: number
    readonly labelled: number
    /** Labels whose price neither rose nor fell; they count as "not up". */
    readonly unchanged: number
  }
}

export type TrainOptions = TrainFitsOptions & {
  readonly matrix: FeatureMatrix
  readonly spec: ModelSpec
  /** The definitions that the matrix was built from, to write their versions down. */
  readonly featureList?: readonly FeatureDefinition[] | undefined
  /** Trains anew as time goes on; one split where it is left out. */
  readonly walkForward?: WalkForward | undefined
  /** The model that the (first) new one is to replace. */
  readonly parent?: Hash | undefined
  /** What sealing may lose. */
  readonly limits?: LossLimits | undefined
}

/**
 * Trains models on a feature matrix: labels and weights, purged and embargoed folds, the learner, calibration on rows
 * that nothing was learnt from, sealing to integers, and scores out of sample beside baselines, by the sealed
 * integers themselves. On the CPU the same matrix and spec give the same models, bit for bit, on any machine.
 *
 * @throws InvalidInputError on a bad spec, too few rows, features that teach nothing, labels of one kind only, a
 * feature list that is not the matrix's, or a model that loses too much when it is sealed.
 */
export async function trainModels(options: TrainOptions): Promise<Training> {
  const { matrix, featureList, walkForward = null, parent, limits } = options
  const spec = checkModelSpec(options.spec)
  assertBuiltFrom(matrix, spec.name, featureList)
  const { samples, sets, folds } = lessonsOf(matrix, spec, walkForward)
  const { trained, device, why } = await trainFits(
    folds.map((fold, index) => fitOf(matrix, sets[index] as TrainingSet, fold, spec)),
    options,
  )
  const finished: FinishedModel[] = []
  for (const [index, fold] of folds.entries()) {
    const { model, history } = trained[index] as Trained
    const { train, test } = fold
    finished.push(
      await finishModel(
        model,
        { matrix, samples, fold, spec, featureList, limits },
        {
          training: {
            spec,
            fromMs: timeAt(matrix, train.rows[0]),
            toMs: lastLearnt(matrix, fold),
            testFromMs: test.fromMs,
            rows: train.rows.length,
            dataHash: matrix.dataHash,
            stepsRun: history.stepsRun,
            bestStep: history.bestStep,
            device,
          },
          walkForward:
            walkForward === null ? null : { fold: index + 1, folds: folds.length, testToMs: test.toMs },
          parent: (index === 0 ? parent : finished[index - 1]?.hash) ?? null,
        },
      ),
    )
  }
  const {
    folds: evaluations,
    overall,
    evidence,
  } = evaluateWalkForward(
    finished.map(({ forecasts }) => forecasts),
    { random: seededRandom(spec.seed) },
  )
  return {
    spec,
    models: finished.map(({ model, hash, loss }, index) => ({
      model,
      hash,
      loss,
      fold: folds[index] as Fold,
      history: (trained[index] as Trained).history,
      evaluation: evaluations[index] as Evaluation,
    })),
    overall,
    evidence,
    device,
    why,
    rows: { matrix: matrix.rows, labelled: samples.rows.length, unchanged: samples.unchanged },
  }
}

/** Checks that a list of features is what a matrix was built from. */
export function assertBuiltFrom(
  matrix: FeatureMatrix,
  name: string,
  featureList: readonly FeatureDefinition[] | undefined,
): void {
  if (featureList === undefined) return
  assertTrainedOn(
    { name, features: matrix.names, featureSet: matrix.featureSet },
    { featureSet: featureSetHash(featureList), names: featureList.map(feature => feature.name) },
  )
}

function fitOf(matrix: FeatureMatrix, set: TrainingSet, fold: Fold, spec: ResolvedModelSpec): Fit {
  return {
    set,
    train: fold.train.rows,
    validation: fold.validation.rows,
    scaler: fitScaler(matrix.values, matrix.columns, fold.train.rows),
    objective: spec.objective,
    learner: spec.learner,
    seed: spec.seed,
  }
}

/** Time of the last row that anything of a fold's model was learnt from. */
function lastLearnt(matrix: FeatureMatrix, { train, validation, calibration }: Fold): number {
  const last = [calibration, validation, train].find(({ rows }) => rows.length > 0)
  return timeAt(matrix, last?.rows.at(-1))
}

function timeAt({ timesMs }: FeatureMatrix, row: number | undefined): number {
  return timesMs[row ?? 0] ?? 0
}
