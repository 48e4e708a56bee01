import { gaussian, type Random, seededRandom, ZERO_HASH } from '../../core/index.ts'
import { float32ToText } from '../float32Text.ts'
import type { NetworkLearner } from '../learner.ts'
import { backgroundRows } from './backgroundRows.ts'
import { int16ToText } from './int16Text.ts'
import type { Link } from './link.ts'
import type { ModelCard } from './modelCard.ts'
import type { Program } from './program.ts'
import { quantiseNetwork } from './quantiseNetwork.ts'
import { randomEnsemble, randomNetwork } from './randomProgram.fixture.ts'
import type { SealedModel } from './sealedModel.ts'
import { coversOf, treesProgram } from './treesProgram.ts'

/** A card for a program, whose features are called `feature_0` and so on. For tests. */
export function cardFor(program: Program, background: Int16Array, covers: Float32Array | null): ModelCard {
  const { columns, steps } = program
  return {
    name: 'gold-direction',
    version: 1,
    instrument: 'oanda:XAUUSD',
    featureSet: ZERO_HASH,
    features: Array.from({ length: columns }, (_, column) => `feature_${column}`),
    featureVersions: null,
    label: { kind: 'forward-return', horizonMs: 3_600_000 },
    training: null,
    walkForward: null,
    spread: null,
    losses: null,
    parent: null,
    metrics: { accuracy: 0.53, informationCoefficient: null },
    quantisationLoss: null,
    background: { rows: background.length / (columns * steps), inputs: int16ToText(background) },
    covers: covers === null ? null : float32ToText(covers),
  }
}

/** Rows of a network's features: normal about its scaler's means, a few missing. For tests. */
export function normalFeatures(
  random: Random,
  { mean, std }: { readonly mean: Float32Array; readonly std: Float32Array },
  rows: number,
): Float32Array {
  const columns = mean.length
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const column = at % columns
    return random() < 0.02 ? Number.NaN : gaussian(random) * (std[column] ?? 0) + (mean[column] ?? 0)
  })
}

/** Every row of a matrix that has a whole window. */
export function windowRows(rows: number, steps: number): Uint32Array {
  return Uint32Array.from({ length: rows - steps + 1 }, (_, row) => row + steps - 1)
}

/** A quantised random network with its background rows. For tests. */
export function sealedNetwork(
  { columns, learner }: { readonly columns: number; readonly learner: NetworkLearner },
  { seed = 1, rows = 8, link }: { seed?: number; rows?: number; link?: Link } = {},
): SealedModel & { readonly program: Extract<Program, { kind: 'network' }> } {
  const random = seededRandom(seed)
  const network = randomNetwork(random, learner, columns)
  const steps = learner.kind === 'tcn' ? learner.steps : 1
  const values = normalFeatures(random, network.scaler, 200)
  const program = quantiseNetwork(network, { values, rows: windowRows(200, steps) }, link)
  const background = backgroundRows(program, { values, rows: windowRows(200, steps) }, rows)
  return { program, card: { ...cardFor(program, new Int16Array(0), null), background } }
}

/** Random trees with their covers and no background rows. For tests. */
export function sealedTrees(columns: number, trees: number, depth: number, seed = 1): SealedModel {
  const ensemble = randomEnsemble(seededRandom(seed), columns, trees, depth)
  const program = treesProgram(ensemble)
  return { program, card: cardFor(program, new Int16Array(0), coversOf(ensemble)) }
}
