import { type Hex, toHex } from 'viem'
import { gaussian, PPM, type Random } from '../../core/index.ts'
import type { Link } from '../../models/sealed/link.ts'
import { INPUT_ONE, type NetworkProgram, type Program } from '../../models/sealed/program.ts'
import {
  LEARNERS,
  randomEnsemble,
  randomFeatures,
  randomProgram,
} from '../../models/sealed/randomProgram.fixture.ts'
import { treesProgram } from '../../models/sealed/treesProgram.ts'

/** Shapes of one step: those that a contract runs. */
const SHAPES = [
  ...Object.values(LEARNERS).filter(({ learner }) => learner.kind !== 'tcn'),
  // Layers as wide as the one before, which may be residual.
  mlp(8, [8, 8, 8]),
  mlp(11, [11, 11]),
  mlp(32, [16, 8]),
]

function mlp(columns: number, hidden: number[]) {
  const descent = { epochs: 1, batchSize: 1, learningRate: 0.1, l2: 0, patience: 1 }
  return { columns, learner: { kind: 'mlp' as const, hidden, ...descent } }
}

/** Programs that use all that one of a single step may: any links, residual layers, layers that are not rectified. */
export function randomNetworkOfOneStep(random: Random, shape: number): NetworkProgram {
  const whole = (below: number) => Math.floor(random() * below)
  const { learner, columns } = SHAPES[shape % SHAPES.length] ?? mlp(5, [3])
  const program = randomProgram(random, learner, columns)
  const layers = program.layers.map((layer, place) => {
    if (place === program.layers.length - 1) return layer
    const isResidual = layer.inputs === layer.outputs && random() < 0.7
    return {
      ...layer,
      relu: random() < 0.7,
      residual: isResidual ? { multiplier: whole(65_536), shift: 12 + whole(8) } : null,
    }
  })
  const scaler =
    random() < 0.7
      ? program.scaler
      : {
          // Of any size: some that no fast path takes.
          mean: Float32Array.from(
            { length: columns },
            () => Math.fround(gaussian(random) * scaleOf(random)) + 0,
          ),
          std: Float32Array.from({ length: columns }, () => Math.fround(random() * scaleOf(random))),
        }
  return { ...program, scaler, layers, link: randomLink(random) }
}

/** 2^−149 to 2^126, twice as often about 1. */
function scaleOf(random: Random): number {
  return 2 ** (random() < 0.5 ? gaussian(random) * 6 : Math.floor(random() * 275) - 149)
}

export function randomTrees(random: Random): Program {
  const columns = 2 + Math.floor(random() * 30)
  const ensemble = randomEnsemble(random, columns, Math.floor(random() * 60), 1 + Math.floor(random() * 7))
  return treesProgram(
    {
      ...ensemble,
      // Edges below 0 too.
      edges: ensemble.edges.map(list => list.map(edge => Math.fround(edge * 4 - 2)).filter(isAscending)),
    },
    randomLink(random),
  )
}

function isAscending(edge: number, place: number, edges: Float32Array): boolean {
  return place === 0 || edge > (edges[place - 1] ?? 0)
}

function randomLink(random: Random): Link {
  const whole = (below: number) => Math.floor(random() * below)
  const knots = 1 + whole(64)
  const scores = new Set(Array.from({ length: knots }, () => Math.floor(gaussian(random) * 3_000_000)))
  const expectedReturn =
    random() < 0.5
      ? null
      : ({ of: random() < 0.5 ? 'score' : 'probability', multiplier: whole(131_071) - 65_535 } as const)
  return {
    scores: Int32Array.from(scores).sort(),
    probabilitiesPpm: Int32Array.from(scores, () => whole(PPM + 1)).sort(),
    expectedReturn:
      expectedReturn === null
        ? null
        : { ...expectedReturn, shift: whole(47), centreE9: whole(10_000) - 5_000 },
    interval:
      expectedReturn === null || random() < 0.5
        ? null
        : { lowerE9: -whole(99), upperE9: 7, coveragePpm: 900_000 },
  }
}

/** A network whose score is the sum of its inputs, and none of whose columns is the same; half lie about 0. */
export function sumOfInputs(random: Random, columns: number): NetworkProgram {
  const program = randomProgram(random, mlp(columns, []).learner, columns)
  const std = Float32Array.from(
    { length: columns },
    () => (1 + random()) * 2 ** Math.floor(gaussian(random) * 10),
  )
  return {
    ...program,
    scaler: {
      mean: std.map((scale, column) => (column % 2 === 0 ? 0 : gaussian(random) * scale)),
      std,
    },
    layers: program.layers.map(layer => ({
      ...layer,
      weights: new Int8Array(columns).fill(1),
      biases: Int32Array.of(0),
      multipliers: Uint16Array.of(1),
      shifts: Uint8Array.of(0),
    })),
  }
}

/** Features that lie as near as binary32 has them to halfway between two integer inputs, up to eight deviations off. */
export function hardFeatures(random: Random, program: NetworkProgram): Float32Array {
  return Float32Array.from({ length: program.columns }, (_, column) => {
    const step = Math.floor((random() * 16 - 8) * INPUT_ONE)
    return neighbour(
      betweenSteps(program, column, random() < 0.5 ? step : step >> 6),
      Math.floor(random() * 3) - 1,
    )
  })
}

/** What `sumOfInputs` would give if numbers were not rounded to binary32 on the way. */
export function unroundedSum({ scaler: { mean, std } }: NetworkProgram, features: Float32Array): number {
  return features.reduce((sum, value, column) => {
    const scaled = (value - (mean[column] ?? 0)) / (std[column] ?? 1)
    return sum + Math.max(-32_768, Math.min(32_767, Math.floor(scaled * INPUT_ONE + 0.5)))
  }, 0)
}

/** A network of one layer so wide that its small weights leave sums in 32 bits. */
export function wideNetwork(random: Random, columns: number, width: number): NetworkProgram {
  const program = randomProgram(random, mlp(columns, [width]).learner, columns)
  return {
    ...program,
    layers: program.layers.map(layer =>
      layer.inputs < width
        ? layer
        : {
            ...layer,
            weights: Int8Array.from({ length: width }, () => Math.floor(random() * 31) - 15),
            biases: Int32Array.of(-7),
          },
    ),
  }
}

/** Features of which most lie where the program decides: halfway between two integers, or at an edge. */
export function featuresFor(random: Random, program: Program): Float32Array {
  const any = randomFeatures(random, program.columns)
  if (random() < 0.4) return any
  return any.map((value, column) => {
    if (random() < 0.3) return value
    const near =
      program.kind === 'network'
        ? betweenSteps(program, column, Math.floor(gaussian(random) * 2 * INPUT_ONE))
        : (program.edges[column]?.at(Math.floor(random() * (program.edges[column]?.length ?? 0))) ?? 0)
    return neighbour(near, Math.floor(random() * 5) - 2)
  })
}

/** The value that lies halfway between an integer input and the next. */
export function betweenSteps(
  { scaler: { mean, std } }: NetworkProgram,
  column: number,
  step: number,
): number {
  return (mean[column] ?? 0) + ((std[column] ?? 0) * (step + 0.5)) / INPUT_ONE
}

/** The binary32 number so many places further from 0. */
function neighbour(value: number, places: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  if (!Number.isFinite(view.getFloat32(0))) return value
  view.setInt32(0, view.getInt32(0) + places)
  return view.getFloat32(0)
}

const NUMBERS = [0, 1e-45, 1.1e-38, 1e-20, 1e-3, 1, 1.5, 4097, 1e20, 1.7e38, 3.4e38].map(Math.fround)

/** A program whose columns have each of many means beside each of many deviations. */
export function networkOfOddScales(random: Random): NetworkProgram {
  const scales = NUMBERS.flatMap(std =>
    NUMBERS.flatMap(mean => [mean, -mean].map(signed => ({ std, mean: signed + 0 }))),
  )
  const program = randomProgram(random, mlp(scales.length, []).learner, scales.length)
  return {
    ...program,
    scaler: {
      mean: Float32Array.from(scales, ({ mean }) => mean),
      std: Float32Array.from(scales, ({ std }) => std),
    },
  }
}

/** Vectors of one value each: all that binary32 has of special ones. */
export function oddVectors(columns: number): Float32Array[] {
  const values = [
    ...NUMBERS.flatMap(value => [value, -value]),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]
  return values.map(value => new Float32Array(columns).fill(value))
}

/** A feature vector as a record has it: binary32, big-endian. */
export function bytesOf(features: Float32Array): Hex {
  const view = new DataView(new ArrayBuffer(features.length * 4))
  for (const [place, value] of features.entries()) view.setFloat32(place * 4, value)
  return toHex(new Uint8Array(view.buffer))
}
