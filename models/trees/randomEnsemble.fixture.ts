import { type Random, SCORE_ONE } from '../../core/index.ts'
import type { Tree, TreeEnsemble } from './treeEnsemble.ts'

/** An ensemble of random trees, for tests. `asks` are the features that they ask for; all when left out. */
export function randomEnsemble(
  random: Random,
  shape: {
    readonly columns: number
    readonly trees: number
    readonly depth: number
    readonly asks?: readonly number[]
  },
): TreeEnsemble {
  const { columns, trees, depth } = shape
  const asks = shape.asks ?? Array.from({ length: columns }, (_, feature) => feature)
  const edges = Array.from({ length: columns }, () => {
    const values = Array.from({ length: 1 + Math.floor(random() * 20) }, () => Math.fround(4 * random() - 2))
    return Float32Array.from(new Set(values)).sort()
  })
  return {
    objective: 'direction',
    columns,
    edges,
    trees: Array.from({ length: trees }, () => randomTree(random, depth, asks, edges)),
    base: Math.floor((random() - 0.5) * SCORE_ONE),
    targetScale: 1,
    targetCentre: 0,
  }
}

/** A row of values, some of them missing. */
export function randomRow(random: Random, columns: number): Float32Array {
  return Float32Array.from({ length: columns }, () => (random() < 0.1 ? Number.NaN : 5 * random() - 2.5))
}

function randomTree(
  random: Random,
  depth: number,
  asks: readonly number[],
  edges: readonly Float32Array[],
): Tree {
  const feature: number[] = [0]
  const threshold: number[] = [0]
  const left: number[] = [0]
  const cover: number[] = [1 + Math.floor(random() * 1000)]
  let level = [0]
  for (let deep = 0; deep < depth; deep++) {
    const next: number[] = []
    for (const node of level) {
      if (random() < 0.15) continue
      const asked = asks[Math.floor(random() * asks.length)] ?? 0
      const child = left.length
      feature[node] = asked
      threshold[node] = Math.floor(random() * ((edges[asked]?.length ?? 0) + 1))
      left[node] = child
      const share = random()
      const all = cover[node] ?? 0
      for (const column of [feature, threshold, left]) column.push(0, 0)
      cover.push(all * share, all * (1 - share))
      next.push(child, child + 1)
    }
    level = next
  }
  return {
    feature: Uint16Array.from(feature),
    threshold: Uint8Array.from(threshold),
    left: Uint16Array.from(left),
    value: Int32Array.from(left, child => (child === 0 ? Math.floor((random() - 0.5) * SCORE_ONE) : 0)),
    cover: Float32Array.from(cover),
  }
}
