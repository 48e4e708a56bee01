import { sealedWasm } from '../kernels/generated/sealed.ts'
import { instantiateKernel, kernelMemory } from '../kernels/instantiateKernel.ts'
import type { Evaluator } from './evaluator.ts'
import { networkLayout } from './networkLayout.ts'
import type { NetworkProgram } from './program.ts'

/** What the kernel exports; addresses are bytes in its memory. */
type SealedKernel = {
  scaleInputs(
    features: number,
    inputs: number,
    rows: number,
    columns: number,
    padded: number,
    mean: number,
    std: number,
  ): void
  evaluate(layers: number, from: number, to: number): void
  begin(layer: number): void
  change(layer: number, inputs: number, targets: number, steps: number, bytes: number, column: number): number
  complete(layer: number, offset: number): void
}

/**
 * A network in a kernel's memory, and how an input that changes feature by feature is evaluated: of the first layer only
 * what the changed feature adds to its sums is computed.
 */
export type NetworkEvaluator = Evaluator & {
  /** Inputs that `complete` can hold before `scoresOf` must be asked. */
  readonly slots: number
  /** Sets the inputs that features are changed to. */
  aimAt(inputs: Int16Array): void
  /** Starts from other inputs. */
  startFrom(inputs: Int16Array): void
  /** Changes a feature, at all steps, to what was aimed at; false when that is what it was. */
  change(column: number): boolean
  /** Holds the present inputs in a slot. */
  complete(slot: number): void
  /** Writes the scores of the first slots. */
  scoresOf(slots: number, into: Int32Array): void
}

/** Lays a checked network out in WebAssembly memory. */
export function createNetworkEvaluator(program: NetworkProgram): NetworkEvaluator {
  const { columns, steps } = program
  const depth = program.layers.length
  const layout = networkLayout(program)
  const memory = kernelMemory(layout.bytes)
  const kernel = instantiateKernel<SealedKernel>(sealedWasm, memory).exports
  layout.write(memory.buffer)
  const { batch } = layout
  const width = layout.rowBytes / 2
  const features = new Float32Array(memory.buffer, layout.features, Math.max(steps, batch) * columns)
  const shorts = new Int16Array(memory.buffer)
  const words = new Int32Array(memory.buffer)
  const scores = layout.scores / 4

  const run = (rows: number, from: number) => {
    if (steps === 1)
      for (let layer = from; layer < depth; layer++) words[layout.positionsAt(layer) / 4] = rows
    kernel.evaluate(layout.layers, from, depth)
  }
  const scale = (rows: number) =>
    kernel.scaleInputs(layout.features, layout.inputs, rows, columns, width, layout.mean, layout.std)
  const place = (inputs: Int16Array, address: number) => {
    for (let step = 0; step < inputs.length / columns; step++)
      for (let column = 0; column < columns; column++)
        shorts[address / 2 + step * width + column] = inputs[step * columns + column] ?? 0
  }
  return {
    slots: batch,
    aimAt: inputs => place(inputs, layout.targets),
    startFrom(inputs) {
      place(inputs, layout.inputs)
      // Of a network over one step, the slots share what its first layer is computed from.
      if (steps === 1) words[layout.positionsAt(0) / 4] = 1
      kernel.begin(layout.layers)
    },
    change: column =>
      kernel.change(layout.layers, layout.inputs, layout.targets, steps, layout.rowBytes, column) !== 0,
    complete: slot => kernel.complete(layout.layers, slot * layout.firstRowBytes),
    scoresOf(slots, into) {
      run(slots, 1)
      for (let slot = 0; slot < slots; slot++) into[slot] = words[scores + slot] ?? 0
    },
    quantise(vectors) {
      features.set(vectors)
      scale(steps)
      const inputs = new Int16Array(steps * columns)
      for (let step = 0; step < steps; step++)
        for (let column = 0; column < columns; column++)
          inputs[step * columns + column] = shorts[layout.inputs / 2 + step * width + column] ?? 0
      return inputs
    },
    score(inputs) {
      place(inputs, layout.inputs)
      run(1, 0)
      return words[scores] ?? 0
    },
    predict(vectors) {
      features.set(vectors)
      scale(steps)
      run(1, 0)
      return words[scores] ?? 0
    },
    scores(values, rows) {
      const found = new Int32Array(rows.length)
      for (let from = 0; from < rows.length; from += batch) {
        const count = Math.min(batch, rows.length - from)
        const first = ((rows[from] ?? 0) - steps + 1) * columns
        if (areConsecutive(rows, from, count))
          features.set(values.subarray(first, first + (count + steps - 1) * columns))
        else
          for (let at = 0; at < count; at++) {
            const start = (rows[from + at] ?? 0) * columns
            features.set(values.subarray(start, start + columns), at * columns)
          }
        scale(steps === 1 ? count : steps)
        run(count, 0)
        for (let at = 0; at < count; at++) found[from + at] = words[scores + at] ?? 0
      }
      return found
    },
  }
}

function areConsecutive(rows: Uint32Array, from: number, count: number): boolean {
  for (let at = 1; at < count; at++) if (rows[from + at] !== (rows[from] ?? 0) + at) return false
  return true
}
