import type { KernelSource } from '../gpuKernel.ts'
import { NO_POSITION, type PlannedLayer } from '../networkPlan.ts'
import { forColumns, matrixProduct, quad, RIGHT_PITCH, TILE_COLUMNS, TILE_DEPTH } from './matrixProduct.ts'
import { ENTER } from './memberRecord.ts'

/** A hidden layer on the GPU. Values lie as [member][position][row of the batch][channel]. */
export type LayerShape = {
  readonly layer: PlannedLayer
  /** Rows of a batch, padded to a multiple of 4, so that no four rows lie in two positions. */
  readonly pitch: number
  /** Parameters of a whole network. */
  readonly parameters: number
  readonly tileRows: 64 | 128
  readonly unrolls: boolean
}

const TABLES = { name: 'tables', element: 'u32' } as const
const PLACES = ['x', 'y', 'z', 'w'] as const

function constants({ layer, pitch, parameters }: LayerShape): string {
  return `${ENTER}
const TAPS = ${layer.taps}u;
const INPUTS = ${layer.inputs}u;
const OUTPUTS = ${layer.outputs}u;
const PITCH = ${pitch}u;
const PARAMETERS = ${parameters}u;
const WEIGHTS_AT = ${layer.weightsAt}u;
const BIASES_AT = ${layer.biasesAt}u;
const NONE = ${NO_POSITION}u;
const INPUT_ROWS = ${layer.inputPositions * pitch}u;
const OUTPUT_ROWS = ${layer.outputPositions * pitch}u;`
}

/** The condition that one of four places from a first one on lies below a count. */
function below(first: string, count: number, further = 'true'): (place: number) => string {
  if (count % 4 === 0) return () => `${first} < ${count}u && ${further}`
  return place => `${first} + ${place}u < ${count}u && ${further}`
}

/**
 * The layer forwards: `activations` are what its ReLU gives; with a residual connection `sums` are these plus the
 * layer's own input, else there is no such array and the activations are the output.
 */
export function forward(shape: LayerShape): KernelSource {
  const { layer, tileRows, unrolls } = shape
  const { outputs, residual } = layer
  const single = layer.taps === 1
  const declarations = `${constants(shape)}
const DEPTH = ${layer.taps * layer.inputs}u;
fn left(row: u32, depth: u32) -> vec4f {
  ${
    single
      ? `let isInside = row < OUTPUT_ROWS && depth < DEPTH;
  let first = (member * INPUT_ROWS + row) * INPUTS + depth;`
      : `let source = tables[${layer.sourcesAt}u + (row / PITCH) * TAPS + depth / INPUTS];
  let isInside = row < OUTPUT_ROWS && depth < DEPTH && source != NONE;
  let first = (member * INPUT_ROWS + source * PITCH + row % PITCH) * INPUTS + depth % INPUTS;`
  }
  return ${quad('inputs', 'first', 'INPUTS', () => 'isInside')};
}
fn right(depth: u32, column: u32) -> vec4f {
  let first = member * PARAMETERS + WEIGHTS_AT + depth * OUTPUTS + column;
  return ${quad('parameters', 'first', '1u', below('column', outputs, 'depth < DEPTH'))};
}
fn put(row: u32, column: u32, values: vec4f) {
  if (row >= OUTPUT_ROWS) { return; }
  let at = (member * OUTPUT_ROWS + row) * OUTPUTS + column;
  let biases = member * PARAMETERS + BIASES_AT + column;
  ${
    residual
      ? `let own = tables[${layer.sourcesAt}u + (row / PITCH) * TAPS + TAPS - 1u];
  let from_ = (member * INPUT_ROWS + own * PITCH + row % PITCH) * INPUTS + column;`
      : ''
  }
  ${forColumns(
    outputs,
    place => `{
    let activation = max(values.${PLACES[place]} + parameters[biases + ${place}u], 0.0);
    activations[at + ${place}u] = activation;
    ${residual ? `sums[at + ${place}u] = activation + inputs[from_ + ${place}u];` : ''}
  }`,
  )}
}
`
  return {
    label: 'forward',
    arrays: [
      { name: 'plan', element: 'u32' },
      ...(single ? [] : [TABLES]),
      { name: 'parameters', element: 'f32' },
      { name: 'inputs', element: 'f32' },
      { name: 'activations', element: 'f32', writes: true },
      ...(residual ? [{ name: 'sums', element: 'f32', writes: true } as const] : []),
    ],
    code: matrixProduct({ declarations, leftAlong: 'depth', rightAlong: 'columns', tileRows, unrolls }),
  }
}

/**
 * The gradient of the layer's input, from `slopes`, the gradient before the layer's own ReLU: `inputSlopes` is that
 * before the ReLU of the layer below, whose ReLU gave `inputActivations`; where that layer is to pass on the gradient of
 * its output, `inputGradients` keeps it. A residual layer adds `gradients`, the gradient of its own output.
 */
export function backwardInputs(shape: LayerShape, lower: { readonly keepsGradients: boolean }): KernelSource {
  const { layer, tileRows, unrolls } = shape
  const { inputs, residual } = layer
  const single = layer.taps === 1
  const declarations = `${constants(shape)}
const DEPTH = ${layer.taps * layer.outputs}u;
fn left(row: u32, depth: u32) -> vec4f {
  ${
    single
      ? `let isInside = row < INPUT_ROWS && depth < DEPTH;
  let first = (member * OUTPUT_ROWS + row) * OUTPUTS + depth;`
      : `let user = tables[${layer.usersAt}u + (row / PITCH) * TAPS + depth / OUTPUTS];
  let isInside = row < INPUT_ROWS && depth < DEPTH && user != NONE;
  let first = (member * OUTPUT_ROWS + user * PITCH + row % PITCH) * OUTPUTS + depth % OUTPUTS;`
  }
  return ${quad('slopes', 'first', 'OUTPUTS', () => 'isInside')};
}
fn right(depth: u32, column: u32) -> vec4f {
  let first =
    member * PARAMETERS + WEIGHTS_AT + ((depth / OUTPUTS) * INPUTS + column) * OUTPUTS + depth % OUTPUTS;
  return ${quad('parameters', 'first', 'OUTPUTS', below('column', inputs, 'depth < DEPTH'))};
}
fn put(row: u32, column: u32, values: vec4f) {
  if (row >= INPUT_ROWS) { return; }
  let at = (member * INPUT_ROWS + row) * INPUTS + column;
  ${
    residual
      ? `let own = tables[${layer.usersAt}u + (row / PITCH) * TAPS + TAPS - 1u];
  let from_ = (member * OUTPUT_ROWS + own * PITCH + row % PITCH) * OUTPUTS + column;`
      : ''
  }
  ${forColumns(
    inputs,
    place => `{
    ${
      residual
        ? `let gradient = values.${PLACES[place]} + select(0.0, gradients[from_ + ${place}u], own != NONE);`
        : `let gradient = values.${PLACES[place]};`
    }
    ${lower.keepsGradients ? `inputGradients[at + ${place}u] = gradient;` : ''}
    inputSlopes[at + ${place}u] = select(0.0, gradient, inputActivations[at + ${place}u] > 0.0);
  }`,
  )}
}
`
  return {
    label: 'backward to inputs',
    arrays: [
      { name: 'plan', element: 'u32' },
      ...(single ? [] : [TABLES]),
      { name: 'parameters', element: 'f32' },
      { name: 'slopes', element: 'f32' },
      { name: 'inputActivations', element: 'f32' },
      { name: 'inputSlopes', element: 'f32', writes: true },
      ...(residual ? [{ name: 'gradients', element: 'f32' } as const] : []),
      ...(lower.keepsGradients ? [{ name: 'inputGradients', element: 'f32', writes: true } as const] : []),
    ],
    code: matrixProduct({ declarations, leftAlong: 'depth', rightAlong: 'depth', tileRows, unrolls }),
  }
}

/** How the sum over the rows of a batch is cut into slices; by the layer's shape alone, so that the bits are, too. */
export type Slices = { readonly count: number; readonly rows: number }

/** Few rows to a slice fill the card when few networks train; few slices keep what Adam must add up small. */
export function slicesOf(layer: PlannedLayer, pitch: number): Slices {
  const rows = layer.outputPositions * pitch
  const tiles = Math.ceil((layer.taps * layer.inputs) / 64) * Math.ceil(layer.outputs / TILE_COLUMNS)
  const most = Math.max(1, Math.min(8, Math.floor(256 / tiles)))
  const count = Math.min(most, Math.ceil(rows / 128))
  const sliceRows = Math.ceil(rows / count / TILE_DEPTH) * TILE_DEPTH
  return { count: Math.ceil(rows / sliceRows), rows: sliceRows }
}

/**
 * The gradient of the layer's weights and biases, a sum for each slice of the rows, into `gradients`
 * [member][layer][slice][parameter of the layer].
 *
 * @param at where the layer's slices begin among a member's `stride` values.
 */
export function backwardWeights(shape: LayerShape, slices: Slices, at: number, stride: number): KernelSource {
  const { layer, unrolls } = shape
  const { taps, inputs, outputs } = layer
  const single = taps === 1
  const rows = taps * inputs
  const columnTiles = Math.ceil(outputs / TILE_COLUMNS)
  const source = (
    row: string,
  ) => `let source = tables[${layer.sourcesAt}u + (depth / PITCH) * TAPS + (${row}) / INPUTS];
    let first = (member * INPUT_ROWS + source * PITCH + depth % PITCH) * INPUTS + (${row}) % INPUTS;`
  const left = single
    ? `let first = (member * INPUT_ROWS + depth) * INPUTS + row;
  return ${quad('inputs', 'first', '1u', below('row', rows, 'depth < DEPTH'))};`
    : inputs % 4 === 0
      ? `${source('row')}
  return ${quad('inputs', 'first', '1u', () => `row < ${rows}u && depth < DEPTH && source != NONE`)};`
      : `var values = vec4f();
  for (var place = 0u; place < 4u; place++) {
    ${source('row + place')}
    values[place] = select(0.0, inputs[first], row + place < ${rows}u && depth < DEPTH && source != NONE);
  }
  return values;`
  const declarations = `${constants(shape)}
const DEPTH = OUTPUT_ROWS;
var<private> into: u32;
fn left(row: u32, depth: u32) -> vec4f {
  ${left}
}
fn right(depth: u32, column: u32) -> vec4f {
  let first = (member * OUTPUT_ROWS + depth) * OUTPUTS + column;
  return ${quad('slopes', 'first', '1u', below('column', outputs, 'depth < DEPTH'))};
}
fn put(row: u32, column: u32, values: vec4f) {
  if (row >= ${rows}u) { return; }
  let at = into + row * OUTPUTS + column;
  ${forColumns(outputs, place => `gradients[at + ${place}u] = values.${PLACES[place]};`)}
}
`
  return {
    label: 'backward to weights',
    arrays: [
      { name: 'plan', element: 'u32' },
      ...(single ? [] : [TABLES]),
      { name: 'inputs', element: 'f32' },
      { name: 'slopes', element: 'f32' },
      { name: 'gradients', element: 'f32', writes: true },
    ],
    code: matrixProduct({
      declarations,
      leftAlong: 'rows',
      rightAlong: 'columns',
      tileRows: 64,
      unrolls,
      prologue: `let slice = group.y / ${columnTiles}u;
  tileColumn = (group.y % ${columnTiles}u) * ${TILE_COLUMNS}u;
  depthFrom = slice * ${slices.rows}u;
  depthTo = min(DEPTH, depthFrom + ${slices.rows}u);
  into = member * ${stride}u + ${at}u + slice * ${(rows + 1) * outputs}u;
  var bias = 0.0;`,
      // The first row of tiles adds up the slopes themselves: the gradient of the biases.
      alongside: `if (group.x == 0u && lane < ${TILE_COLUMNS}u) {
      for (var d = 0u; d < tileDepth; d++) { bias += rightTile[d * ${RIGHT_PITCH}u + lane / 4u][lane % 4u]; }
    }`,
      epilogue: `if (group.x == 0u && lane < ${TILE_COLUMNS}u && tileColumn + lane < OUTPUTS) {
    gradients[into + ${rows * outputs}u + tileColumn + lane] = bias;
  }`,
    }),
  }
}
