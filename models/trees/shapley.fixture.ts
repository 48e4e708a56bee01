import type { Tree, TreeEnsemble } from './treeEnsemble.ts'

/**
 * Shapley values by their definition, over all coalitions of the features; for few features only. What a coalition
 * is worth: the score where features outside it are averaged over by the covers (Lundberg et al., 2018, algorithm 1).
 */
export function bruteForceShapley(
  { trees, columns, base }: TreeEnsemble,
  bins: Uint8Array,
): { base: number; contributions: Float64Array } {
  const worth = Float64Array.from({ length: 2 ** columns }, (_, coalition) =>
    trees.reduce((sum, tree) => sum + expectation(tree, 0, bins, coalition), base),
  )
  const contributions = new Float64Array(columns)
  for (let feature = 0; feature < columns; feature++)
    for (let coalition = 0; coalition < 2 ** columns; coalition++) {
      if (coalition & (1 << feature)) continue
      const gained = (worth[coalition | (1 << feature)] ?? 0) - (worth[coalition] ?? 0)
      contributions[feature] = (contributions[feature] ?? 0) + gained * share(sizeOf(coalition), columns)
    }
  return { base: worth[0] ?? 0, contributions }
}

function expectation(tree: Tree, node: number, bins: Uint8Array, coalition: number): number {
  const left = tree.left[node] ?? 0
  if (left === 0) return tree.value[node] ?? 0
  const feature = tree.feature[node] ?? 0
  if (coalition & (1 << feature)) {
    const goesLeft = (bins[feature] ?? 0) <= (tree.threshold[node] ?? 0)
    return expectation(tree, goesLeft ? left : left + 1, bins, coalition)
  }
  const [toLeft = 0, toRight = 0] = tree.cover.subarray(left)
  const both = toLeft + toRight
  return (
    (toLeft / both) * expectation(tree, left, bins, coalition) +
    (toRight / both) * expectation(tree, left + 1, bins, coalition)
  )
}

function sizeOf(coalition: number): number {
  let size = 0
  for (let rest = coalition; rest > 0; rest >>= 1) size += rest & 1
  return size
}

/** Share of the orders in which exactly `size` of the others come before a feature: size! (n − size − 1)! / n!. */
function share(size: number, n: number): number {
  const factorial = (of: number): number => (of < 2 ? 1 : of * factorial(of - 1))
  return (factorial(size) * factorial(n - size - 1)) / factorial(n)
}
