import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import { stepsOf } from '../learner.ts'
import type { FloatNetwork } from '../networks/floatNetwork.ts'
import type { TreeEnsemble } from '../trees/treeEnsemble.ts'
import {
  learnerOf,
  randomFeatures,
  randomNetwork,
  randomTrees,
  scoresOfTrees,
  scoresOfWindows,
} from './randomModels.fixture.ts'
import { readOnnx } from './readOnnx.ts'
import { toOnnx } from './toOnnx.ts'

const ROWS = 200

const named = (columns: number) => Array.from({ length: columns }, (_, column) => `feature_${column}`)

async function runInOnnxruntime(model: FloatNetwork | TreeEnsemble, values: Float32Array) {
  const session = await InferenceSession.create(toOnnx(model, { featureNames: named(model.columns) }))
  const shape = 'learner' in model && model.learner.kind === 'tcn' ? [model.learner.steps] : []
  return session.run({ features: new Tensor('float32', values, [ROWS, ...shape, model.columns]) })
}

const numbers = (tensor: Tensor | undefined) => {
  expect(tensor?.dims).toEqual([ROWS, 1])
  return Array.from(tensor?.data as Float32Array)
}

function expectClose(actual: readonly number[], expected: Iterable<number>, tolerance = 1e-5): void {
  const wanted = [...expected]
  expect(actual).toHaveLength(wanted.length)
  for (const [place, value] of wanted.entries())
    expect(Math.abs((actual[place] ?? Number.NaN) - value), `row ${place}`).toBeLessThan(
      tolerance * Math.max(1, Math.abs(value)),
    )
}

describe('onnxruntime gives the scores of', () => {
  test.each([
    ['a linear network', learnerOf({ kind: 'linear' }), 5],
    ['a perceptron', learnerOf({ kind: 'mlp', hidden: [16, 8] }), 12],
    ['a wide perceptron', learnerOf({ kind: 'mlp', hidden: [128, 64] }), 64],
    ['a network over time', learnerOf({ kind: 'tcn', steps: 12, channels: 6, levels: 3, kernel: 3 }), 4],
    // Its first level adds its input too.
    [
      'one as wide as its features',
      learnerOf({ kind: 'tcn', steps: 9, channels: 4, levels: 2, kernel: 2 }),
      4,
    ],
    // Its levels reach further back than its steps, into the zeros before them.
    ['one that sees its padding', learnerOf({ kind: 'tcn', steps: 3, channels: 5, levels: 3, kernel: 4 }), 3],
  ])('%s', async (_, learner, columns) => {
    const network = randomNetwork(learner, columns, { seed: 7, constant: 1 })
    const values = randomFeatures(ROWS * stepsOf(learner) * columns, seededRandom(11))
    const outputs = await runInOnnxruntime(network, values)
    const scores = scoresOfWindows(network, values)
    expect(new Set(scores).size).toBeGreaterThan(ROWS / 2)
    expectClose(numbers(outputs['score']), scores)
    expectClose(
      numbers(outputs['probability']),
      scores.map(score => 1 / (1 + Math.exp(-score))),
    )
  })

  test('trees, whose missing values go left', async () => {
    const trees = randomTrees(6, { seed: 5, trees: 20, depth: 5 })
    const values = randomFeatures(ROWS * 6, seededRandom(3)).map(value =>
      // ONNX has no threshold below it, so it cannot be told from a missing value.
      value === Number.NEGATIVE_INFINITY ? -1e30 : value,
    )
    // Exactly at an edge a value still goes left.
    for (const [column, edges] of trees.edges.entries()) if (edges.length > 0) values[column] = edges[0] ?? 0
    const scores = scoresOfTrees(trees, values)
    expect(new Set(scores).size).toBeGreaterThan(ROWS / 4)
    expectClose(numbers((await runInOnnxruntime(trees, values))['score']), scores)
  })

  test('an ensemble without a tree: its base', async () => {
    const trees = { ...randomTrees(2, { seed: 5 }), trees: [], base: 262_144 }
    const outputs = await runInOnnxruntime(trees, new Float32Array(ROWS * 2))
    expect(new Set(numbers(outputs['score']))).toEqual(new Set([0.25]))
  })
})

test('a network that predicts a return gives the log return beside the score', async () => {
  const network = randomNetwork(learnerOf({ kind: 'mlp', hidden: [8] }), 3, { seed: 4, objective: 'return' })
  const values = randomFeatures(ROWS * 3, seededRandom(2))
  const outputs = await runInOnnxruntime(network, values)
  expect(Object.keys(outputs).sort()).toEqual(['log_return', 'score'])
  expectClose(
    numbers(outputs['log_return']),
    scoresOfWindows(network, values).map(score => score * network.targetScale + network.targetCentre),
    1e-7,
  )
})

test('the same model gives the same bytes, and they name its features', () => {
  const network = randomNetwork(learnerOf({ kind: 'mlp', hidden: [4] }), 2, { seed: 1 })
  const bytes = toOnnx(network, { featureNames: ['spread', 'momentum'] })
  expect(toOnnx(network, { featureNames: ['spread', 'momentum'] })).toEqual(bytes)
  const model = readOnnx(bytes)
  expect(model.inputs).toEqual([{ name: 'features', elementType: 1, shape: [null, 2] }])
  expect(model.outputs.map(({ name }) => name)).toEqual(['score', 'probability'])
  expect(JSON.parse(model.metadata.get('touchstone.model') ?? '')).toEqual({
    featureNames: ['spread', 'momentum'],
    objective: 'direction',
    targetScale: 1,
    targetCentre: 0,
    learner: network.learner,
  })
})

test('each feature needs a name of its own', () => {
  const network = randomNetwork(learnerOf({ kind: 'linear' }), 2, { seed: 1 })
  expect(() => toOnnx(network, { featureNames: ['spread', 'spread'] })).toThrow(
    'A model of 2 features cannot be exported under 2 names, 1 of them different.',
  )
  expect(() => toOnnx(network, { featureNames: ['spread'] })).toThrow(
    'A model of 2 features cannot be exported under 1 names, 1 of them different.',
  )
})
