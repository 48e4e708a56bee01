import { treesWasm } from '../kernels/generated/trees.ts'
import { instantiateKernel } from '../kernels/instantiateKernel.ts'

/** What `kernels/assembly/trees.ts` exports; addresses are bytes in its memory. */
export type TreesKernel = {
  binRows(
    values: number,
    count: number,
    columns: number,
    edges: number,
    bins: number,
    blockBytes: number,
    firstRow: number,
  ): void
  sumHistograms(
    rows: number,
    gradients: number,
    count: number,
    bins: number,
    features: number,
    histogram: number,
    stage: number,
  ): void
  subtractHistograms(parent: number, child: number, features: number): void
  findSplit(
    histogram: number,
    firstFeature: number,
    features: number,
    binCounts: number,
    sums: number,
    rule: number,
    out: number,
  ): void
  markLeft(rows: number, count: number, bins: number, threshold: number, marks: number): number
  moveRows(
    rows: number,
    gradients: number,
    marks: number,
    count: number,
    toRows: number,
    toGradients: number,
    left: number,
    right: number,
  ): void
  countDrawn(firstRow: number, count: number, key: number, limit: number): number
  updateRows(
    plan: number,
    firstRow: number,
    count: number,
    listAt: number,
    covers: number,
    stage: number,
    out: number,
  ): void
}

/** The kernel over a memory that several threads may share. */
export function treesKernel(memory: WebAssembly.Memory): TreesKernel {
  return instantiateKernel<TreesKernel>(treesWasm, memory).exports
}
