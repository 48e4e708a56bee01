import type { TreeEnsemble } from '../trees/treeEnsemble.ts'
import { checkProgram } from './checkProgram.ts'
import { type Link, uncalibratedLink } from './link.ts'
import type { TreesProgram } from './program.ts'

/**
 * Seals an ensemble's integers as they are. What only explanations need, the covers, is left to `coversOf`.
 *
 * @param link what a score means; the uncalibrated one unless given.
 * @throws InvalidInputError when the ensemble is malformed.
 */
export function treesProgram(ensemble: TreeEnsemble, link?: Link): TreesProgram {
  const { objective, columns, edges, trees, base, targetScale, targetCentre } = ensemble
  const program: TreesProgram = {
    kind: 'trees',
    objective,
    steps: 1,
    columns,
    link: link ?? uncalibratedLink(objective, targetScale, targetCentre),
    edges,
    trees: trees.map(({ feature, threshold, left, value }) => ({ feature, threshold, left, value })),
    base,
  }
  checkProgram(program)
  return program
}

/** The covers of an ensemble's nodes, tree after tree: `ensembleOf` puts them back. */
export function coversOf({ trees }: TreeEnsemble): Float32Array {
  const covers = new Float32Array(trees.reduce((sum, { cover }) => sum + cover.length, 0))
  let at = 0
  for (const { cover } of trees) {
    covers.set(cover, at)
    at += cover.length
  }
  return covers
}

/** The ensemble that a program and its covers are of; its target's scale is part of the link, and is not restored. */
export function ensembleOf(program: TreesProgram, covers: Float32Array): TreeEnsemble {
  const { objective, columns, edges, base } = program
  let at = 0
  const trees = program.trees.map(tree => {
    const cover = covers.slice(at, at + tree.feature.length)
    at += tree.feature.length
    return { ...tree, cover }
  })
  return { objective, columns, edges, trees, base, targetScale: 1, targetCentre: 0 }
}
