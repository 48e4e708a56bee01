import { type NetworkLearner, stepsOf } from '../learner.ts'
import { layersOf, type NetworkLayer, parameterCount } from '../networks/floatNetwork.ts'
import { neededSteps, stepsBack } from '../networks/neededSteps.ts'

/** Stands in a table for a step that is not computed: before the window its values are 0. */
export const NO_POSITION = 0xffff_ffff

/** A hidden layer and the positions at which it is computed: those alone that the score depends on. */
export type PlannedLayer = NetworkLayer & {
  /** How many positions its output and its input have. */
  readonly outputPositions: number
  readonly inputPositions: number
  /** Where in the plan's tables lie, by output position and tap, the input positions that the taps read. */
  readonly sourcesAt: number
  /** Where in the plan's tables lie, by input position and tap, the output positions whose taps read it. */
  readonly usersAt: number
}

/** What of a network is computed for the score of the last step. */
export type NetworkPlan = {
  readonly hidden: readonly PlannedLayer[]
  /** The fully connected layer with the score. */
  readonly output: NetworkLayer
  readonly parameters: number
  /** Positions of the input. */
  readonly inputPositions: number
  /**
   * First, by position of the input, how many rows before the one that is predicted it is read; then the layers'
   * tables of positions, with `NO_POSITION` for what is not computed.
   */
  readonly tables: Uint32Array<ArrayBuffer>
}

/** Works out the positions at which each layer is computed. */
export function planNetwork(learner: NetworkLearner, columns: number): NetworkPlan {
  const layers = layersOf(learner, columns)
  const needed = neededSteps(layers, stepsOf(learner))
  const output = layers.at(-1)
  if (output === undefined) throw new TypeError('A network has a layer.')
  const tables = [...(needed[0] ?? [])]
  const add = (places: readonly number[]) => tables.push(...places) - places.length
  const hidden = layers.slice(0, -1).map((layer, place): PlannedLayer => {
    const inputs = needed[place] ?? []
    const outputs = needed[place + 1] ?? []
    const taps = Array.from({ length: layer.taps }, (_, tap) => stepsBack(tap, layer.taps, layer.dilation))
    return {
      ...layer,
      outputPositions: outputs.length,
      inputPositions: inputs.length,
      sourcesAt: add(outputs.flatMap(back => taps.map(further => positionOf(inputs, back + further)))),
      usersAt: add(inputs.flatMap(back => taps.map(further => positionOf(outputs, back - further)))),
    }
  })
  return {
    hidden,
    output,
    parameters: parameterCount(layers),
    inputPositions: needed[0]?.length ?? 0,
    tables: Uint32Array.from(tables),
  }
}

function positionOf(steps: readonly number[], back: number): number {
  const position = steps.indexOf(back)
  return position < 0 ? NO_POSITION : position
}
