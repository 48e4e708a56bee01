import { InvalidInputError } from '../../core/index.ts'
import type { ChainLink, ForeignLayer } from './layerChain.ts'

/** A layer with all that was affine around it folded in; binary64, so that only the last step rounds. */
export type PlainLayer = Omit<ForeignLayer, 'weights' | 'biases'> & {
  readonly where: string
  readonly weights: Float64Array
  readonly biases: Float64Array
  relu: boolean
  /** Whether the layer's own input at the same step is added after the ReLU. */
  residual: boolean
  /** Whether its weights hold something that came before it, so that its input is not what the original's was. */
  readonly rescaled: boolean
}

/**
 * Folds scales and shifts between layers into the layers, multiplies layers that have no ReLU between them, and
 * checks that what is left is ReLU layers and one linear output, the score.
 *
 * @param rest the links from the first layer on.
 * @param factors by input of the first layer, and `shifts` too: it saw factor · input + shift.
 * @throws InvalidInputError naming the link that does not fit.
 */
export function foldLayers({
  rest,
  factors,
  shifts,
  steps,
}: {
  readonly rest: readonly ChainLink[]
  readonly factors: Float64Array
  readonly shifts: Float64Array
  readonly steps: number
}): { readonly layers: readonly PlainLayer[]; readonly endsInSigmoid: boolean } {
  const seesPadding = reachOf(rest) > steps
  const layers: PlainLayer[] = []
  let pending: Pending | null = { factors, shifts }
  let endsInSigmoid = false
  let isLastStep = steps === 1
  for (const link of rest) {
    if (endsInSigmoid) throw refused(link.where, 'follows the sigmoid')
    const last = layers.at(-1)
    switch (link.kind) {
      case 'layer': {
        if (isLastStep && link.taps > 1) throw refused(link.where, 'looks over time where one step is left')
        const layer = folded(link, pending, seesPadding)
        pending = null
        if (last === undefined || last.relu) layers.push(layer)
        else layers.splice(-1, 1, product(last, layer))
        break
      }
      case 'relu':
        if (last === undefined || pending !== null) throw refused(link.where, 'does not follow a layer')
        last.relu = true
        break
      case 'residual':
        if (last === undefined || !last.relu || pending !== null || last.inputs !== last.outputs)
          throw refused(link.where, 'adds something other than the input of the layer before it')
        last.residual = true
        break
      case 'normalise':
      case 'scale': {
        if (last === undefined) throw refused(link.where, 'does not follow a layer')
        const next = pendingOf(link)
        if (last.relu) pending = pending === null ? next : composed(pending, next)
        else scaleOutputs(last, next)
        break
      }
      case 'lastStep':
        isLastStep = true
        break
      case 'sigmoid':
        endsInSigmoid = true
        break
      default:
        throw refused(link.where, 'has no place after the first layer')
    }
  }
  const output = layers.at(-1)
  if (output === undefined) throw refused('the network', 'has no layer')
  if (output.relu || pending !== null) throw refused(output.where, 'ends the network and is not linear')
  if (output.outputs !== 1) throw refused(output.where, `ends the network with ${output.outputs} outputs`)
  if (!isLastStep) throw refused(output.where, 'gives an output for every step, not for the last one alone')
  // Within a layer that adds its input again, that input must be what the layer saw.
  for (const layer of layers)
    if (layer.residual && layer.rescaled) throw refused(layer.where, 'adds an input that was scaled before')
  return { layers, endsInSigmoid }
}

/** What is still to be applied to the inputs of the next layer. */
type Pending = { readonly factors: ArrayLike<number>; readonly shifts: ArrayLike<number> }

function folded(
  link: ForeignLayer & { where: string },
  pending: Pending | null,
  seesPadding: boolean,
): PlainLayer {
  const { taps, inputs, outputs } = link
  const weights = Float64Array.from(link.weights)
  const biases = Float64Array.from(link.biases)
  const plain = { ...link, weights, biases, relu: false, residual: false }
  if (pending === null) return { ...plain, rescaled: false }
  let rescaled = false
  for (let tap = 0; tap < taps; tap++)
    for (let input = 0; input < inputs; input++) {
      const factor = pending.factors[input] ?? 1
      const shift = pending.shifts[input] ?? 0
      if (factor === 1 && shift === 0) continue
      rescaled = true
      if (shift !== 0 && taps > 1 && link.padded && seesPadding)
        throw refused(link.where, 'pads with zeros what was shifted before')
      for (let output = 0; output < outputs; output++) {
        const place = (tap * inputs + input) * outputs + output
        const weight = weights[place] ?? 0
        weights[place] = weight * factor
        biases[output] = (biases[output] ?? 0) + weight * shift
      }
    }
  return { ...plain, rescaled }
}

function pendingOf(link: Extract<ChainLink, { kind: 'normalise' | 'scale' }>): Pending {
  if (link.kind === 'scale') return link
  const factors = Float64Array.from(link.std, std => 1 / std)
  const shifts = Float64Array.from(link.mean, (mean, place) => -mean * (factors[place] ?? 0))
  return { factors, shifts }
}

function composed(first: Pending, then: Pending): Pending {
  const factors = Float64Array.from(first.factors, (factor, place) => factor * (then.factors[place] ?? 1))
  const shifts = Float64Array.from(
    first.shifts,
    (shift, place) => shift * (then.factors[place] ?? 1) + (then.shifts[place] ?? 0),
  )
  return { factors, shifts }
}

function scaleOutputs({ weights, biases, outputs }: PlainLayer, { factors, shifts }: Pending): void {
  for (let place = 0; place < weights.length; place++)
    weights[place] = (weights[place] ?? 0) * (factors[place % outputs] ?? 1)
  for (let output = 0; output < outputs; output++)
    biases[output] = (biases[output] ?? 0) * (factors[output] ?? 1) + (shifts[output] ?? 0)
}

/** Two layers with nothing between them as one. */
function product(first: PlainLayer, second: PlainLayer): PlainLayer {
  if (first.taps !== 1 || second.taps !== 1)
    throw refused(second.where, `follows ${first.where} without a ReLU between them`)
  const { inputs } = first
  const { outputs } = second
  const weights = new Float64Array(inputs * outputs)
  const biases = Float64Array.from(second.biases)
  for (let middle = 0; middle < first.outputs; middle++)
    for (let output = 0; output < outputs; output++) {
      const weight = second.weights[middle * outputs + output] ?? 0
      biases[output] = (biases[output] ?? 0) + (first.biases[middle] ?? 0) * weight
      for (let input = 0; input < inputs; input++) {
        const place = input * outputs + output
        weights[place] = (weights[place] ?? 0) + (first.weights[input * first.outputs + middle] ?? 0) * weight
      }
    }
  return { ...second, inputs, weights, biases, rescaled: true }
}

/** Steps that the last step's output hangs on. */
export function reachOf(links: readonly (ChainLink | PlainLayer)[]): number {
  let reach = 1
  for (const link of links) if (link.kind === 'layer') reach += (link.taps - 1) * link.dilation
  return reach
}

function refused(where: string, fact: string): InvalidInputError {
  const subject = where.charAt(0).toUpperCase() + where.slice(1)
  return new InvalidInputError(`${subject} ${fact}; such a network cannot be imported.`, {
    facts: { where, fact },
    hint: 'Supported are layers with ReLU, fully connected or convolutions over time, and one linear output.',
  })
}
