import { featureEdges } from './binFeatures.ts'
import { type BoostPlan, type BoostRound, boostTrees } from './boostTrees.ts'
import { assist, leadCrew } from './treesCrew.ts'
import { treesKernel } from './treesKernel.ts'
import type { TreesLayout } from './treesMemory.ts'

/** What a thread of a training is given to start with. */
export type ThreadPlan = {
  readonly memory: WebAssembly.Memory
  readonly layout: TreesLayout
  readonly thread: number
}

/** What a thread can be told to do, one order after the other. */
export type ThreadOrder =
  /** Find the edges of a feature whose sampled values are given. */
  | { readonly kind: 'edges'; readonly values: Float32Array }
  /** Turn the values that lie in this thread's part of the memory into bins. */
  | { readonly kind: 'bin'; readonly firstRow: number; readonly rows: number }
  /** Lead the rounds. */
  | { readonly kind: 'boost'; readonly plan: BoostPlan }
  /** Take part in the rounds until the thread is ended. */
  | { readonly kind: 'assist' }

export type ThreadAnswer =
  | { readonly kind: 'edges'; readonly edges: Float32Array }
  | { readonly kind: 'done' }
  /** One of the rounds that are led; `done` follows the last. */
  | { readonly kind: 'round'; readonly round: BoostRound }

/** Where in the memory a thread finds the values that it turns into bins. */
export function valuesAt(layout: TreesLayout, thread: number): number {
  return layout.valuesAt + thread * layout.valuesBytes
}

/** Carries out an order, answer by answer. */
export function* carryOut(
  { memory, layout, thread }: ThreadPlan,
  order: ThreadOrder,
): Generator<ThreadAnswer, void> {
  switch (order.kind) {
    case 'edges':
      yield { kind: 'edges', edges: featureEdges(order.values) }
      return
    case 'bin': {
      const { columns, edgesAt, binsAt, blockBytes } = layout
      const { binRows } = treesKernel(memory)
      binRows(valuesAt(layout, thread), order.rows, columns, edgesAt, binsAt, blockBytes, order.firstRow)
      yield { kind: 'done' }
      return
    }
    case 'boost':
      for (const round of boostTrees(leadCrew(memory, layout), order.plan)) yield { kind: 'round', round }
      yield { kind: 'done' }
      return
    case 'assist':
      assist(memory, layout, thread)
  }
}
