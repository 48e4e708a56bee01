import { type Hash, InvalidInputError } from '../core/index.ts'
import { type FeatureDefinition, type FeatureMatrix, featureSetHash } from '../feature-store/index.ts'
import { assertTrainedOn } from './assertTrainedOn.ts'
import { float32ToText } from './float32Text.ts'
import { loadTensorflow } from './loadTensorflow.ts'
import { fitLogisticRegression, predictLogistic } from './logisticRegression.ts'
import { makeLabels } from './makeLabels.ts'
import { type Metrics, measure } from './metrics.ts'
import { ARTIFACT_FORMAT_VERSION, type ModelArtifact, serialiseArtifact } from './modelArtifact.ts'
import { checkModelSpec, type ModelSpec, type ResolvedModelSpec } from './modelSpec.ts'
import { createNetwork } from './network.ts'
import { fitScaler, scaleRows } from './scaler.ts'
import { splitByTime } from './splitByTime.ts'
import { type TrainingProgress, trainMlp } from './trainMlp.ts'

/** How a training went, all scores out of sample and on one split. */
export type TrainingReport = {
  /** Which TensorFlow.js backend trained. */
  readonly backend: string
  readonly epochsRun: number
  readonly bestEpoch: number
  readonly rows: {
    readonly matrix: number
    readonly labelled: number
    /** Labels whose price neither rose nor fell; they count as "not up". */
    readonly unchanged: number
    /** Rows that the weights were fitted to. */
    readonly train: number
    /** Rows that decided when to stop. */
    readonly validation: number
    readonly test: number
    /** Dropped between the periods, because their labels overlap the later one. */
    readonly purged: number
    readonly embargoed: number
  }
  /** Share of rises among the training (with validation) and the test rows. */
  readonly upShare: { readonly train: number; readonly test: number }
  readonly testFromMs: number
  readonly model: Metrics
  /** Always gives the training rows' share of rises. */
  readonly majority: Metrics
  /** Logistic regression on the same training rows. */
  readonly logistic: Metrics
}

/** A model with the story of its training. */
export type TrainedModel = {
  readonly artifact: ModelArtifact
  /** Content hash of the artifact: the model's name everywhere. */
  readonly hash: Hash
  readonly report: TrainingReport
}

/** Fewer rows than this say nothing, whatever they score. */
export const MIN_TRAINING_ROWS = 32
/** As `MIN_TRAINING_ROWS`, for the test period. */
export const MIN_TEST_ROWS = 8

/** Ridge penalty of the logistic baseline; as scikit-learn's default C = 1. */
export const BASELINE_L2 = 1

/**
 * Trains a model on a feature matrix: labels, a purged and embargoed split by time, scaling by the training
 * rows, the MLP with early stopping on a purged tail of the training rows, and its scores on the test rows
 * beside two baselines. The same matrix, spec and backend give the same artifact, bit for bit.
 *
 * @param featureList the definitions that the matrix was built from, to write their versions down.
 * @throws InvalidInputError on a bad spec, too few rows, labels of only one kind, or a feature list that is
 * not the matrix's.
 */
export async function trainModel({
  matrix,
  spec: givenSpec,
  featureList,
  onProgress,
}: {
  readonly matrix: FeatureMatrix
  readonly spec: ModelSpec
  readonly featureList?: readonly FeatureDefinition[] | undefined
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
}): Promise<TrainedModel> {
  const spec = checkModelSpec(givenSpec)
  if (featureList !== undefined)
    assertTrainedOn(
      { name: spec.name, features: matrix.names, featureSet: matrix.featureSet },
      { featureSet: featureSetHash(featureList), names: featureList.map(({ name }) => name) },
    )
  const { values, columns } = matrix
  if (columns === 0)
    throw new InvalidInputError(`Model "${spec.name}" has no features to learn from.`, {
      facts: { model: spec.name },
      hint: 'Give the agent at least one feature, or no model.',
    })
  const labels = makeLabels(matrix, spec.labelHorizonMs)
  const split = splitByTime({
    timesMs: labels.timesMs,
    labelEndMs: labels.endMs,
    trainShare: spec.trainShare,
    embargoMs: spec.embargoMs,
  })
  const { test } = split
  const { fitted, validation, purged, embargoed } = withValidation(labels, split.train, spec)
  const kept = concatenate(fitted, validation)
  const upOf = (places: Uint32Array) => Uint8Array.from(places, place => labels.up[place] ?? 0)
  const rowsOf = (places: Uint32Array) => places.map(place => labels.rows[place] ?? 0)
  assertLearnable(spec.name, upOf(fitted), test.length)

  const scaler = fitScaler(values, columns, rowsOf(fitted))
  const setOf = (places: Uint32Array) => ({
    inputs: scaleRows(values, rowsOf(places), scaler),
    up: upOf(places),
  })
  const { tf, backend } = await loadTensorflow()
  const trained = await trainMlp({
    tf,
    training: setOf(fitted),
    validation: validation.length > 0 ? setOf(validation) : null,
    columns,
    spec,
    onProgress,
  })

  const testSet = setOf(test)
  const baselineSet = setOf(kept)
  const logistic = await fitLogisticRegression({ ...baselineSet, columns, l2: BASELINE_L2 })
  const trainUp = share(baselineSet.up)
  const forward = Float64Array.from(test, place => labels.forwardReturn[place] ?? 0)
  const score = (probabilities: ArrayLike<number>) => measure(probabilities, testSet.up, forward)
  const timeOf = (place: number | undefined) => labels.timesMs[place ?? 0] ?? 0
  const unscored: Omit<ModelArtifact, 'metrics'> = {
    format: 'touchstone-mlp',
    formatVersion: ARTIFACT_FORMAT_VERSION,
    name: spec.name,
    version: spec.version,
    featureSet: matrix.featureSet,
    features: matrix.names,
    featureVersions: featureList?.map(({ version }) => version) ?? null,
    instrument: matrix.instrument,
    layers: trained.layers.map(layer => ({
      ...layer,
      weights: float32ToText(layer.weights),
      biases: float32ToText(layer.biases),
    })),
    scaler: { mean: float32ToText(scaler.mean), std: float32ToText(scaler.std) },
    label: { horizonMs: spec.labelHorizonMs },
    training: {
      fromMs: timeOf(kept[0]),
      toMs: timeOf(kept.at(-1)),
      testFromMs: split.testFromMs,
      rows: kept.length,
      seed: spec.seed,
      spec,
      backend,
      dataHash: matrix.dataHash,
      bestEpoch: trained.bestEpoch,
    },
  }
  // Scored by the evaluation that will serve it, not by the one that trained it.
  const network = createNetwork(unscored)
  const metrics = {
    model: score(
      Float64Array.from(test, place => {
        const row = labels.rows[place] ?? 0
        return network.predict(values.subarray(row * columns, (row + 1) * columns))
      }),
    ),
    majority: score(new Float64Array(test.length).fill(trainUp)),
    logistic: score(predictLogistic(logistic, testSet.inputs)),
  }
  const artifact: ModelArtifact = { ...unscored, metrics }
  return {
    artifact,
    hash: serialiseArtifact(artifact).hash,
    report: {
      backend,
      epochsRun: trained.epochsRun,
      bestEpoch: trained.bestEpoch,
      rows: {
        matrix: matrix.rows,
        labelled: labels.rows.length,
        unchanged: labels.unchanged,
        train: fitted.length,
        validation: validation.length,
        test: test.length,
        purged: split.purged + purged,
        embargoed: split.embargoed + embargoed,
      },
      upShare: { train: trainUp, test: share(testSet.up) },
      testFromMs: split.testFromMs,
      ...metrics,
    },
  }
}

/** Takes a tail of the training rows for early stopping, purged and embargoed like the test rows. */
function withValidation(
  labels: { readonly timesMs: Float64Array; readonly endMs: Float64Array },
  train: Uint32Array,
  { validationShare, embargoMs }: ResolvedModelSpec,
) {
  if (validationShare === 0 || train.length === 0)
    return { fitted: train, validation: new Uint32Array(0), purged: 0, embargoed: 0 }
  const {
    train: fitted,
    test,
    purged,
    embargoed,
  } = splitByTime({
    timesMs: Float64Array.from(train, place => labels.timesMs[place] ?? 0),
    labelEndMs: Float64Array.from(train, place => labels.endMs[place] ?? 0),
    trainShare: 1 - validationShare,
    embargoMs,
  })
  const original = (places: Uint32Array) => places.map(place => train[place] ?? 0)
  return { fitted: original(fitted), validation: original(test), purged, embargoed }
}

function assertLearnable(name: string, up: Uint8Array, testRows: number): void {
  if (up.length < MIN_TRAINING_ROWS || testRows < MIN_TEST_ROWS)
    throw new InvalidInputError(
      `Model "${name}" has ${up.length} training rows and ${testRows} test rows; it needs ${MIN_TRAINING_ROWS} and ${MIN_TEST_ROWS}.`,
      {
        facts: { trainingRows: up.length, testRows },
        hint: 'Use a longer history, a shorter label horizon or embargo, or more frequent decisions.',
      },
    )
  const rises = up.reduce((sum, value) => sum + value, 0)
  if (rises === 0 || rises === up.length)
    throw new InvalidInputError(
      `Every training label of model "${name}" is ${rises === 0 ? 'not a rise' : 'a rise'}: there is nothing to tell apart.`,
      { facts: { trainingRows: up.length, rises }, hint: 'Use a longer history or another label horizon.' },
    )
}

function concatenate(first: Uint32Array, second: Uint32Array): Uint32Array {
  const both = new Uint32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

function share(up: Uint8Array): number {
  return up.reduce((sum, value) => sum + value, 0) / up.length
}
