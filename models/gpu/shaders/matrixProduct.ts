/** A product of two matrices on the GPU, in WGSL: `left` (rows × depth) times `right` (depth × columns). */
export type MatrixProduct = {
  /**
   * Constants and functions: `const DEPTH: u32`; `fn left(row, depth) -> vec4f`, of four rows at one depth;
   * `fn right(depth, column) -> vec4f`, of four columns at one depth, both 0 for what lies outside; and
   * `fn put(row, column, values: vec4f)`, of four columns of a row, which ignores what lies outside. Rows and columns
   * that are passed are multiples of 4, but for `put`, whose rows are any. `enter(z)` is called first.
   */
  readonly declarations: string
  /** Whether neighbours of `left` in memory are neighbours in depth, else in rows; likewise of `right`. */
  readonly leftAlong: 'depth' | 'rows'
  readonly rightAlong: 'depth' | 'columns'
  /** Rows of a tile: 64, or 128 where there are enough rows to fill the card all the same. */
  readonly tileRows: 64 | 128
  /** Whether the inner loop may be unrolled: what makes a card fast makes its imitation compile for seconds. */
  readonly unrolls: boolean
  /** Statements before the product; they may set `tileColumn`, `depthFrom` and `depthTo` (u32). */
  readonly prologue?: string
  /** Statements after each step along the depth, while its tiles are at hand. */
  readonly alongside?: string
  /** Statements at the end. */
  readonly epilogue?: string
}

/** Columns of a tile, and its depth. */
export const TILE_COLUMNS = 64
export const TILE_DEPTH = 16
/** Quads of a row of the right tile, and one more: neighbours in depth then lie in different banks. */
export const RIGHT_PITCH = TILE_COLUMNS / 4 + 1

/**
 * Writes the kernel. A workgroup of 256 computes a tile of `tileRows` × 64, each invocation 4 or 8 rows × 4 columns
 * in registers. Each value is one sum in the order of the depth, whatever the tile.
 */
export function matrixProduct({
  declarations,
  leftAlong,
  rightAlong,
  tileRows,
  unrolls,
  prologue = '',
  alongside = '',
  epilogue = '',
}: MatrixProduct): string {
  const rowQuads = tileRows / 4
  const leftPitch = rowQuads + 1
  const quads = Array.from({ length: tileRows / 64 }, (_, quad) => quad)
  const sums = quads.map(quad => ['x', 'y', 'z', 'w'].map(row => `sum${quad}${row}`))
  const loadLeft = quads.map(quad => {
    const item = `(lane + ${quad * 256}u)`
    const [depth, row] =
      leftAlong === 'depth'
        ? [`${item} % ${TILE_DEPTH}u`, `${item} / ${TILE_DEPTH}u`]
        : [`${item} / ${rowQuads}u`, `${item} % ${rowQuads}u`]
    return `{
      let d = ${depth};
      let q = ${row};
      leftTile[d * ${leftPitch}u + q] = left(tileRow + q * 4u, at + d);
    }`
  })
  const [rightDepth, rightColumn] =
    rightAlong === 'depth'
      ? [`lane % ${TILE_DEPTH}u`, `lane / ${TILE_DEPTH}u`]
      : [`lane / ${TILE_COLUMNS / 4}u`, `lane % ${TILE_COLUMNS / 4}u`]
  const multiply = quads.map(
    quad => `let l${quad} = leftTile[d * ${leftPitch}u + rowQuad + ${quad * 16}u];
      ${['x', 'y', 'z', 'w'].map(row => `sum${quad}${row} += l${quad}.${row} * r;`).join(' ')}`,
  )
  const rowOf = (place: string) => `tileRow + rowQuad * 4u + ${place} / 4u * 64u + ${place} % 4u`
  const flat = sums.flat()
  const store = unrolls
    ? flat.map((sum, place) => `put(${rowOf(`${place}u`)}, column, ${sum});`)
    : [
        `var sums = array<vec4f, ${flat.length}>(${flat.join(', ')});`,
        `for (var place = 0u; place < ${flat.length / 4}u * step.z; place++) { put(${rowOf('place')}, column, sums[place]); }`,
      ]
  return `${declarations}
var<workgroup> leftTile: array<vec4f, ${TILE_DEPTH * leftPitch}>;
var<workgroup> rightTile: array<vec4f, ${TILE_DEPTH * RIGHT_PITCH}>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  enter(group.z);
  let tileRow = group.x * ${tileRows}u;
  var tileColumn = group.y * ${TILE_COLUMNS}u;
  var depthFrom = 0u;
  var depthTo = DEPTH;
  // ${TILE_DEPTH} either way.
  let tileDepth = ${unrolls ? `${TILE_DEPTH}u` : 'step.y'};
  ${prologue}
  let columnQuad = lane % 16u;
  let rowQuad = lane / 16u;
  ${sums
    .flat()
    .map(sum => `var ${sum} = vec4f();`)
    .join(' ')}
  for (var at = depthFrom; at < depthTo; at += ${TILE_DEPTH}u) {
    ${loadLeft.join('\n    ')}
    {
      let d = ${rightDepth};
      let q = ${rightColumn};
      rightTile[d * ${RIGHT_PITCH}u + q] = right(at + d, tileColumn + q * 4u);
    }
    workgroupBarrier();
    for (var d = 0u; d < tileDepth; d++) {
      let r = rightTile[d * ${RIGHT_PITCH}u + columnQuad];
      ${multiply.join('\n      ')}
    }
    ${alongside}
    workgroupBarrier();
  }
  let column = tileColumn + columnQuad * 4u;
  ${store.join('\n  ')}
  ${epilogue}
}
`
}

/** Four values of an array beside each other or `pitch` apart, in WGSL; 0 where the condition does not hold. */
export function quad(
  array: string,
  from: string,
  pitch: string,
  isInside: (place: number) => string,
): string {
  const conditions = [0, 1, 2, 3].map(isInside)
  const values = [0, 1, 2, 3].map(place => `${array}[${from} + ${place}u * ${pitch}]`).join(', ')
  const one = conditions.every(condition => condition === conditions[0])
  // Reads go ahead of the condition: WebGPU confines them to the array.
  return `select(vec4f(), vec4f(${values}), ${one ? conditions[0] : `vec4<bool>(${conditions.join(', ')})`})`
}

/** Statements for each of four columns that lie inside, in WGSL; in one branch where four are in or out together. */
export function forColumns(columns: number, each: (place: number) => string): string {
  if (columns % 4 === 0) return `if (column < ${columns}u) { ${[0, 1, 2, 3].map(each).join(' ')} }`
  return [0, 1, 2, 3].map(place => `if (column + ${place}u < ${columns}u) { ${each(place)} }`).join('\n  ')
}
