import { SCALED_LIMIT } from '../scaler.ts'
import { MICRO_ROWS } from './batchDivision.ts'
import type { FitMemory } from './fitMemory.ts'
import { stepsBack } from './neededSteps.ts'
import type { NetworkKernel } from './networkKernel.ts'
import { type OutputLoss, outputLoss } from './outputLoss.ts'
import { PANEL } from './panelLayout.ts'

const WORD = 4

/** What a thread does with up to `MICRO_ROWS` rows of a fit. */
export type MicroBatch = {
  /**
   * Computes the scores of rows, at an address, and their loss.
   */
  evaluate(rows: number, count: number): void
  /** As `evaluate`, and adds the gradient of the sum of weight · loss to a gradient at an address. */
  learn(rows: number, count: number, gradient: number): void
  /** Of weight · loss and of the weights in the last call. */
  readonly sums: { loss: number; weight: number }
}

/** Prepares a thread of a fit's team: writes its tables of addresses. */
export function createMicroBatch(kernel: NetworkKernel, fit: FitMemory, thread: number): MicroBatch {
  const { multiply, addWeightGradient, addBiasGradient, relu, add, reluGradient, gather } = kernel.exports
  const { buffer } = kernel.memory
  const { set, objective, targetCentre, targetScale, means, deviations } = fit
  const scratch = fit.scratch[thread]
  if (scratch === undefined) throw new RangeError(`The fit has no place for thread ${thread}.`)
  const layers = placeLayers(fit, thread, new Uint32Array(buffer))
  const ownRows = new Uint32Array(buffer, scratch.rows, MICRO_ROWS)
  const allRows = new Uint32Array(buffer)
  const floats = new Float32Array(buffer)
  const last = layers.at(-1)
  if (last === undefined) throw new RangeError('A network has a layer.')
  const inputWidth = layers[0]?.paddedInputs ?? 0
  const inputBlock = MICRO_ROWS * inputWidth * WORD
  const inputSteps = fit.needed[0] ?? []
  const sums = { loss: 0, weight: 0 }
  const output: OutputLoss = { loss: 0, slope: 0 }

  /** Copies the rows, the last one repeated to a multiple of 4; returns how many they are then. */
  const takeRows = (rows: number, count: number): number => {
    const whole = Math.ceil(count / 4) * 4
    for (let place = 0; place < whole; place++)
      ownRows[place] = allRows[rows / WORD + Math.min(place, count - 1)] ?? 0
    return whole
  }

  const forward = (rows: number): void => {
    for (const [place, back] of inputSteps.entries())
      gather(
        set.values,
        set.columns,
        scratch.rows,
        rows,
        back,
        means,
        deviations,
        SCALED_LIMIT,
        inputWidth,
        scratch.input + place * inputBlock,
      )
    for (const layer of layers) {
      const bytes = rows * layer.width * WORD
      for (const step of layer.steps) {
        multiply(
          step.segments,
          layer.taps,
          layer.paddedInputs,
          rows,
          layer.panels,
          layer.weights,
          layer.biases,
          step.activation,
        )
        if (layer.relu) relu(step.activation, bytes)
        if (step.residual !== 0) add(step.activation, step.residual, step.output, bytes)
      }
    }
  }

  /** Sums the losses; writes the slopes, times the rows' weights, where the gradient of the scores is. */
  const lose = (count: number, rows: number, isLearning: boolean): void => {
    sums.loss = 0
    sums.weight = 0
    const scores = last.outputAt / WORD
    const slopes = last.gradientAt / WORD
    for (let place = 0; place < count; place++) {
      const row = ownRows[place] ?? 0
      const weight = floats[set.weights / WORD + row] ?? Number.NaN
      const target = ((floats[set.targets / WORD + row] ?? Number.NaN) - targetCentre) / targetScale
      outputLoss(objective, floats[scores + place * PANEL] ?? Number.NaN, target, output)
      sums.loss += weight * output.loss
      sums.weight += weight
      if (isLearning) floats[slopes + place * PANEL] = weight * output.slope
    }
    // Rows that only fill the block teach nothing.
    if (isLearning) for (let place = count; place < rows; place++) floats[slopes + place * PANEL] = 0
  }

  const backward = (rows: number, gradient: number): void => {
    for (let index = layers.length - 1; index >= 0; index--) {
      const layer = layers[index]
      if (layer === undefined) continue
      const bytes = rows * layer.width * WORD
      for (const step of layer.steps) {
        if (layer.relu) reluGradient(step.outputGradient, step.activation, step.gradient, bytes)
        addBiasGradient(step.gradient, rows, layer.panels, gradient + layer.biasesOffset)
      }
      for (const { pairs, count, offset } of layer.taken)
        addWeightGradient(
          pairs,
          count,
          rows,
          layer.paddedInputs,
          layer.panels,
          gradient + offset,
          layer.panelBytes,
        )
      for (const step of layer.inputs) {
        multiply(
          step.segments,
          layer.taps,
          layer.width,
          rows,
          layer.paddedInputs / PANEL,
          layer.transposed,
          fit.zeros,
          step.gradient,
        )
        if (step.residual !== 0)
          add(step.gradient, step.residual, step.gradient, rows * layer.paddedInputs * WORD)
      }
    }
  }

  return {
    evaluate(rows, count) {
      const whole = takeRows(rows, count)
      forward(whole)
      lose(count, whole, false)
    },
    learn(rows, count, gradient) {
      const whole = takeRows(rows, count)
      forward(whole)
      lose(count, whole, true)
      backward(whole, gradient)
    },
    sums,
  }
}

/** The layers with the addresses of everything; tables of addresses are written to the thread's place. */
function placeLayers(fit: FitMemory, thread: number, words: Uint32Array) {
  const { layout, needed } = fit
  const scratch = fit.scratch[thread]
  let table = (scratch?.tables ?? 0) / WORD
  const write = (addresses: readonly number[]): number => {
    words.set(addresses, table)
    table += addresses.length
    return (table - addresses.length) * WORD
  }
  return layout.layers.map((layer, index) => {
    const { taps, dilation, residual, paddedInputs, panels } = layer
    const width = panels * PANEL
    const own = scratch?.layers[index]
    const below = scratch?.layers[index - 1]
    const outputSteps = needed[index + 1] ?? []
    const inputSteps = needed[index] ?? []
    /** The address of a step's block, 0 for one that is not needed. */
    const blockOf = (
      base: number | undefined,
      steps: readonly number[],
      back: number,
      blockWidth: number,
    ) => {
      const place = steps.indexOf(back)
      return base === undefined || place < 0 ? 0 : base + place * MICRO_ROWS * blockWidth * WORD
    }
    const output = (base: number | undefined, back: number) => blockOf(base, outputSteps, back, width)
    const input = (base: number | undefined, back: number) => blockOf(base, inputSteps, back, paddedInputs)
    const inputAt = index === 0 ? scratch?.input : below?.output
    const eachTap = <T>(of: (tap: number, back: number) => T): T[] =>
      Array.from({ length: taps }, (_, tap) => of(tap, stepsBack(tap, taps, dilation)))

    const steps = outputSteps.map(back => ({
      segments: write(eachTap((_, further) => input(inputAt, back + further))),
      activation: output(own?.activation, back),
      output: output(own?.output, back),
      residual: residual ? input(inputAt, back) : 0,
      outputGradient: output(own?.outputGradient, back),
      gradient: output(own?.gradient, back),
    }))
    const taken = eachTap((tap, further) => {
      const read = outputSteps.filter(back => inputSteps.includes(back + further))
      const pairs = read.flatMap(back => [input(inputAt, back + further), output(own?.gradient, back)])
      const offset = (layer.panelWeightsAt + tap * paddedInputs * PANEL) * WORD
      return { pairs: write(pairs), count: read.length, offset }
    })
    const inputs =
      index === 0
        ? []
        : inputSteps.map(back => ({
            segments: write(eachTap((_, further) => output(own?.gradient, back - further))),
            gradient: input(below?.outputGradient, back),
            residual: residual ? output(own?.outputGradient, back) : 0,
          }))
    return {
      taps,
      relu: layer.relu,
      paddedInputs,
      panels,
      width,
      weights: fit.parameters + layer.panelWeightsAt * WORD,
      biases: fit.parameters + layer.panelBiasesAt * WORD,
      biasesOffset: layer.panelBiasesAt * WORD,
      transposed: fit.transposed + layer.transposedAt * WORD,
      panelBytes: taps * paddedInputs * PANEL * WORD,
      outputAt: own?.output ?? 0,
      gradientAt: own?.gradient ?? 0,
      steps,
      taken,
      inputs,
    }
  })
}
