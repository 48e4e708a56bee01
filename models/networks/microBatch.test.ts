import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import type { NetworkLearner } from '../learner.ts'
import { MICRO_ROWS } from './batchDivision.ts'
import { evaluateNetwork } from './evaluateNetwork.ts'
import { layersOf } from './floatNetwork.ts'
import { initialParameters } from './initialParameters.ts'
import { createMicroBatch } from './microBatch.ts'
import { fromPanels, PANEL, toPanels } from './panelLayout.ts'
import { placedFit } from './placedFit.fixture.ts'
import { DESCENT, randomFit } from './randomFit.fixture.ts'
import {
  concatenate,
  listVariables,
  tensorflowLoss,
  toBatch,
  toVariables,
} from './tensorflowNetwork.fixture.ts'

await tf.setBackend('cpu')

/** Parameters away from 0 everywhere, biases too, so that no gradient is trivially right. */
function someParameters({ learner, set: { columns }, seed }: Fit<NetworkLearner>): Float32Array {
  const random = seededRandom(seed + 1)
  return initialParameters(learner, columns, random).map(value => value + (random() - 0.5) * 0.2)
}

/** One micro-batch in the kernel. */
function inKernel(fit: Fit<NetworkLearner>, parameters: Float32Array, count: number) {
  const { kernel, at } = placedFit(fit)
  const { buffer } = kernel.memory
  toPanels(parameters, at.layout, new Float32Array(buffer, at.parameters, at.layout.size))
  for (const [index, layer] of at.layout.layers.entries())
    if (index > 0)
      kernel.exports.transpose(
        at.parameters + layer.panelWeightsAt * 4,
        at.transposed + layer.transposedAt * 4,
        layer.taps,
        layer.paddedInputs,
        layer.panels * PANEL,
        0,
        (layer.panelBiasesAt - layer.panelWeightsAt) / PANEL ** 2,
      )
  const microBatch = createMicroBatch(kernel, at, 0)
  microBatch.learn(at.train, count, at.gradients)
  const output = at.scratch[0]?.layers.at(-1)?.output ?? 0
  const scores = new Float32Array(buffer, output, count * PANEL).filter((_, place) => place % PANEL === 0)
  const gradient = fromPanels(new Float32Array(buffer, at.gradients, at.layout.size), at.layout)
  return { scores, gradient, ...microBatch.sums }
}

const LEARNERS: readonly (readonly [string, NetworkLearner, number])[] = [
  ['a linear learner', { kind: 'linear', ...DESCENT }, 5],
  ['an MLP', { kind: 'mlp', hidden: [16, 9, 3], ...DESCENT }, 11],
  ['a TCN', { kind: 'tcn', steps: 12, channels: 6, levels: 3, kernel: 3, ...DESCENT }, 4],
  [
    'a TCN as wide as its features',
    { kind: 'tcn', steps: 20, channels: 8, levels: 3, kernel: 2, ...DESCENT },
    8,
  ],
  [
    'a TCN that sees beyond its window',
    { kind: 'tcn', steps: 5, channels: 10, levels: 4, kernel: 3, ...DESCENT },
    3,
  ],
]

describe.each(LEARNERS)('the gradient of %s', (_, learner, columns) => {
  test.each(['direction', 'return'] as const)('to a %s is that of TensorFlow.js', objective => {
    const fit = randomFit({ learner, columns, rows: 60, objective })
    const count = 29
    const parameters = someParameters(fit)
    const kernel = inKernel(fit, parameters, count)
    const variables = toVariables(learner, columns, parameters)
    const batch = toBatch(fit, fit.train.slice(0, count))
    const { value, grads } = tf.variableGrads(
      () => tensorflowLoss(fit, batch, variables),
      listVariables(variables),
    )
    expect(Math.abs(kernel.loss / (value.dataSync()[0] ?? 0) - 1)).toBeLessThan(1e-5)
    const wanted = concatenate(listVariables(variables).map(({ name }) => grads[name] as tf.Tensor))
    for (const { weightsAt, biasesAt, outputs } of layersOf(learner, columns))
      for (const [from, to] of [
        [weightsAt, biasesAt],
        [biasesAt, biasesAt + outputs],
      ] as const) {
        const ours = kernel.gradient.slice(from, to)
        const theirs = wanted.slice(from, to)
        const scale = Math.max(...theirs.map(Math.abs))
        expect(scale).toBeGreaterThan(0)
        expect(Math.max(...ours.map((one, at) => Math.abs(one - (theirs[at] ?? 0)))) / scale).toBeLessThan(
          1e-5,
        )
      }
  })
})

const width = fc.integer({ min: 1, max: 20 })
const someLearner: fc.Arbitrary<NetworkLearner> = fc.oneof(
  fc.constant<NetworkLearner>({ kind: 'linear', ...DESCENT }),
  fc
    .array(width, { minLength: 1, maxLength: 3 })
    .map((hidden): NetworkLearner => ({ kind: 'mlp', hidden, ...DESCENT })),
  fc
    .record({
      steps: fc.integer({ min: 2, max: 24 }),
      channels: width,
      levels: fc.integer({ min: 1, max: 4 }),
      kernel: fc.integer({ min: 2, max: 4 }),
    })
    .map((shape): NetworkLearner => ({ kind: 'tcn', ...shape, ...DESCENT })),
)

test('the kernel scores as plain TypeScript does, to the bit', () => {
  fc.assert(
    fc.property(
      someLearner,
      width,
      fc.integer({ min: 1, max: MICRO_ROWS }),
      fc.nat(1_000),
      (learner, columns, count, seed) => {
        const fit = randomFit({ learner, columns, rows: 64, seed })
        // Beyond the limit of scaled values, infinite, and missing.
        fit.set.values.set([1e30, -1e30, Number.POSITIVE_INFINITY].slice(0, columns), 40 * columns)
        fit.set.values.set([Number.NEGATIVE_INFINITY, Number.NaN, 0].slice(0, columns), 41 * columns)
        const parameters = someParameters(fit)
        const last = fit.train.slice(-MICRO_ROWS)
        const network = { ...fit, columns, parameters, targetScale: 1, targetCentre: 0 }
        const plain = evaluateNetwork(network, fit.set.values, last.slice(0, count))
        expect([...inKernel({ ...fit, train: last }, parameters, count).scores]).toEqual([...plain])
      },
    ),
    { seed: 5, numRuns: 100 },
  )
})

test('rows that only fill a block teach nothing: micro-batches add up to the whole', () => {
  const learner: NetworkLearner = { kind: 'mlp', hidden: [7], ...DESCENT }
  const fit = randomFit({ learner, columns: 3, rows: 40 })
  const parameters = someParameters(fit)
  const from = (first: number) => ({ ...fit, train: fit.train.slice(first) })
  const whole = inKernel(fit, parameters, 5)
  const parts = [inKernel(fit, parameters, 2), inKernel(from(2), parameters, 3)]
  expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(whole.weight, 10)
  for (const [at, value] of whole.gradient.entries())
    expect(parts.reduce((sum, { gradient }) => sum + (gradient[at] ?? 0), 0)).toBeCloseTo(value, 5)
})
