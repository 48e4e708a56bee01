import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Fit, FitProgress } from '../fit.ts'
import type { NetworkLearner } from '../learner.ts'
import { DESCENT, linear, mlp, randomFit, tcn } from './randomFit.fixture.ts'
import { type TrainNetworksOptions, trainNetworks } from './trainNetworks.ts'

const hash = (values: Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')

async function trainOne(fit: Fit<NetworkLearner>, options: TrainNetworksOptions = { workers: 1 }) {
  const [trained] = await trainNetworks([fit], options)
  if (trained === undefined) throw new Error('nothing was trained')
  return trained
}

/** A small training of each learner whose parameters are recorded: 700 rows are more micro-batches than slots. */
const REFERENCES: readonly (readonly [string, Fit<NetworkLearner>, string])[] = [
  [
    'linear',
    randomFit({ learner: { ...linear, batchSize: 600, l2: 0.01 }, columns: 7, rows: 700 }),
    '17e50414b3fe5ac1fc7129cbfff7daaf706671de5603ab7ce3b217576864dfa6',
  ],
  [
    'MLP',
    randomFit({ learner: mlp([12, 5], { batchSize: 600 }), columns: 7, rows: 700, objective: 'return' }),
    '8527bd8e9423b0727168bbf07cd9faf620b6d4f5ae4ebf6240efa00471e7492f',
  ],
  [
    'TCN',
    randomFit({ learner: tcn(6, { batchSize: 150 }), columns: 6, rows: 320, validationShare: 0.2 }),
    '60d8adcaa341ed5a7f1d5956dd30873b5fa6a4d6fdf42fc34677b84de3c454bf',
  ],
]

test('the reference trainings give the parameters recorded, from any number of threads', async () => {
  const fits = REFERENCES.map(([, fit]) => fit)
  // One thread; two, each with a fit and then both with the third; four together, fit by fit.
  const runs = await Promise.all([1, 2, 4].map(workers => trainNetworks(fits, { workers })))
  for (const trained of runs) {
    const hashes = trained.map(({ network }, index) => [REFERENCES[index]?.[0], hash(network.parameters)])
    expect(hashes).toEqual(REFERENCES.map(([name, , golden]) => [name, golden]))
    expect(trained).toEqual(runs[0])
  }
})

test('fits trained together are what each is alone, on any number of threads', async () => {
  const base = randomFit({ learner: mlp([9]), columns: 4, rows: 150, validationShare: 0.3 })
  const fits: Fit<NetworkLearner>[] = [1, 2, 3, 4, 5].map(seed => ({ ...base, seed }))
  fits.push({ ...randomFit({ learner: tcn(4), columns: 3, rows: 90 }), seed: 6 })
  const inTurn = await trainNetworks(fits, { workers: 1 })
  const told: number[] = []
  const together = await trainNetworks(fits, { workers: 4, onProgress: ({ fit }) => told.push(fit) })
  expect(together).toEqual(inTurn)
  expect(await trainOne(fits[5] ?? base)).toEqual(inTurn[5])
  expect(new Set(inTurn.map(({ network }) => hash(network.parameters))).size).toBe(fits.length)
  expect(told.toSorted()).toEqual(fits.flatMap((_, fit) => Array(DESCENT.epochs).fill(fit)))
})

test('what is told of the epochs is the history', async () => {
  const fit = randomFit({ learner: mlp([5]), columns: 3, rows: 80, validationShare: 0.25 })
  const told: FitProgress[] = []
  const { history } = await trainOne(fit, { workers: 1, onProgress: progress => told.push(progress) })
  expect(told).toEqual(
    history.losses.map((loss, index) => ({
      fit: 0,
      step: index + 1,
      steps: DESCENT.epochs,
      loss,
      validationLoss: history.validationLosses[index],
    })),
  )
  expect(told).toHaveLength(DESCENT.epochs)
})

test('a loss that is not finite is refused, with its epoch', async () => {
  const fit = randomFit({ learner: mlp([4]), columns: 3, rows: 40 })
  // A gradient of so much weight is more than binary32 holds, so the first step leaves no numbers.
  const weights = fit.set.weights.map(() => 3e38)
  const broken = { ...fit, set: { ...fit.set, weights } }
  await expect(trainNetworks([fit, fit, broken], { workers: 2 })).rejects.toMatchObject({
    name: 'InvalidInputError',
    message: 'The loss of fit 2 is not finite in epoch 2.',
    hint: expect.stringContaining('Lower the learning rate, 0.01'),
  })
})

test('returns that are all equal are refused', async () => {
  const fit = randomFit({ learner: linear, columns: 3, rows: 40, objective: 'return' })
  const equal = { ...fit, set: { ...fit.set, targets: new Float32Array(40).fill(0.1) } }
  await expect(trainOne(equal)).rejects.toThrow('The returns of all 40 rows to fit to are 0.1')
})

test('a network that no memory of a kernel holds is refused', async () => {
  const wide = randomFit({ learner: mlp(Array(8).fill(4_096)), columns: 3, rows: 40 })
  await expect(trainOne(wide)).rejects.toThrow('are more than the 4 GiB that a kernel can address.')
})

test.each([0, 1.5])('%s workers are refused', async workers => {
  const fit = randomFit({ learner: linear, columns: 3, rows: 40 })
  await expect(trainOne(fit, { workers })).rejects.toThrow(`${workers} workers cannot train.`)
})

test('a signal ends the training with its reason, and this thread is free meanwhile', async () => {
  const learner = mlp([64, 64], { epochs: 100_000, patience: 100_000 })
  const fit = randomFit({ learner, columns: 20, rows: 2_000 })
  const abort = new AbortController()
  let epochs = 0
  const training = trainNetworks([fit, fit, fit], {
    workers: 2,
    signal: abort.signal,
    onProgress: () => {
      epochs++
      if (epochs === 5) setTimeout(() => abort.abort(new Error('enough')), 1)
    },
  })
  await expect(training).rejects.toThrow('enough')
  await expect(trainOne(fit, { signal: abort.signal })).rejects.toThrow('enough')
})

test('what is thrown when told of progress ends the training', async () => {
  const fit = randomFit({ learner: mlp([4], { epochs: 1_000 }), columns: 3, rows: 60 })
  const onProgress = () => {
    throw new Error('not interested')
  }
  await expect(trainOne(fit, { workers: 1, onProgress })).rejects.toThrow('not interested')
})

test('no fits, no networks', async () => {
  expect(await trainNetworks([])).toEqual([])
})
