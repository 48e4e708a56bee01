import { neededSteps } from '../networks/neededSteps.ts'
import type { NetworkProgram, ProgramLayer } from './program.ts'
import { powerOfTwo } from './requantise.ts'

/** Rows that a network over one step evaluates at once: enough to hide what each call costs, few enough to stay near. */
export const BATCH_ROWS = 32

/** Words that describe a layer to the kernel, in its order. */
const WORDS = {
  positions: 0,
  taps: 1,
  pairs: 2,
  outputs: 3,
  weights: 4,
  biases: 5,
  scales: 6,
  reads: 7,
  writes: 8,
  carries: 9,
  carryScale: 10,
  relu: 11,
  last: 12,
  sums: 13,
  columnWeights: 14,
} as const
const LAYER_WORDS = 16

/** Where a network lies in a kernel's memory. Rows are padded to `rowBytes` with zeros. */
export type NetworkLayout = {
  readonly bytes: number
  readonly layers: number
  /** Binary32 features as they are given: those of a batch or of one window. */
  readonly features: number
  /** Integer inputs of them. */
  readonly inputs: number
  /** Inputs beside them, which are not evaluated. */
  readonly targets: number
  readonly rowBytes: number
  readonly mean: number
  readonly std: number
  /** Scores of a batch, int32. */
  readonly scores: number
  /** Rows at once: `BATCH_ROWS`, or 1 for a network over time. */
  readonly batch: number
  /** Bytes from an output row of the first layer to that of the next row of a batch. */
  readonly firstRowBytes: number
  /** Writes all that never changes into a memory of `bytes` bytes. */
  write(buffer: ArrayBufferLike): void
  /** Address of the word that says at how many positions a layer is computed. */
  positionsAt(layer: number): number
}

/** Where one layer lies. */
type LayerPlace = {
  readonly layer: ProgramLayer
  /** Steps (or rows of the batch) that it computes, ascending. */
  readonly positions: readonly number[]
  readonly paddedInputs: number
  readonly paddedOutputs: number
  readonly weights: number
  readonly biases: number
  readonly scales: number
  readonly reads: number
  readonly writes: number
  readonly carries: number
  readonly carryScale: number
  /** Rows of outputs. */
  readonly rows: number
  readonly outputBytes: number
}

/** Decides where a network lies in memory. Of a network over time, only what the last step depends on is computed. */
export function networkLayout(program: NetworkProgram): NetworkLayout {
  const { columns, steps, layers } = program
  const batch = steps === 1 ? BATCH_ROWS : 1
  let end = 64
  const reserve = (bytes: number) => {
    const at = end
    end += Math.ceil(bytes / 16) * 16
    return at
  }
  const rowBytes = padded(columns) * 2
  const heads = reserve(layers.length * LAYER_WORDS * 4)
  const features = reserve(Math.max(steps, batch) * columns * 4 + 16)
  const inputs = reserve(Math.max(steps, batch) * rowBytes)
  const targets = reserve(steps * rowBytes)
  const zeros = reserve(padded(Math.max(columns, ...layers.map(({ outputs }) => outputs))) * 2)
  const mean = reserve(padded(columns) * 4)
  const std = reserve(padded(columns) * 4)
  const scores = reserve(batch * 4)
  const shapes = layers.map(layer => ({
    ...layer,
    residual: layer.residual !== null,
    weightsAt: 0,
    biasesAt: 0,
  }))
  const needed = neededSteps(shapes, steps).map(back => back.map(count => steps - 1 - count))
  const places = layers.map((layer, depth): LayerPlace => {
    const positions = steps === 1 ? Array.from({ length: batch }, (_, row) => row) : (needed[depth + 1] ?? [])
    const paddedInputs = padded(layer.inputs)
    const paddedOutputs = padded(layer.outputs)
    const last = depth === layers.length - 1
    const outputBytes = last ? 4 : paddedOutputs * 2
    return {
      layer,
      positions,
      paddedInputs,
      paddedOutputs,
      weights: reserve(layer.taps * paddedInputs * paddedOutputs * 2),
      biases: reserve(paddedOutputs * 4),
      scales: reserve(paddedOutputs * 8),
      reads: reserve(positions.length * layer.taps * 4),
      writes: reserve(positions.length * 4),
      carries: layer.residual === null ? 0 : reserve(positions.length * 4),
      carryScale: reserve(8),
      rows: last ? scores : reserve(positions.length * outputBytes),
      outputBytes,
    }
  })
  const [first] = places
  const sums = reserve((steps === 1 ? 1 : (first?.positions.length ?? 0)) * (first?.paddedOutputs ?? 0) * 4)
  const columnWeights = reserve(
    (first?.layer.taps ?? 0) * (first?.paddedInputs ?? 0) * (first?.paddedOutputs ?? 0) * 2,
  )
  const bytes = end

  const writeLayer = (buffer: ArrayBufferLike, place: LayerPlace, depth: number) => {
    const { layer, positions, paddedOutputs, weights, biases, scales, carryScale, carries } = place
    const before = places[depth - 1]
    // The row that holds what the layer before gave at a step; zeros before the first one.
    const rowAt = (step: number) => {
      if (step < 0) return zeros
      return before === undefined
        ? inputs + step * rowBytes
        : before.rows + before.positions.indexOf(step) * before.outputBytes
    }
    const head = new Int32Array(buffer, heads + depth * LAYER_WORDS * 4, LAYER_WORDS)
    const fields = {
      positions: steps === 1 ? 1 : positions.length,
      taps: layer.taps,
      pairs: Math.ceil(layer.inputs / 2),
      outputs: paddedOutputs,
      weights,
      biases,
      scales,
      reads: place.reads,
      writes: place.writes,
      carries,
      carryScale,
      relu: layer.relu ? 1 : 0,
      last: depth === places.length - 1 ? 1 : 0,
      sums,
      columnWeights,
    }
    for (const [name, word] of Object.entries(WORDS)) head[word] = fields[name as keyof typeof WORDS]
    const reads = new Int32Array(buffer, place.reads, positions.length * layer.taps)
    const writes = new Int32Array(buffer, place.writes, positions.length)
    for (const [at, step] of positions.entries()) {
      for (let tap = 0; tap < layer.taps; tap++)
        reads[at * layer.taps + tap] = rowAt(step - (layer.taps - 1 - tap) * layer.dilation)
      writes[at] = place.rows + at * place.outputBytes
    }
    if (carries !== 0)
      new Int32Array(buffer, carries, positions.length).set(positions.map(step => rowAt(step)))
    new Int32Array(buffer, biases, layer.outputs).set(layer.biases)
    const factors = new Float64Array(buffer, scales, layer.outputs)
    for (let output = 0; output < layer.outputs; output++)
      factors[output] = (layer.multipliers[output] ?? 0) / powerOfTwo(layer.shifts[output] ?? 0)
    if (layer.residual !== null)
      new Float64Array(buffer, carryScale, 1)[0] =
        layer.residual.multiplier / powerOfTwo(layer.residual.shift)
    writeWeights(new Int16Array(buffer, weights), place)
    if (depth === 0) writeColumnWeights(new Int16Array(buffer, columnWeights), place)
  }

  return {
    bytes,
    layers: heads,
    features,
    inputs,
    targets,
    rowBytes,
    mean,
    std,
    scores,
    batch,
    firstRowBytes: first?.outputBytes ?? 0,
    write(buffer) {
      new Float32Array(buffer, mean, columns).set(program.scaler.mean)
      new Float32Array(buffer, std, columns).set(program.scaler.std)
      for (const [depth, place] of places.entries()) writeLayer(buffer, place, depth)
    },
    positionsAt: layer => heads + (layer * LAYER_WORDS + WORDS.positions) * 4,
  }
}

function padded(width: number): number {
  return Math.ceil(width / 4) * 4
}

/** Blocks of sixteen outputs, then of four; within one [tap][pair of inputs][output][input of the pair]. */
function writeWeights(target: Int16Array, { layer, paddedOutputs }: LayerPlace): void {
  const { taps, inputs, outputs, weights } = layer
  const pairs = Math.ceil(inputs / 2)
  let at = 0
  for (let from = 0; from < paddedOutputs; ) {
    const block = from + 16 <= paddedOutputs ? 16 : 4
    for (let tap = 0; tap < taps; tap++)
      for (let input = 0; input < pairs * 2; input += 2)
        for (let output = from; output < from + block; output++)
          for (let half = 0; half < 2; half++, at++)
            if (output < outputs && input + half < inputs)
              target[at] = weights[(tap * inputs + input + half) * outputs + output] ?? 0
    from += block
  }
}

function writeColumnWeights(target: Int16Array, { layer, paddedInputs, paddedOutputs }: LayerPlace): void {
  const { taps, inputs, outputs, weights } = layer
  for (let tap = 0; tap < taps; tap++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        target[(tap * paddedInputs + input) * paddedOutputs + output] =
          weights[(tap * inputs + input) * outputs + output] ?? 0
}
