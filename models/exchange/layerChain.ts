/**
 * A layer of another framework's network: for each output o, biases[o] + Σ over taps t (oldest first) and inputs i
 * of weights[t][i][o] · input.
 */
export type ForeignLayer = {
  readonly kind: 'layer'
  readonly taps: number
  readonly inputs: number
  readonly outputs: number
  /** Steps between neighbouring taps. */
  readonly dilation: number
  /** Whether zeros stand before the first step, so that there are as many steps after it; otherwise fewer come out. */
  readonly padded: boolean
  readonly weights: ArrayLike<number>
  readonly biases: ArrayLike<number>
}

/** What one layer or node of another framework's network does, by feature or channel where it has arrays. */
export type ChainStep =
  /** Puts a value in the place of each missing one. */
  | { readonly kind: 'fillMissing'; readonly values: ArrayLike<number> }
  /** (x − mean) / std; an infinite std gives 0. */
  | { readonly kind: 'normalise'; readonly mean: ArrayLike<number>; readonly std: ArrayLike<number> }
  /** x · factor + shift. */
  | { readonly kind: 'scale'; readonly factors: ArrayLike<number>; readonly shifts: ArrayLike<number> }
  | { readonly kind: 'clip'; readonly low: number; readonly high: number }
  | ForeignLayer
  | { readonly kind: 'relu' }
  /** Adds the input of the layer before. */
  | { readonly kind: 'residual' }
  | { readonly kind: 'lastStep' }
  | { readonly kind: 'sigmoid' }

/** A network as an importer read it: its steps in the order of evaluation, each with a name for error messages. */
export type LayerChain = {
  /** Features of one step. */
  readonly columns: number
  /** Feature vectors that one prediction looks at; 1 for a network that is not over time. */
  readonly steps: number
  readonly links: readonly ChainLink[]
}

/** A step, and what it is in the file it comes from, as `node "fc1" (Gemm)`. */
export type ChainLink = ChainStep & { readonly where: string }
