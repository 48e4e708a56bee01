import fc from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { InvalidInputError, SCORE_ONE, seededRandom } from '../../core/index.ts'
import { type FromOnnxTreesOptions, fromOnnxTrees } from './fromOnnxTrees.ts'
import { type NodeAttributes, OnnxWriter, TREES_DOMAIN } from './onnxWriter.ts'
import {
  learnerOf,
  randomFeatures,
  randomNetwork,
  randomTrees,
  scoresOfTrees,
} from './randomModels.fixture.ts'
import { toOnnx } from './toOnnx.ts'

const NAMES = ['a', 'b', 'c', 'd']

/** Two trees: feature 0 < 0.5 with missing right, and feature 1 ≤ −1 with missing left. */
const ATTRIBUTES: NodeAttributes = {
  n_targets: 1,
  base_values: Float32Array.of(0.25),
  nodes_treeids: [0, 0, 0, 1, 1, 1],
  nodes_nodeids: [0, 1, 2, 0, 1, 2],
  nodes_featureids: [0, 0, 0, 1, 0, 0],
  nodes_values: Float32Array.of(0.5, 0, 0, -1, 0, 0),
  nodes_modes: ['BRANCH_LT', 'LEAF', 'LEAF', 'BRANCH_LEQ', 'LEAF', 'LEAF'],
  nodes_truenodeids: [1, 0, 0, 1, 0, 0],
  nodes_falsenodeids: [2, 0, 0, 2, 0, 0],
  nodes_missing_value_tracks_true: [0, 0, 0, 1, 0, 0],
  target_treeids: [0, 0, 1, 1],
  target_nodeids: [1, 2, 1, 2],
  target_ids: [0, 0, 0, 0],
  target_weights: Float32Array.of(1, -2, 0.5, 3),
}

function bytesOf(changes: NodeAttributes = {}, isProbability = false): Uint8Array {
  const writer = new OnnxWriter()
  const name = isProbability ? 'margin' : 'y'
  const attributes = { ...ATTRIBUTES, ...changes }
  writer.node('TreeEnsembleRegressor', ['x'], { name, domain: TREES_DOMAIN, attributes })
  if (isProbability) writer.node('Sigmoid', ['margin'], { name: 'y' })
  return writer.toBytes({
    name: 'main_graph',
    input: { name: 'x', shape: ['rows', 2] },
    outputs: [{ name: 'y', shape: ['rows', 1] }],
    metadata: {},
  })
}

test('trees that were exported score the same when they come back', () => {
  fc.assert(
    fc.property(fc.nat(10_000), seed => {
      const trees = randomTrees(4, { seed, trees: 3, depth: 3 })
      const imported = fromOnnxTrees(toOnnx(trees, { featureNames: NAMES }))
      expect(imported.objective).toBe('direction')
      const values = randomFeatures(60 * 4, seededRandom(seed)).map(value =>
        value === -Infinity ? -1e30 : value,
      )
      for (const [column, edges] of trees.edges.entries())
        for (const [row, edge] of edges.entries()) values[row * 4 + column] = edge
      expect(scoresOfTrees(imported, values)).toEqual(scoresOfTrees(trees, values))
    }),
    { seed: 4, numRuns: 60 },
  )
})

test.each([
  ['a sum', {}, false],
  ['an average', { aggregate_function: 'AVERAGE' }, false],
  ['a sigmoid behind them', {}, true],
] as const)('trees of another origin score as onnxruntime runs: %s', async (_, changes, isProbability) => {
  const bytes = bytesOf(changes, isProbability)
  const cells = [Number.NaN, 0.5, 0.4999, -1, -0.9999, 7]
  const values = Float32Array.from(cells.flatMap(first => cells.flatMap(second => [first, second])))
  const trees = fromOnnxTrees(bytes)
  const session = await InferenceSession.create(bytes)
  const { y } = await session.run({ x: new Tensor('float32', values, [36, 2]) })
  expect(trees.objective).toBe(isProbability ? 'direction' : 'return')
  for (const [row, score] of scoresOfTrees(trees, values).entries())
    expect(isProbability ? 1 / (1 + Math.exp(-score)) : score).toBeCloseTo(Number(y?.data[row]), 6)
})

test('scores of a return count in standard deviations of the target', () => {
  const trees = fromOnnxTrees(bytesOf(), { outputUnit: 0.01, targetScale: 0.02, targetCentre: 0.001 })
  const [score = Number.NaN] = scoresOfTrees(trees, Float32Array.of(0, 0))
  expect(score * 0.02 + 0.001).toBeCloseTo((0.25 + 1 + 3) * 0.01, 7)
  expect(Math.abs(score - (0.0425 - 0.001) / 0.02)).toBeLessThan(3 / SCORE_ONE)
})

describe('refuses, by name,', () => {
  const refused = (changes: NodeAttributes, options?: FromOnnxTreesOptions) => {
    try {
      fromOnnxTrees(bytesOf(changes), options)
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInputError)
      return (error as Error).message
    }
    return 'nothing was refused'
  }

  test.each([
    [{ n_targets: 2 }, 'has several targets'],
    [{ post_transform: 'SOFTMAX' }, 'transforms by SOFTMAX'],
    [{ aggregate_function: 'MAX' }, 'combines its trees by MAX'],
    [
      { nodes_modes: ['BRANCH_EQ', 'LEAF', 'LEAF', 'LEAF', 'LEAF', 'LEAF'] },
      'splits by "BRANCH_EQ" in node 0 of tree 0',
    ],
    [{ nodes_truenodeids: [0, 0, 0, 1, 0, 0] }, 'has no whole node 0 in tree 0'],
    [{ nodes_featureids: [2, 0, 0, 1, 0, 0] }, 'has no whole node 0 in tree 0'],
    [{ target_weights: Float32Array.of(1, -2) }, 'has no value for a leaf of tree 1'],
  ] as const)('%j', (changes, fact) => {
    expect(refused(changes)).toBe(
      `The ONNX node "y_node" (TreeEnsembleRegressor) ${fact}; such a graph cannot be converted.`,
    )
  })

  test('a network', () => {
    const bytes = toOnnx(randomNetwork(learnerOf({ kind: 'linear' }), 4, { seed: 1 }), {
      featureNames: NAMES,
    })
    expect(() => fromOnnxTrees(bytes)).toThrow('The ONNX model does not begin with trees but with IsNaN.')
  })
})

test('whatever bytes are given, trees come back or they are refused', () => {
  const models = [
    bytesOf({}, true),
    toOnnx(randomTrees(4, { seed: 1, trees: 2, depth: 3 }), { featureNames: NAMES }),
  ]
  const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) })
  let refusals = 0
  fc.assert(
    fc.property(fc.nat(1), fc.array(change, { minLength: 1, maxLength: 3 }), (which, changes) => {
      const bytes = Uint8Array.from(models[which] ?? [])
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte
      try {
        const trees = fromOnnxTrees(bytes)
        expect(scoresOfTrees(trees, new Float32Array(trees.columns))).toHaveLength(1)
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error
        refusals++
      }
    }),
    { seed: 6, numRuns: 3_000 },
  )
  expect(refusals).toBeGreaterThan(500)
})
