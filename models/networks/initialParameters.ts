import { gaussian, type Random } from '../../core/index.ts'
import type { NetworkLearner } from '../learner.ts'
import { layersOf, parameterCount } from './floatNetwork.ts'

/**
 * The parameters that training starts from, in the order of `FloatNetwork`. Weights before a ReLU are normal with
 * variance 2 / fan-in (He et al., "Delving Deep into Rectifiers", 2015, equation 10), those of the score with
 * 1 / fan-in, drawn in their order; biases are 0. A linear learner starts from 0 and draws nothing: nothing has to
 * tell its weights apart.
 */
export function initialParameters(learner: NetworkLearner, columns: number, random: Random): Float32Array {
  const layers = layersOf(learner, columns)
  const parameters = new Float32Array(parameterCount(layers))
  if (learner.kind === 'linear') return parameters
  for (const { taps, inputs, relu, weightsAt, biasesAt } of layers) {
    const deviation = Math.sqrt((relu ? 2 : 1) / (taps * inputs))
    for (let at = weightsAt; at < biasesAt; at++) parameters[at] = gaussian(random) * deviation
  }
  return parameters
}
