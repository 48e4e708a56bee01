/** A node of another library's tree, its children by their places in the tree. */
export type ForeignTreeNode =
  | {
      readonly kind: 'split'
      readonly feature: number
      /** The greatest binary32 value that goes left. */
      readonly threshold: number
      readonly missingGoesLeft: boolean
      readonly left: number
      readonly right: number
      readonly cover: number
    }
  | {
      readonly kind: 'leaf'
      /** In the unit of the ensemble's output. */
      readonly value: number
      readonly cover: number
    }

/** An ensemble as an importer read it; a tree's first node is its root. */
export type ForeignTrees = {
  readonly columns: number
  readonly trees: readonly (readonly ForeignTreeNode[])[]
  /** Output before the first tree. */
  readonly base: number
  readonly objective: 'direction' | 'return'
}

const WORD = new DataView(new ArrayBuffer(4))

/** The greatest binary32 value below a finite one. */
export function float32Below(value: number): number {
  WORD.setFloat32(0, value)
  const bits = WORD.getInt32(0)
  // Both zeros are followed by the smallest subnormal below them; away from 0 the bits count up.
  const below = value === 0 ? -0x7fff_ffff : value > 0 ? bits - 1 : bits + 1
  WORD.setInt32(0, below)
  return WORD.getFloat32(0)
}
