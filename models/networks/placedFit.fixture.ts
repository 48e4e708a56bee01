import type { Fit } from '../fit.ts'
import { kernelMemory } from '../kernels/instantiateKernel.ts'
import type { NetworkLearner } from '../learner.ts'
import { type FitMemory, placeFit, placeSet, writeFit, writeSet } from './fitMemory.ts'
import { type NetworkKernel, networkKernel } from './networkKernel.ts'
import { fromPanels } from './panelLayout.ts'
import { trainFit } from './trainFit.ts'
import type { TrainedNetwork } from './trainNetworks.ts'

/** A fit in a memory of its own, ready for one thread. */
export function placedFit(fit: Fit<NetworkLearner>): {
  readonly kernel: NetworkKernel
  readonly at: FitMemory
} {
  const set = placeSet(fit.set, 1)
  const at = placeFit(fit, set.memory, 1, set.end)
  const memory = kernelMemory(at.end)
  writeSet(fit.set, set.memory, memory.buffer)
  writeFit(fit, at, memory.buffer)
  return { kernel: networkKernel(memory), at }
}

/** Trains a fit in this thread. */
export function trainHere(fit: Fit<NetworkLearner>): TrainedNetwork {
  const { kernel, at } = placedFit(fit)
  const history = trainFit(kernel, at, { thread: 0, threads: 1 }, () => {})
  if (history === null) throw new Error('the first thread gives no history')
  const parameters = fromPanels(
    new Float32Array(kernel.memory.buffer, at.bestParameters, at.layout.size),
    at.layout,
  )
  const { learner, objective, set, scaler } = fit
  const { targetCentre, targetScale } = at
  return {
    network: { learner, objective, columns: set.columns, scaler, parameters, targetScale, targetCentre },
    history,
  }
}
