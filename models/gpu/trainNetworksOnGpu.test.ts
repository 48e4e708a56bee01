import { afterAll, describe, expect, test } from 'vitest'
import type { Fit } from '../fit.ts'
import type { NetworkLearner } from '../learner.ts'
import { DESCENT, linear, mlp, randomFit, tcn } from '../networks/randomFit.fixture.ts'
import { type TrainedNetwork, trainNetworks } from '../networks/trainNetworks.ts'
import { deviceOf, registerDevice } from './gpuDevice.ts'
import { type Gpu, openGpu } from './openGpu.ts'
import { trainNetworksOnGpu } from './trainNetworksOnGpu.ts'

// Tests run side by side: an imitation that takes all cores for itself would slow the others down.
process.env['LP_NUM_THREADS'] ??= '1'
const found = await openGpu()
if ('unavailable' in found)
  console.warn(`The tests of training on a GPU are skipped. ${found.unavailable} ${found.remedy}`)
const gpu = 'unavailable' in found ? null : found
afterAll(() => gpu?.close())
const onGpu = (fits: readonly Fit<NetworkLearner>[], device = gpu as Gpu) => trainNetworksOnGpu(device, fits)

/** The same GPU, as if it were another. */
function as(other: Partial<Gpu>): Gpu {
  const changed = { ...(gpu as Gpu), ...other }
  registerDevice(changed, { device: deviceOf(gpu as Gpu), api: null })
  return changed
}

/** A network over time whose window ends before the steps that its last layer could see. */
const short: NetworkLearner = {
  kind: 'tcn',
  steps: 4,
  channels: 3,
  levels: 2,
  kernel: 3,
  ...DESCENT,
  l2: 0.02,
}
const LEARNERS: readonly (readonly [string, NetworkLearner])[] = [
  ['linear', { ...linear, l2: 0.03 }],
  ['an MLP of a layer wider than a tile', mlp([70, 5], { l2: 0.01 })],
  ['a TCN with a short window, whose first level is not residual', short],
  ['a TCN of one residual level', { ...tcn(4), levels: 1 } as NetworkLearner],
  ['an MLP', mlp([7, 5])],
  ['a TCN with residual connections from the first level on', { ...tcn(4), l2: 0.01 }],
]

function expectClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  expect(actual).toHaveLength(expected.length)
  const apart = actual.reduce((most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? 0))), 0)
  expect(apart).toBeLessThan(tolerance)
}

function expectAlike(actual: readonly TrainedNetwork[], expected: readonly TrainedNetwork[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, { network, history }] of actual.entries()) {
    const other = expected[index]
    if (other === undefined) throw new Error('as many as expected')
    const { parameters, ...rest } = network
    const { parameters: otherParameters, ...otherRest } = other.network
    expect(rest).toEqual(otherRest)
    expectClose(parameters, otherParameters, 2e-5)
    expect(history.stepsRun).toBe(other.history.stepsRun)
    expect(history.bestStep).toBe(other.history.bestStep)
    expectClose(Float32Array.from(history.losses), Float32Array.from(other.history.losses), 1e-5)
    expectClose(
      Float32Array.from(history.validationLosses),
      Float32Array.from(other.history.validationLosses),
      1e-5,
    )
  }
}

describe.skipIf(gpu === null)('training on the GPU', () => {
  // 4 columns and rows that leave a ragged last batch; the fixture's weights are uneven and some values missing.
  test.each([
    ...LEARNERS.map(([name, learner]) => ['direction' as const, name, learner] as const),
    ...LEARNERS.slice(0, 3).map(([name, learner]) => ['return' as const, name, learner] as const),
  ])('follows the CPU for %s: %s', async (objective, _, learner) => {
    const fit = randomFit({ learner, columns: 4, rows: 190, objective, validationShare: 0.25 })
    const slower = { ...learner, learningRate: 0.002 }
    const fits = [fit, { ...fit, seed: 2, train: fit.train.slice(60), learner: slower }]
    expectAlike(await onGpu(fits), await trainNetworks(fits, { workers: 1 }))
  })

  test('without validation rows the last parameters are kept', async () => {
    const fits = [randomFit({ learner: mlp([7, 5]), columns: 4, rows: 120 })]
    const trained = await onGpu(fits)
    expectAlike(trained, await trainNetworks(fits, { workers: 1 }))
    expect(trained[0]?.history).toMatchObject({ bestStep: DESCENT.epochs, validationLosses: [] })
  })

  test('each member stops by itself, and the parameters of its best epoch are kept', async () => {
    // The targets are noise: the more a network learns of them, the worse it gets.
    const learner = mlp([7, 5], { epochs: 12, patience: 2 })
    const fit = randomFit({ learner, columns: 4, rows: 130, validationShare: 0.4 })
    const fits = [0.001, 0.01, 0.05, 0.1].map(learningRate => ({
      ...fit,
      learner: { ...learner, learningRate },
    }))
    const trained = await onGpu(fits)
    expectAlike(trained, await trainNetworks(fits, { workers: 1 }))
    expect(new Set(trained.map(({ history }) => history.stepsRun)).size).toBeGreaterThan(1)
    expect(trained.some(({ history }) => history.bestStep < history.stepsRun)).toBe(true)
  })

  const base = randomFit({ learner: mlp([7, 5]), columns: 4, rows: 150, validationShare: 0.3 })
  const various: Fit<NetworkLearner>[] = [
    base,
    { ...base, seed: 2, train: base.train.slice(0, 30), validation: base.validation.slice(5) },
    { ...base, learner: mlp([7, 5], { learningRate: 0.1, l2: 0.5, patience: 1 }) },
    { ...base, seed: 3, validation: base.validation.slice(0, 0) },
    { ...base, seed: 4, learner: mlp([7, 5], { epochs: 1 }) },
    { ...base, learner: tcn(3), train: base.train.slice(9) },
    { ...base, learner: linear, objective: 'direction' },
  ]

  test('fits trained together are what each is alone, and the same from run to run', async () => {
    const together = await onGpu(various)
    expect(await onGpu(various)).toEqual(together)
    for (const index of [0, 1, 3, 5])
      expect(await onGpu(various.slice(index, index + 1))).toEqual([together[index]])
  })

  test('a matrix in several arrays, and a population that trains in turns, give the same', async () => {
    const mlps = various.filter(({ learner }) => learner.kind === 'mlp')
    const expected = await onGpu(mlps)
    // The matrix has 2,400 bytes, the largest array of a member 1,456: two arrays and turns of one, turns of three.
    for (const maxArrayBytes of [2_000, 4_500])
      expect(await onGpu(mlps, as({ maxArrayBytes }))).toEqual(expected)
  })

  test('a population large enough for large tiles follows the CPU', async () => {
    const learner = mlp([3], { batchSize: 16, epochs: 1 })
    const fit = randomFit({ learner, columns: 2, rows: 24 })
    const fits = Array.from({ length: 600 }, (_, seed) => ({ ...fit, seed }))
    const trained = await onGpu(fits)
    const some = [0, 299, 599]
    expectAlike(
      some.flatMap(seed => trained[seed] ?? []),
      await trainNetworks(
        some.flatMap(seed => fits[seed] ?? []),
        { workers: 1 },
      ),
    )
  })

  test('the kernels of a real card, whose loops may be unrolled, follow the CPU', async () => {
    const fits = [randomFit({ learner: mlp([3], { epochs: 1 }), columns: 2, rows: 40 })]
    expectAlike(await onGpu(fits, as({ software: false })), await trainNetworks(fits, { workers: 1 }))
  })

  test('tells of each epoch of each fit', async () => {
    const told: unknown[] = []
    const fits = [base, { ...base, learner: mlp([7, 5], { epochs: 2 }) }]
    const trained = await trainNetworksOnGpu(gpu as Gpu, fits, {
      onProgress: progress => told.push(progress),
    })
    const expected = trained.flatMap(({ history: { losses, validationLosses } }, fit) =>
      losses.map((loss, epoch) => ({
        fit,
        step: epoch + 1,
        steps: losses.length,
        loss,
        validationLoss: validationLosses[epoch],
      })),
    )
    expect(told).toHaveLength(5)
    expect(told).toEqual(expect.arrayContaining(expected))
  })

  test('a loss that is not finite is refused, with its epoch', async () => {
    const weights = base.set.weights.map(() => 3e38)
    const broken = { ...base, set: { ...base.set, weights } }
    await expect(onGpu([base, broken])).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringMatching(/^The loss of fit 1 is not finite in epoch [12]\.$/),
      hint: expect.stringContaining('Lower the learning rate, 0.01'),
    })
  })

  test('what is too large for the GPU is refused', async () => {
    await expect(onGpu([base], as({ maxArrayBytes: 1_200 }))).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringContaining('A network needs an array of'),
      hint: expect.stringContaining('batchSize'),
    })
    await expect(onGpu([base], as({ maxArrayBytes: 400 }))).rejects.toThrow(
      'A matrix of 150 rows by 4 features is too large',
    )
  })

  test('what the CPU refuses is refused', async () => {
    await expect(onGpu([{ ...base, train: new Uint32Array(0) }])).rejects.toThrow(
      'Fit 0 has no rows to fit to.',
    )
  })

  test('a signal ends the training with its reason', async () => {
    const abort = new AbortController()
    const fit = { ...base, learner: mlp([7, 5], { epochs: 100_000, patience: 100_000 }) }
    const onProgress = () => abort.abort(new Error('enough'))
    const training = trainNetworksOnGpu(gpu as Gpu, [fit], { onProgress, signal: abort.signal })
    await expect(training).rejects.toThrow('enough')
    await expect(trainNetworksOnGpu(gpu as Gpu, [fit], { signal: abort.signal })).rejects.toThrow('enough')
  })

  test('says what it is', () => {
    expect(gpu?.name).not.toBe('')
    expect(gpu?.maxArrayBytes).toBeGreaterThanOrEqual(2 ** 27)
    // Mesa's imitation must not be taken for a card.
    if (/llvmpipe/.test(gpu?.name ?? '')) expect(gpu?.software).toBe(true)
  })

  test('no fits, no networks', async () => {
    expect(await onGpu([])).toEqual([])
  })

  test('a GPU that was closed refuses', async () => {
    const closed = await openGpu()
    if ('unavailable' in closed) throw new Error('it opened before')
    closed.close()
    await expect(onGpu([base], closed)).rejects.toMatchObject({ name: 'GpuRefusal', retryable: true })
  })
})
