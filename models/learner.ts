import { z } from 'zod'

/** What a model's score means: log-odds of a rise, or the forward return in standard deviations of the target. */
export type Objective = 'direction' | 'return'

/** How a network's weights are found: Adam on mini-batches, with early stopping on the validation rows. */
type GradientDescent = {
  /** Passes over the training rows; fewer when early stopping ends them. */
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  /** Weight of ½·Σw² in the loss; biases are not penalised. */
  readonly l2: number
  /** Epochs without a better validation loss after which training stops. */
  readonly patience: number
}

/** Logistic regression (`direction`) or linear regression (`return`): one fully connected layer. */
export type LinearLearner = GradientDescent & { readonly kind: 'linear' }

/** Multilayer perceptron with ReLU. */
export type MlpLearner = GradientDescent & {
  readonly kind: 'mlp'
  /** Width of each hidden layer, first to last. */
  readonly hidden: readonly number[]
}

/**
 * Dilated causal temporal convolutional network over the last `steps` feature vectors (Bai, Kolter and Koltun,
 * "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence Modeling", 2018): level l is
 * ReLU of a convolution of dilation 2^l, plus its own input where both have the same width; a fully connected layer
 * reads the last step.
 */
export type TcnLearner = GradientDescent & {
  readonly kind: 'tcn'
  /** Feature vectors that one prediction looks at, the present one included. */
  readonly steps: number
  readonly channels: number
  readonly levels: number
  /** Taps of each convolution. */
  readonly kernel: number
}

/** Histogram gradient-boosted regression trees (Chen and Guestrin, "XGBoost", 2016; second-order gain). */
export type TreesLearner = {
  readonly kind: 'trees'
  /** Trees at most; fewer when early stopping ends them. */
  readonly rounds: number
  /** Levels of splits of a tree. */
  readonly depth: number
  readonly learningRate: number
  /** Added to the sum of second derivatives of a leaf. */
  readonly l2: number
  /** Least sum of second derivatives in a leaf. */
  readonly minLeafWeight: number
  /** Least gain of a split. */
  readonly minGain: number
  /** Share of the training rows drawn for each tree, in (0, 1]. */
  readonly rowShare: number
  /** Share of the features drawn for each tree, in (0, 1]. */
  readonly featureShare: number
  /** Rounds without a better validation loss after which training stops. */
  readonly patience: number
}

export type NetworkLearner = LinearLearner | MlpLearner | TcnLearner
export type Learner = NetworkLearner | TreesLearner

const gradientDescent = {
  epochs: z.int().min(1).max(100_000).default(50),
  batchSize: z.int().min(1).max(1_048_576).default(256),
  learningRate: z.number().gt(0).max(1).default(0.001),
  l2: z.number().min(0).max(1_000).default(0),
  patience: z.int().min(1).max(100_000).default(8),
}
const width = z.int().min(1).max(4_096)
const share = z.number().gt(0).max(1).default(1)

/** The form of a learner; unknown fields are refused, since a misspelt one would silently change the model. */
export const learnerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('linear'), ...gradientDescent }),
  z.strictObject({
    kind: z.literal('mlp'),
    hidden: z.array(width).min(1).max(8).readonly(),
    ...gradientDescent,
  }),
  z.strictObject({
    kind: z.literal('tcn'),
    steps: z.int().min(2).max(1_024),
    channels: width.max(512),
    levels: z.int().min(1).max(8),
    kernel: z.int().min(2).max(16).default(3),
    ...gradientDescent,
  }),
  z.strictObject({
    kind: z.literal('trees'),
    rounds: z.int().min(1).max(10_000).default(100),
    depth: z.int().min(1).max(10).default(6),
    learningRate: z.number().gt(0).max(1).default(0.1),
    l2: z.number().min(0).max(1_000_000).default(1),
    minLeafWeight: z.number().min(0).max(1_000_000).default(1),
    minGain: z.number().min(0).max(1_000_000).default(0),
    rowShare: share,
    featureShare: share,
    patience: z.int().min(1).max(10_000).default(20),
  }),
])

/** Feature vectors that one prediction looks at: 1, but for a network over time. */
export function stepsOf(learner: Learner): number {
  return learner.kind === 'tcn' ? learner.steps : 1
}
