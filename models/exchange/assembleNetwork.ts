import { InvalidInputError } from '../../core/index.ts'
import type { NetworkLearner, Objective } from '../learner.ts'
import { type FloatNetwork, layersOf, parameterCount } from '../networks/floatNetwork.ts'
import type { Scaler } from '../scaler.ts'
import { foldLayers, type PlainLayer } from './foldLayers.ts'
import { foreignFront } from './foreignFront.ts'
import { foreignLearner } from './foreignLearner.ts'
import type { LayerChain } from './layerChain.ts'
import { type TargetOptions, targetOf } from './targetOf.ts'
import { type ShapedLayers, toTcnLayers } from './toTcnLayers.ts'

/** What a network that was trained elsewhere does not say itself. */
export type ForeignNetworkOptions = TargetOptions & {
  /**
   * Scale of the features of a network that has none in front of it: what `fitScaler` measures on the rows that it was
   * trained on, or `unit` for features that come scaled already. Features are cut off at ±`SCALED_LIMIT` of it.
   */
  readonly scaler?: Scaler | 'unit'
  /** The same, for a network of which it is not known whether it scales its features itself. */
  readonly scalerIfNone?: Scaler
  /** `direction` for a network that ends in a sigmoid, otherwise `return`, unless it is given. */
  readonly objective?: Objective
}

/**
 * Turns a chain of another framework's layers into a `FloatNetwork` whose score equals the original's output before
 * its sigmoid, wherever no scaled feature is beyond ±`SCALED_LIMIT` and none is missing. What the learner says of the
 * training are the defaults: nothing is known of it.
 *
 * @throws InvalidInputError naming the link that has no place in a `FloatNetwork`.
 */
export function assembleNetwork(chain: LayerChain, options: ForeignNetworkOptions): FloatNetwork {
  const { scaler, factors, shifts, rest } = foreignFront(chain.columns, chain.links, options)
  const { layers, endsInSigmoid } = foldLayers({ rest, factors, shifts, steps: chain.steps })
  const objective = options.objective ?? (endsInSigmoid ? 'direction' : 'return')
  if (objective === 'return' && endsInSigmoid)
    throw new InvalidInputError('The imported network ends in a sigmoid, so it cannot predict a return.', {
      hint: 'Import it with `objective: "direction"`.',
    })
  const { targetScale, targetCentre } = applyTarget(layers, objective, options)
  const shaped = chain.steps === 1 ? { learner: learnerOf(layers), layers } : toTcnLayers(layers, chain.steps)
  return {
    learner: shaped.learner,
    objective,
    columns: chain.columns,
    scaler,
    parameters: toParameters(shaped, chain.columns),
    targetScale,
    targetCentre,
  }
}

/** Rescales the last layer in place, from the unit of the output to standard deviations of the target. */
function applyTarget(layers: readonly PlainLayer[], objective: Objective, options: ForeignNetworkOptions) {
  const { outputUnit, targetScale, targetCentre } = targetOf(objective, options)
  const last = layers.at(-1)
  if (last !== undefined) {
    for (let place = 0; place < last.weights.length; place++)
      last.weights[place] = ((last.weights[place] ?? 0) * outputUnit) / targetScale
    last.biases[0] = ((last.biases[0] ?? 0) * outputUnit - targetCentre) / targetScale
  }
  return { targetScale, targetCentre }
}

function learnerOf(layers: readonly PlainLayer[]): NetworkLearner {
  const residual = layers.find(layer => layer.residual)
  if (residual !== undefined)
    throw new InvalidInputError(`The imported network adds an input again after ${residual.where}.`, {
      facts: { where: residual.where },
      hint: 'Only networks over time may have residual layers.',
    })
  const hidden = layers.slice(0, -1).map(layer => layer.outputs)
  return foreignLearner(hidden.length === 0 ? { kind: 'linear' } : { kind: 'mlp', hidden })
}

function toParameters({ learner, layers }: ShapedLayers, columns: number): Float32Array {
  const places = layersOf(learner, columns)
  const parameters = new Float32Array(parameterCount(places))
  for (const [index, { weightsAt, biasesAt }] of places.entries()) {
    const layer = layers[index]
    if (layer === undefined || weightsAt + layer.weights.length !== biasesAt)
      throw new InvalidInputError(`The imported network has no layer ${index} of the right shape.`, {
        facts: { layer: index },
        hint: 'Export it again as a plain chain of layers.',
      })
    parameters.set(layer.weights, weightsAt)
    parameters.set(layer.biases, biasesAt)
  }
  const place = parameters.findIndex(value => !Number.isFinite(value))
  if (place >= 0)
    throw new InvalidInputError('The imported network has a weight that is not a finite binary32 number.', {
      facts: { parameter: place },
      hint: 'Check its training: it has diverged.',
    })
  return parameters
}
