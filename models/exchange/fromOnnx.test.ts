import fc from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { InvalidInputError, seededRandom } from '../../core/index.ts'
import { stepsOf } from '../learner.ts'
import { layersOf } from '../networks/floatNetwork.ts'
import { foreignBytes, GRAPHS, type Graph, output } from './foreignGraphs.fixture.ts'
import { fromOnnx } from './fromOnnx.ts'
import { learnerOf, randomNetwork, scoresOfWindows } from './randomModels.fixture.ts'
import { toOnnx } from './toOnnx.ts'

const ROWS = 64

const named = (columns: number) => Array.from({ length: columns }, (_, column) => `feature_${column}`)

describe('a converted network scores as onnxruntime runs', () => {
  test.each(Object.entries(GRAPHS))('%s', async (_, graph) => {
    const bytes = foreignBytes(graph)
    const network = fromOnnx(bytes, { scaler: 'unit', ...graph.options })
    const [width = 1, depth = 1] = graph.isChannelFirst ? graph.shape.toReversed() : graph.shape
    const steps = graph.shape.length === 2 ? width : 1
    const columns = graph.shape.length === 2 ? depth : width
    const random = seededRandom(21)
    const windows = Float32Array.from({ length: ROWS * steps * columns }, () => random() * 4 - 2)
    const given = graph.isChannelFirst ? swapped(windows, steps, columns) : windows
    const session = await InferenceSession.create(bytes)
    const { y } = await session.run({ x: new Tensor('float32', given, [ROWS, ...graph.shape]) })
    const scores = scoresOfWindows(network, windows)
    expect(network.columns).toBe(columns)
    expect(stepsOf(network.learner)).toBe(steps)
    expect(network.objective).toBe(graph.isProbability ? 'direction' : 'return')
    expect(new Set(scores).size).toBeGreaterThan(ROWS / 2)
    for (const [row, score] of scores.entries()) {
      const expected = Number(y?.data[row])
      const actual = graph.isProbability ? 1 / (1 + Math.exp(-score)) : score
      expect(Math.abs(actual - expected), `row ${row}: ${actual}, not ${expected}`).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(expected)),
      )
    }
  })
})

function swapped(windows: Float32Array, steps: number, columns: number): Float32Array {
  const turned = new Float32Array(windows.length)
  for (let place = 0; place < windows.length; place++) {
    const row = Math.floor(place / steps / columns)
    const step = Math.floor(place / columns) % steps
    turned[(row * columns + (place % columns)) * steps + step] = windows[place] ?? 0
  }
  return turned
}

test('what was exported comes back to the bit', () => {
  const learner = fc.oneof(
    fc.record({ kind: fc.constant('linear' as const) }),
    fc.record({
      kind: fc.constant('mlp' as const),
      hidden: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('tcn' as const),
      steps: fc.integer({ min: 2, max: 20 }),
      channels: fc.integer({ min: 1, max: 6 }),
      levels: fc.integer({ min: 1, max: 4 }),
      kernel: fc.integer({ min: 2, max: 4 }),
    }),
  )
  fc.assert(
    fc.property(
      learner,
      fc.integer({ min: 1, max: 6 }),
      fc.nat(1000),
      fc.constantFrom('direction' as const, 'return' as const),
      (shape, columns, seed, objective) => {
        const network = randomNetwork(learnerOf({ ...shape, epochs: 7 }), columns, {
          seed,
          objective,
          constant: 0,
        })
        expect(fromOnnx(toOnnx(network, { featureNames: named(columns) }))).toEqual(network)
      },
    ),
    { seed: 5, numRuns: 150 },
  )
})

test('the probability of an exported network converts to the same scores', () => {
  const network = randomNetwork(learnerOf({ kind: 'mlp', hidden: [5] }), 3, { seed: 2 })
  const imported = fromOnnx(toOnnx(network, { featureNames: named(3) }), { output: 'probability' })
  expect(imported).toEqual(network)
})

test('a scaler for a network without one is left out where the network brings its own', () => {
  const scalerIfNone = { mean: Float32Array.of(1, 2), std: Float32Array.of(3, 4) }
  const network = randomNetwork(learnerOf({ kind: 'mlp', hidden: [5] }), 2, { seed: 2 })
  expect(fromOnnx(toOnnx(network, { featureNames: named(2) }), { scalerIfNone })).toEqual(network)
  const bare = foreignBytes({ shape: [2], write: (writer, floats) => output(writer, floats, 'x', 2) })
  expect(fromOnnx(bare, { scalerIfNone })).toEqual(fromOnnx(bare, { scaler: scalerIfNone }))
})

test('an output in another unit becomes a score in standard deviations of the target', () => {
  const graph: Graph = { shape: [2], write: (writer, floats) => output(writer, floats, 'x', 2) }
  const plain = fromOnnx(foreignBytes(graph), { scaler: 'unit' })
  const scaled = fromOnnx(foreignBytes(graph), {
    scaler: 'unit',
    outputUnit: 0.01,
    targetScale: 0.04,
    targetCentre: 0.002,
  })
  const values = Float32Array.of(0.5, -1.25)
  const [percent = Number.NaN] = scoresOfWindows(plain, values)
  const [score = Number.NaN] = scoresOfWindows(scaled, values)
  expect(score * scaled.targetScale + scaled.targetCentre).toBeCloseTo(percent * 0.01, 8)
})

test('whatever bytes are given, a network comes back or they are refused', () => {
  const models = [
    toOnnx(randomNetwork(learnerOf({ kind: 'mlp', hidden: [3, 2] }), 2, { seed: 1 }), {
      featureNames: named(2),
    }),
    ...Object.values(GRAPHS).map(foreignBytes),
  ]
  const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) })
  let refusals = 0
  fc.assert(
    fc.property(
      fc.nat(models.length - 1),
      fc.array(change, { maxLength: 4 }),
      fc.option(fc.nat()),
      (which, changes, cut) => {
        const bytes = Uint8Array.from(models[which] ?? [])
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte
        try {
          const network = fromOnnx(cut === null ? bytes : bytes.subarray(0, cut % bytes.length), {
            scaler: 'unit',
          })
          expect(layersOf(network.learner, network.columns).at(-1)?.outputs).toBe(1)
          expect(network.parameters.every(Number.isFinite)).toBe(true)
        } catch (error) {
          if (!(error instanceof InvalidInputError)) throw error
          refusals++
        }
      },
    ),
    { seed: 77, numRuns: 4_000 },
  )
  expect(refusals).toBeGreaterThan(1_000)
})
