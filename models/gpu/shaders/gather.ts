import { SCALED_LIMIT } from '../../scaler.ts'
import type { KernelSource } from '../gpuKernel.ts'
import { ENTER, word } from './memberRecord.ts'

/** The name of the n-th part of the feature matrix: one array may be too small for all of it. */
export function matrixPart(part: number): string {
  return `matrix${part}`
}

/**
 * Gathers the feature vectors of a batch, scaled as `scaleValue` does, into `inputs` [member][position][row][column];
 * rows past the end of a ragged batch are 0.
 */
export function gather({
  columns,
  batchSize,
  pitch,
  positions,
  parts,
  partRows,
}: {
  readonly columns: number
  readonly batchSize: number
  /** Rows that a batch takes up. */
  readonly pitch: number
  /** Of the input: how many rows before the row each is comes first in the plan's tables. */
  readonly positions: number
  /** Arrays that the matrix is cut into, of `partRows` rows each. */
  readonly parts: number
  readonly partRows: number
}): KernelSource {
  const cases = Array.from(
    { length: parts - 1 },
    (_, part) =>
      `if (row < ${(part + 1) * partRows}u) { return ${matrixPart(part)}[(row - ${part * partRows}u) * ${columns}u + column]; }`,
  )
  return {
    label: 'gather',
    arrays: [
      { name: 'plan', element: 'u32' },
      { name: 'tables', element: 'u32' },
      { name: 'order', element: 'u32' },
      { name: 'scalers', element: 'vec2f' },
      { name: 'inputs', element: 'f32', writes: true },
      ...Array.from({ length: parts }, (_, part) => ({ name: matrixPart(part), element: 'u32' as const })),
    ],
    code: `${ENTER}
// The bits of a value: a compiler may assume that no number is NaN, but not that no bits are.
fn bitsAt(row: u32, column: u32) -> u32 {
  ${cases.join('\n  ')}
  return ${matrixPart(parts - 1)}[(row - ${(parts - 1) * partRows}u) * ${columns}u + column];
}

@compute @workgroup_size(256)
fn main(
  @builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(workgroup_id) group: vec3u,
) {
  enter(group.z);
  let first = step.x * ${batchSize}u;
  let rows = ${word('rows')};
  let size = select(0u, min(${batchSize}u, rows - first), rows > first);
  let back = tables[group.y];
  let into = (member * ${positions}u + group.y) * ${pitch * columns}u;
  for (var at = id.x; at < ${pitch * columns}u; at += groups.x * 256u) {
    let place = at / ${columns}u;
    let column = at % ${columns}u;
    var scaled = 0.0;
    if (place < size) {
      let bits = bitsAt(order[${word('rowsAt')} + first + place] - back, column);
      let scaler = scalers[member * ${columns}u + column];
      // All exponent bits set: NaN or infinite.
      if ((bits & 0x7f800000u) != 0x7f800000u && scaler.y != 0.0) {
        scaled = clamp((bitcast<f32>(bits) - scaler.x) / scaler.y, -${SCALED_LIMIT}.0, ${SCALED_LIMIT}.0);
      }
    }
    inputs[into + at] = scaled;
  }
}
`,
  }
}
