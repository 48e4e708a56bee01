import { beforeAll, describe, expect, test } from 'vitest'
import { gaussian, InvalidInputError, seededRandom } from '../core/index.ts'
import { type LoadedTensorflow, loadTensorflow } from './loadTensorflow.ts'
import { checkModelSpec } from './modelSpec.ts'
import { lossAndGradients, PATIENCE_EPOCHS, type TrainingProgress, trainMlp } from './trainMlp.ts'

let tf: LoadedTensorflow['tf']
beforeAll(async () => {
  tf = (await loadTensorflow()).tf
})

const spec = checkModelSpec({
  name: 'test',
  version: 1,
  labelHorizonMs: 1,
  hidden: [8],
  epochs: 5,
  batchSize: 32,
  learningRate: 0.01,
  l2: 0.001,
  seed: 1,
  validationShare: 0,
  embargoMs: 0,
})

function drawSet(rows: number, columns: number, seed: number) {
  const random = seededRandom(seed)
  const inputs = Float32Array.from({ length: rows * columns }, () => gaussian(random))
  const up = Uint8Array.from({ length: rows }, (_, row) => (inputs[row * columns]! > 0 ? 1 : 0))
  return { inputs, up }
}

describe('trainMlp', () => {
  test('its gradients are those of automatic differentiation', () => {
    const random = seededRandom(3)
    const draw = (length: number) => Float32Array.from({ length }, () => gaussian(random))
    tf.tidy(() => {
      const shapes: [number, number][] = [
        [3, 7],
        [7, 4],
        [4, 1],
      ]
      const layers = shapes.map(([inputs, outputs]) => ({
        weights: tf.variable(tf.tensor2d(draw(inputs * outputs), [inputs, outputs])),
        biases: tf.variable(tf.tensor1d(draw(outputs))),
      }))
      const x = tf.tensor2d(draw(150), [50, 3])
      const y = tf.tensor2d(
        draw(50).map(value => (value > 0 ? 1 : 0)),
        [50, 1],
      )
      const l2 = 0.3
      const objective = () => {
        let h = x
        for (const [place, { weights, biases }] of layers.entries()) {
          h = tf.add(tf.matMul(h, weights), biases)
          if (place < layers.length - 1) h = tf.relu(h)
        }
        const penalties = layers.map(({ weights }) => tf.sum(tf.square(weights)))
        return tf.add(tf.losses.sigmoidCrossEntropy(y, h), tf.mul(tf.addN(penalties), l2 / 2)).asScalar()
      }
      const automatic = tf.variableGrads(objective).grads
      const { gradients, loss } = lossAndGradients(tf, layers, x, y, l2)
      expect(gradients.map(({ name }) => name).sort()).toEqual(Object.keys(automatic).sort())
      for (const { name, tensor } of gradients) {
        expect(tensor.shape).toEqual(automatic[name]!.shape)
        const expected = automatic[name]!.dataSync()
        for (const [place, value] of tensor.dataSync().entries())
          expect(value).toBeCloseTo(expected[place]!, 5)
      }
      const squares = layers.flatMap(({ weights }) => [...weights.dataSync()].map(weight => weight ** 2))
      const penalty = (l2 / 2) * squares.reduce((sum, square) => sum + square, 0)
      expect(loss.dataSync()[0]! + penalty).toBeCloseTo(objective().dataSync()[0]!, 4)
      // A variable lives until it is disposed of, tidy or not.
      for (const { weights, biases } of layers) tf.dispose([weights, biases])
    })
  })

  test('leaves no tensor behind, also when it fails', async () => {
    const training = drawSet(200, 4, 1)
    const validation = drawSet(70, 4, 2)
    const before = tf.memory().numTensors
    await trainMlp({ tf, training, validation, columns: 4, spec })
    expect(tf.memory().numTensors).toBe(before)
    const stop = trainMlp({
      tf,
      training,
      validation: null,
      columns: 4,
      spec,
      onProgress: () => {
        throw new Error('stop')
      },
    })
    await expect(stop).rejects.toThrow('stop')
    expect(tf.memory().numTensors).toBe(before)
  })

  test('gives the same weights twice, and others for another seed', async () => {
    const training = drawSet(150, 3, 1)
    const train = (seed: number) =>
      trainMlp({ tf, training, validation: null, columns: 3, spec: { ...spec, seed } })
    const [first, again, other] = [await train(1), await train(1), await train(2)]
    expect(again).toEqual(first)
    expect(other.layers[0]!.weights).not.toEqual(first.layers[0]!.weights)
  })

  test('two trainings at once do not disturb each other', async () => {
    const jobs = [1, 2].map(seed => ({
      tf,
      training: drawSet(150, 3, seed),
      validation: null,
      columns: 3,
      spec: { ...spec, seed },
    }))
    const together = await Promise.all(jobs.map(job => trainMlp(job)))
    for (const [place, job] of jobs.entries()) expect(together[place]).toEqual(await trainMlp(job))
  })

  test('reports each epoch, and lets others run between batches', async () => {
    const seen: TrainingProgress[] = []
    let turns = 0
    const ticking = setInterval(() => turns++, 0)
    await trainMlp({
      tf,
      training: drawSet(4_000, 3, 1),
      validation: null,
      columns: 3,
      spec,
      onProgress: progress => seen.push(progress),
    })
    clearInterval(ticking)
    expect(seen.map(({ epoch, epochs }) => [epoch, epochs])).toEqual([1, 2, 3, 4, 5].map(epoch => [epoch, 5]))
    expect(seen.at(-1)!.loss).toBeLessThan(seen[0]!.loss)
    expect(turns).toBeGreaterThan(20)
  })

  test('stops when validation no longer improves, and keeps the best epoch', async () => {
    const training = drawSet(60, 6, 1)
    const random = seededRandom(5)
    // Labels of a coin: every further epoch only learns the training rows by heart.
    const noise = { ...training, up: training.up.map(() => (random() < 0.5 ? 1 : 0)) }
    const seen: TrainingProgress[] = []
    const long = { ...spec, hidden: [32], epochs: 400, learningRate: 0.02, l2: 0 }
    const validation = drawSet(60, 6, 9)
    const base = { tf, training: noise, columns: 6 }
    const trained = await trainMlp({ ...base, validation, spec: long, onProgress: p => seen.push(p) })
    expect(trained.epochsRun).toBe(trained.bestEpoch + PATIENCE_EPOCHS)
    const losses = seen.map(({ validationLoss }) => validationLoss!)
    expect(losses.indexOf(Math.min(...losses)) + 1).toBe(trained.bestEpoch)
    const upToBest = await trainMlp({
      ...base,
      validation: null,
      spec: { ...long, epochs: trained.bestEpoch },
    })
    expect(trained.layers).toEqual(upToBest.layers)
  })

  test('says so when the loss stops being a number', async () => {
    const training = { inputs: new Float32Array(64 * 2).fill(3e38), up: new Uint8Array(64).fill(1) }
    const diverging = trainMlp({ tf, training, validation: null, columns: 2, spec })
    await expect(diverging).rejects.toThrow(InvalidInputError)
    await expect(diverging).rejects.toThrow('Training of "test" diverged in epoch 1.')
  })
})
