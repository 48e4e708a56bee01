import type { TrialChain } from '../../contracts/test/callAll.ts'
import {
  completeTrees,
  featuresBetweenSteps,
  measuredNetwork,
  ordinaryFeatures,
  standardisedNetwork,
} from '../../contracts/test/measuredModels.ts'
import { scoreGas } from '../../contracts/test/scoreGas.ts'
import { type Hash, seededRandom } from '../../core/index.ts'
import { deployModelRegistry, deployModelVerifier, publishModel } from '../../decision-log/index.ts'
import { encodeProgram } from '../../models/sealed/encodeProgram.ts'
import type { Program } from '../../models/sealed/program.ts'

/** Gas of whole transactions in which a verifier scores features, ascending. */
export type VerifierGas = {
  /** Of a network of 32-16-8-1, ordinary features. */
  readonly network: readonly number[]
  /** Of the same where each of the 32 inputs is halfway between two integers, within two deviations of the mean. */
  readonly betweenSteps: readonly number[]
  /** Likewise, and beyond four deviations. */
  readonly farBetweenSteps: readonly number[]
  /** Of 100 complete trees of depth 6 with all edges that there may be. */
  readonly trees: readonly number[]
}

const VECTORS = 10_000
const FEWER_VECTORS = 250
const TREE_VECTORS = 30
const COLUMNS = 32

/** Measures the verifier on a local chain, under its rules. */
export async function measureVerifier(chain: TrialChain): Promise<VerifierGas> {
  const { address: registry } = await deployModelRegistry(chain)
  const { address: verifier } = await deployModelVerifier({ ...chain, registry })
  const publish = async (program: Program): Promise<Hash> => {
    const options = { ...chain, registry, verifier, program: encodeProgram(program), card: '' }
    return (await publishModel(options)).model
  }
  const gasOf = (model: Hash, vectors: readonly Float32Array[]) =>
    scoreGas({ ...chain, verifier }, model, vectors)

  const network = measuredNetwork()
  const standardised = standardisedNetwork()
  const hardModel = await publish(standardised)
  const random = seededRandom(3)
  const between = (from: number, to: number) =>
    Array.from({ length: FEWER_VECTORS }, () => featuresBetweenSteps(random, standardised, [from, to]))
  const uniform = Array.from({ length: TREE_VECTORS }, () => Float32Array.from({ length: COLUMNS }, random))
  return {
    network: await gasOf(await publish(network), ordinaryFeatures(random, network, VECTORS)),
    betweenSteps: await gasOf(hardModel, between(0, 2)),
    farBetweenSteps: await gasOf(hardModel, between(4, 8)),
    trees: await gasOf(await publish(completeTrees(random, COLUMNS, 100, 6)), uniform),
  }
}

/** The one in the middle of ascending figures. */
export function medianOf(figures: readonly number[]): number {
  return figures[Math.floor(figures.length / 2)] ?? Number.NaN
}
