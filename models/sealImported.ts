import { type Hash, InvalidInputError, seededRandom } from '../core/index.ts'
import { type Evaluation, evaluateWalkForward, type MetricEvidence } from './evaluation/index.ts'
import { type FinishedModel, finishModel } from './finishModel.ts'
import { stepsOf } from './learner.ts'
import { lessonsOf } from './lessons.ts'
import { checkModelSpec } from './modelSpec.ts'
import type { FloatNetwork } from './networks/floatNetwork.ts'
import type { Fold } from './samples/index.ts'
import { assertBuiltFrom, type TrainOptions } from './trainModel.ts'
import type { TreeEnsemble } from './trees/treeEnsemble.ts'

/** A model that was trained elsewhere, sealed, and how it does on rows of the matrix. */
export type SealedImport = Omit<FinishedModel, 'forecasts'> & {
  readonly fold: Fold
  readonly evaluation: Evaluation
  readonly evidence: MetricEvidence
}

/**
 * Seals a model that was trained elsewhere for the features of a matrix: quantised on the training rows of the spec's
 * split, calibrated and measured as one that was trained here. What it was trained on is not known, so its test rows
 * are out of sample only if it never saw them.
 *
 * @throws InvalidInputError when it takes other features, predicts something else, or loses too much.
 */
export async function sealImported(
  imported: FloatNetwork | TreeEnsemble,
  options: Pick<TrainOptions, 'matrix' | 'spec' | 'featureList' | 'limits'> & { readonly parent?: Hash },
): Promise<SealedImport> {
  const { matrix, featureList, limits, parent } = options
  const given = checkModelSpec(options.spec)
  assertBuiltFrom(matrix, given.name, featureList)
  const { columns, objective } = imported
  if (columns !== matrix.columns || objective !== given.objective)
    throw new InvalidInputError(
      `The model takes ${columns} features and predicts a ${objective}; "${given.name}" has ${matrix.columns} and predicts a ${given.objective}.`,
      {
        facts: { columns, expected: matrix.columns, objective },
        hint: `Train it on the features ${matrix.names.join(', ')}, in this order.`,
      },
    )
  const spec = 'trees' in imported ? given : { ...given, learner: imported.learner }
  if ('trees' in imported && stepsOf(given.learner) > 1)
    throw new InvalidInputError('Trees look at one feature vector, the spec’s learner at several.', {
      hint: 'Give the spec a learner of one step.',
    })
  const { samples, folds } = lessonsOf(matrix, spec, null)
  const fold = folds[0] as Fold
  const { model, hash, loss, forecasts } = await finishModel(
    imported,
    { matrix, samples, fold, spec, featureList, limits },
    { training: null, walkForward: null, parent: parent ?? null },
  )
  const { folds: evaluations, evidence } = evaluateWalkForward([forecasts], {
    random: seededRandom(spec.seed),
  })
  return { model, hash, loss, fold, evaluation: evaluations[0] as Evaluation, evidence }
}
