import { type Hash, InvalidInputError } from '../../core/index.ts'
import { describeExplanation } from './describeExplanation.ts'
import type { Evaluator } from './evaluator.ts'
import { createNetworkExplainer } from './explainNetwork.ts'
import type { Explanation } from './explanation.ts'
import { int16FromText } from './int16Text.ts'
import { expectedReturnE9Of, probabilityPpmOf } from './link.ts'
import { assertWindows } from './matrixRows.ts'
import type { ModelCard } from './modelCard.ts'
import { createNetworkEvaluator } from './networkEvaluator.ts'
import { type SealedModel, sealedModelHashes } from './sealedModel.ts'
import { createTreesEvaluator } from './treesEvaluator.ts'
import { createTreesExplainer } from './treesExplainer.ts'

/** A sealed model ready to predict: synchronous, and the same integers on every machine. */
export type SealedInference = {
  /** Names the model. */
  readonly hash: Hash
  readonly horizonMs: number
  /** Feature vectors that a prediction looks at, the present one included. */
  readonly steps: number
  /** Features of a vector. */
  readonly columns: number
  /** Integer inputs of `steps` feature vectors, the oldest first. */
  quantise(features: Float32Array): Int16Array
  /** Score of integer inputs, in 1 / `SCORE_ONE`. */
  score(inputs: Int16Array): number
  /** Probability of a rise at a score, in millionths. */
  probabilityPpm(score: number): number
  /** Expected log return at a score, in billionths; null when the model does not say. */
  expectedReturnE9(score: number): number | null
  /** Where the log return lies, in billionths, with the coverage in millionths; null when the model does not say. */
  returnIntervalE9(score: number): ReturnBounds | null
  /** Score of features, in 1 / `SCORE_ONE`; allocates nothing. */
  scoreOf(features: Float32Array): number
  /** Probability of a rise of features, in millionths; allocates nothing. */
  predict(features: Float32Array): number
  /**
   * Scores at rows of a row-major matrix in the order of time; a row stands for the `steps` rows that end at it.
   *
   * @throws InvalidInputError when a row is not in the matrix, or has too few before it.
   */
  scores(values: Float32Array, rows: Uint32Array): Int32Array
  /** Why features have their score. */
  explain(features: Float32Array): Explanation
  /** The same in words; see `describeExplanation`. */
  describe(features: Float32Array): string
}

export type ReturnBounds = {
  readonly lowerE9: number
  readonly upperE9: number
  readonly coveragePpm: number
}

/**
 * Prepares a sealed model for prediction.
 *
 * @throws InvalidInputError when it is malformed.
 */
export function createSealedInference(model: SealedModel): SealedInference {
  const { model: hash } = sealedModelHashes(model)
  const { program, card } = model
  const { steps, columns, link } = program
  const { evaluator, explainer } = prepare(model, hash)
  // Prepared when first asked for: most predictions are made without.
  let explain: ((inputs: Int16Array) => Explanation) | null = null

  const assertLength = ({ length }: { readonly length: number }) => {
    if (length === steps * columns) return
    const vectors = steps === 1 ? '' : `${steps} vectors of `
    throw new InvalidInputError(
      `Model "${card.name}" takes ${vectors}${columns} features, ${steps * columns} numbers, not ${length}.`,
      {
        facts: { model: card.name, expected: steps * columns, given: length },
        hint: `Pass the features ${card.features.join(', ')}, in this order${steps === 1 ? '' : ', the oldest vector first'}.`,
      },
    )
  }
  const scoreOf = (features: Float32Array) => {
    assertLength(features)
    return evaluator.predict(features)
  }
  const explainInputs = (inputs: Int16Array) => {
    explain ??= explainer()
    return explain(inputs)
  }
  const expectedReturnE9 = (score: number) => expectedReturnE9Of(link, score)
  return {
    hash,
    horizonMs: card.label.horizonMs,
    steps,
    columns,
    quantise(features) {
      assertLength(features)
      return evaluator.quantise(features)
    },
    score(inputs) {
      assertLength(inputs)
      return evaluator.score(inputs)
    },
    probabilityPpm: score => probabilityPpmOf(link, score),
    expectedReturnE9,
    returnIntervalE9(score) {
      const expected = expectedReturnE9(score)
      if (expected === null || link.interval === null) return null
      const { lowerE9, upperE9, coveragePpm } = link.interval
      return { lowerE9: expected + lowerE9, upperE9: expected + upperE9, coveragePpm }
    },
    scoreOf,
    predict: features => probabilityPpmOf(link, scoreOf(features)),
    scores(values, rows) {
      assertWindows({ values, rows }, program)
      return evaluator.scores(values, rows)
    },
    explain(features) {
      assertLength(features)
      return explainInputs(evaluator.quantise(features))
    },
    describe(features) {
      assertLength(features)
      const inputs = evaluator.quantise(features)
      const explanation = explainInputs(inputs)
      return describeExplanation({
        explanation,
        objective: program.objective,
        features: card.features,
        probabilityPpm: probabilityPpmOf(link, explanation.score),
        inputs,
        background: backgroundOf(card),
      })
    },
  }
}

type Prepared = {
  readonly evaluator: Evaluator
  explainer(): (inputs: Int16Array) => Explanation
}

function prepare({ program, card }: SealedModel, hash: Hash): Prepared {
  if (program.kind === 'trees') {
    const evaluator = createTreesEvaluator(program)
    return { evaluator, explainer: () => createTreesExplainer(program, evaluator, card.covers ?? '') }
  }
  const evaluator = createNetworkEvaluator(program)
  return { evaluator, explainer: () => createNetworkExplainer(program, evaluator, backgroundOf(card), hash) }
}

function backgroundOf({ background }: ModelCard): Int16Array {
  return int16FromText(background.inputs) ?? new Int16Array(0)
}
