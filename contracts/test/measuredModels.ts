import { gaussian, type Random } from '../../core/index.ts'
import { uncalibratedLink } from '../../models/sealed/link.ts'
import {
  INPUT_ONE,
  type NetworkProgram,
  type ProgramTree,
  type TreesProgram,
} from '../../models/sealed/program.ts'
import { normalFeatures, sealedNetwork } from '../../models/sealed/sealedModel.fixture.ts'
import { betweenSteps } from './randomModels.ts'

/** The network of 32-16-8-1 whose gas has a limit. */
export function measuredNetwork(): NetworkProgram {
  const descent = { epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 }
  return sealedNetwork({ columns: 32, learner: { kind: 'mlp', hidden: [16, 8], ...descent } }).program
}

/** The same over features whose mean is 0 and whose deviation is 1, so that there are values anywhere between steps. */
export function standardisedNetwork(): NetworkProgram {
  const program = measuredNetwork()
  const { columns } = program
  return { ...program, scaler: { mean: new Float32Array(columns), std: new Float32Array(columns).fill(1) } }
}

/**
 * Features all of which lie halfway between two of a network's integer inputs, and from one number of deviations to
 * another off the mean.
 */
export function featuresBetweenSteps(
  random: Random,
  program: NetworkProgram,
  [from, to]: readonly [number, number],
): Float32Array {
  return Float32Array.from({ length: program.columns }, (_, column) => {
    const step = Math.floor((from + (to - from) * random()) * INPUT_ONE)
    return betweenSteps(program, column, random() < 0.5 ? step : -step)
  })
}

/** Vectors of ordinary features: normal, a few missing. */
export function ordinaryFeatures(random: Random, program: NetworkProgram, vectors: number): Float32Array[] {
  const { scaler, columns } = program
  const values = normalFeatures(random, scaler, vectors)
  return Array.from({ length: vectors }, (_, row) => values.subarray(row * columns, (row + 1) * columns))
}

/** Complete trees over features from 0 to 1, each with as many edges as there may be. */
export function completeTrees(random: Random, columns: number, trees: number, depth: number): TreesProgram {
  const inner = 2 ** depth - 1
  const nodes = 2 * inner + 1
  const draw = (node: number, below: number) => (node < inner ? Math.floor(random() * below) : 0)
  const tree = (): ProgramTree => ({
    feature: Uint16Array.from({ length: nodes }, (_, node) => draw(node, columns)),
    threshold: Uint8Array.from({ length: nodes }, (_, node) => draw(node, 255)),
    left: Uint16Array.from({ length: nodes }, (_, node) => (node < inner ? 2 * node + 1 : 0)),
    value: Int32Array.from({ length: nodes }, (_, node) =>
      node < inner ? 0 : Math.floor(gaussian(random) * 10_000),
    ),
  })
  return {
    kind: 'trees',
    objective: 'direction',
    steps: 1,
    columns,
    link: uncalibratedLink('direction', 1, 0),
    edges: Array.from({ length: columns }, () => Float32Array.from({ length: 254 }, (_, edge) => edge / 254)),
    trees: Array.from({ length: trees }, tree),
    base: 0,
  }
}
