import type { Objective } from '../learner.ts'
import type { Scaler } from '../scaler.ts'
import type { Link } from './link.ts'

/** A network's input is its scaled value times this: ±8 fills an int16, and a step is 1/4,096 of a deviation. */
export const INPUT_ONE = 4_096

/** Largest weight of a network, and its negative the smallest. */
export const WEIGHT_LIMIT = 127

export const INT16_MIN = -32_768
export const INT16_MAX = 32_767
export const INT32_MIN = -2_147_483_648
export const INT32_MAX = 2_147_483_647

/** What a sealed model computes, as integers: features -> integer inputs -> score -> probability. */
export type Program = NetworkProgram | TreesProgram

type Described = {
  readonly objective: Objective
  /** Feature vectors that one prediction looks at. */
  readonly steps: number
  /** Features of one vector. */
  readonly columns: number
  /** What a score means. */
  readonly link: Link
}

/** A quantised network: int16 inputs and activations, int8 weights, int32 sums. */
export type NetworkProgram = Described & {
  readonly kind: 'network'
  readonly scaler: Scaler
  /** First to last; the last has one output, which is the score. */
  readonly layers: readonly ProgramLayer[]
}

/**
 * A layer at a step: for each output o the sum biases[o] + Σ over taps t (oldest first) and inputs i of
 * weights[t][i][o] · input, which is exact in an int32, then requantised by multipliers[o] and shifts[o].
 */
export type ProgramLayer = {
  readonly taps: number
  readonly inputs: number
  readonly outputs: number
  /** Steps between neighbouring taps. */
  readonly dilation: number
  readonly relu: boolean
  /** How the layer's own input at the same step is requantised and added after the ReLU; null when it is not. */
  readonly residual: Requantisation | null
  /** Row-major [tap][input][output], within ±`WEIGHT_LIMIT`. */
  readonly weights: Int8Array
  readonly biases: Int32Array
  readonly multipliers: Uint16Array
  readonly shifts: Uint8Array
}

/** ⌊(value · multiplier + 2^(shift−1)) / 2^shift⌋: the value times multiplier / 2^shift, rounded half up. */
export type Requantisation = { readonly multiplier: number; readonly shift: number }

/** Boosted trees over bins; their sum is exact as it was trained. */
export type TreesProgram = Described & {
  readonly kind: 'trees'
  readonly steps: 1
  /** By feature, ascending, at most 254; as of `TreeEnsemble`. */
  readonly edges: readonly Float32Array[]
  readonly trees: readonly ProgramTree[]
  /** Score before the first tree. */
  readonly base: number
}

/** As `Tree`, without what only explanations need. */
export type ProgramTree = {
  readonly feature: Uint16Array
  readonly threshold: Uint8Array
  readonly left: Uint16Array
  readonly value: Int32Array
}
