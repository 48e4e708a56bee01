import { scaleValue } from '../scaler.ts'
import { binOf } from '../trees/binFeatures.ts'
import { INPUT_ONE, type NetworkProgram, type Program, type TreesProgram } from './program.ts'
import { saturate16 } from './requantise.ts'

/**
 * Turns binary32 features, `steps` vectors of `columns`, the oldest first, into a program's integer inputs of the same
 * order: scaled values in 1 / `INPUT_ONE`, rounded half up, for a network; bins for trees.
 */
export function quantiseInputs(program: Program, features: Float32Array): Int16Array {
  const inputs = new Int16Array(features.length)
  for (let place = 0; place < features.length; place++) {
    const column = place % program.columns
    const value = features[place] ?? Number.NaN
    inputs[place] =
      program.kind === 'network'
        ? scaled(program, column, value)
        : binOf(program.edges[column] ?? NO_EDGES, value)
  }
  return inputs
}

function scaled({ scaler: { mean, std } }: NetworkProgram, column: number, value: number): number {
  const scaledValue = scaleValue(value, mean[column] ?? 0, std[column] ?? 0)
  return saturate16(Math.floor(scaledValue * INPUT_ONE + 0.5))
}

/** Writes the bins of one row of a row-major matrix, which begins at `from`. */
export function binInto(bins: Int16Array, program: TreesProgram, values: Float32Array, from: number): void {
  for (let column = 0; column < program.columns; column++)
    bins[column] = binOf(program.edges[column] ?? NO_EDGES, values[from + column] ?? Number.NaN)
}

const NO_EDGES = new Float32Array(0)
