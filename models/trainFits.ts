import { InvalidInputError } from '../core/index.ts'
import type { Fit, FitHistory, FitProgress } from './fit.ts'
import { chooseDevice, type DeviceWish } from './gpu/chooseDevice.ts'
import { trainNetworksOnGpu } from './gpu/trainNetworksOnGpu.ts'
import type { Learner, NetworkLearner, TreesLearner } from './learner.ts'
import type { FloatNetwork } from './networks/floatNetwork.ts'
import { trainNetworks } from './networks/trainNetworks.ts'
import { trainTrees } from './trees/trainTrees.ts'
import type { TreeEnsemble } from './trees/treeEnsemble.ts'

/** What a fit gave, before it is sealed. */
export type Trained = { readonly model: FloatNetwork | TreeEnsemble; readonly history: FitHistory }

/** What several fits gave, in their order, and what computed it. */
export type TrainedFits = {
  readonly trained: readonly Trained[]
  /** `cpu`, or the name of the GPU. */
  readonly device: string
  /** The sentence that says why it was taken. */
  readonly why: string
}

export type TrainFitsOptions = {
  /** `auto` unless given: a GPU where there is one. */
  readonly device?: DeviceWish | undefined
  readonly workers?: number | undefined
  readonly onProgress?: ((progress: FitProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Trains fits of one kind of learner together: networks as a population on a GPU, or on the CPU; trees on the CPU, one
 * after the other. The results of the CPU are the same to the bit on every machine.
 *
 * @throws InvalidInputError when a fit cannot be trained; UnavailableError when a GPU was asked for and there is none.
 */
export async function trainFits(
  fits: readonly Fit[],
  { device: wish = 'auto', workers, onProgress, signal }: TrainFitsOptions = {},
): Promise<TrainedFits> {
  const options = {
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  }
  const threads = workers === undefined ? options : { ...options, workers }
  const trees = fits.filter(isOfTrees)
  const networks = fits.filter(isOfNetwork)
  if (trees.length > 0) {
    if (wish === 'gpu')
      throw new InvalidInputError('Trees are trained on the CPU alone.', {
        hint: 'Leave `--device` out, or pass `--device cpu`.',
      })
    const trained: Trained[] = []
    for (const [fit, each] of trees.entries()) {
      const { ensemble, history } = await trainTrees(each, {
        ...threads,
        ...(onProgress === undefined ? {} : { onProgress: progress => onProgress({ ...progress, fit }) }),
      })
      trained.push({ model: ensemble, history })
    }
    return { trained, device: 'cpu', why: 'Trees are trained on the CPU.' }
  }
  const chosen = await chooseDevice(wish)
  if (chosen.device === 'cpu') {
    const results = await trainNetworks(networks, threads)
    return { trained: results.map(toTrained), device: 'cpu', why: chosen.why }
  }
  try {
    const results = await trainNetworksOnGpu(chosen.gpu, networks, options)
    return { trained: results.map(toTrained), device: chosen.gpu.name, why: chosen.why }
  } finally {
    chosen.gpu.close()
  }
}

const toTrained = ({ network, history }: { network: FloatNetwork; history: FitHistory }): Trained => ({
  model: network,
  history,
})

const isOfTrees = (fit: Fit): fit is Fit<TreesLearner> => fit.learner.kind === 'trees'
const isOfNetwork = (fit: Fit): fit is Fit<NetworkLearner> => (fit.learner as Learner).kind !== 'trees'
