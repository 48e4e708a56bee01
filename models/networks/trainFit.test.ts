import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../../core/index.ts'
import type { Fit } from '../fit.ts'
import type { NetworkLearner } from '../learner.ts'
import { fitScaler } from '../scaler.ts'
import { evaluateNetwork } from './evaluateNetwork.ts'
import { initialParameters } from './initialParameters.ts'
import { trainHere } from './placedFit.fixture.ts'
import { plainTraining } from './plainTraining.fixture.ts'
import { linear, mlp, randomFit, tcn } from './randomFit.fixture.ts'
import { shuffleRows } from './shuffleRows.ts'
import {
  concatenate,
  listVariables,
  tensorflowLoss,
  toBatch,
  toVariables,
} from './tensorflowNetwork.fixture.ts'

await tf.setBackend('cpu')

test('training equals plain TypeScript, to the bit', () => {
  const width = fc.integer({ min: 1, max: 13 })
  const descent = fc.record({
    epochs: fc.constant(2),
    batchSize: fc.integer({ min: 20, max: 700 }),
    learningRate: fc.constantFrom(0.001, 0.03),
    l2: fc.constantFrom(0, 0.01),
    patience: fc.constant(9),
  })
  const fits = fc.sample(
    fc
      .record({
        learner: fc.oneof(
          descent.map((settings): NetworkLearner => ({ kind: 'linear', ...settings })),
          fc
            .tuple(descent, fc.array(width, { minLength: 1, maxLength: 2 }))
            .map(([settings, hidden]): NetworkLearner => ({ kind: 'mlp', hidden, ...settings })),
          fc
            .tuple(
              descent,
              fc.record({
                steps: fc.integer({ min: 2, max: 9 }),
                channels: fc.integer({ min: 1, max: 9 }),
                levels: fc.integer({ min: 1, max: 3 }),
                kernel: fc.integer({ min: 2, max: 3 }),
              }),
            )
            .map(([settings, shape]): NetworkLearner => ({ kind: 'tcn', ...shape, ...settings })),
        ),
        columns: width,
        rows: fc.integer({ min: 30, max: 640 }),
        objective: fc.constantFrom('direction' as const, 'return' as const),
        seed: fc.nat(1_000),
      })
      .map(randomFit),
    { seed: 11, numRuns: 24 },
  )
  for (const fit of fits)
    expect(trainHere(fit).network.parameters, JSON.stringify(fit.learner)).toEqual(plainTraining(fit))
})

describe.each([
  ['linear', { ...linear, l2: 0.05 }],
  ['MLP', mlp([16, 8], { l2: 0.01 })],
  ['TCN', tcn(5, { l2: 0.01 })],
] as const)('several epochs of a %s', (_, learner) => {
  test.each(['direction', 'return'] as const)('to a %s follow the Adam of TensorFlow.js', objective => {
    const columns = 5
    const fit = randomFit({ learner, columns, rows: 130, objective })
    const { network, history } = trainHere(fit)
    const random = seededRandom(fit.seed)
    const variables = toVariables(learner, columns, initialParameters(learner, columns, random))
    const optimizer = tf.train.adam(learner.learningRate, 0.9, 0.999, 1e-8)
    const rows = fit.train.slice()
    const losses: number[] = []
    for (let epoch = 0; epoch < learner.epochs; epoch++) {
      shuffleRows(rows, random)
      let loss = 0
      for (let from = 0; from < rows.length; from += learner.batchSize) {
        const some = rows.slice(from, from + learner.batchSize)
        const batch = toBatch(fit, some)
        const weight = some.reduce((sum, row) => sum + (fit.set.weights[row] ?? 0), 0)
        loss += tensorflowLoss(fit, batch, variables).dataSync()[0] ?? 0
        optimizer.minimize(() => {
          const penalties = variables.map(({ weights }) => weights.square().sum())
          const penalty = tf.addN(penalties).mul(learner.l2 / 2)
          return tensorflowLoss(fit, batch, variables).div(weight).add(penalty).asScalar()
        })
      }
      losses.push(loss / rows.reduce((sum, row) => sum + (fit.set.weights[row] ?? 0), 0))
    }
    const wanted = concatenate(listVariables(variables))
    const worst = Math.max(...network.parameters.map((value, at) => Math.abs(value - (wanted[at] ?? 0))))
    expect(worst).toBeLessThan(2e-4)
    for (const [epoch, loss] of losses.entries()) expect(history.losses[epoch]).toBeCloseTo(loss, 4)
    // It went somewhere, so the agreement means something.
    const start = initialParameters(learner, columns, seededRandom(fit.seed))
    expect(
      Math.max(...network.parameters.map((value, at) => Math.abs(value - (start[at] ?? 0)))),
    ).toBeGreaterThan(0.02)
  })
})

describe('learning', () => {
  /** Fits on 3,000 rows, validates on 1,000; targets are made of a row's features and those before it. */
  function planted(
    learner: NetworkLearner,
    columns: number,
    isUp: (feature: (column: number, back: number) => number) => boolean,
  ): Fit<NetworkLearner> {
    const rows = 4_000
    const random = seededRandom(3)
    const values = Float32Array.from({ length: rows * columns }, () => gaussian(random))
    const targets = Float32Array.from({ length: rows }, (_, row) =>
      isUp((column, back) => values[(row - back) * columns + column] ?? 0) ? 1 : 0,
    )
    const places = Uint32Array.from({ length: rows - 20 }, (_, place) => place + 20)
    const train = places.slice(0, 2_980)
    const weights = new Float32Array(rows).fill(1)
    const set = { values, columns, targets, weights }
    const scaler = fitScaler(values, columns, train)
    return { set, train, validation: places.slice(2_980), scaler, objective: 'direction', learner, seed: 4 }
  }

  test('an MLP finds what no line separates', () => {
    const isUp = (feature: (column: number, back: number) => number) => feature(0, 0) * feature(1, 0) > 0
    const settings = { epochs: 30, batchSize: 128 }
    const { history } = trainHere(planted(mlp([16, 8], settings), 2, isUp))
    expect(Math.min(...history.validationLosses)).toBeLessThan(0.15)
    const line = trainHere(planted({ ...linear, ...settings }, 2, isUp))
    expect(Math.min(...line.history.validationLosses)).toBeGreaterThan(0.68)
  })

  test('a TCN finds what lies seven steps back', () => {
    const isUp = (feature: (column: number, back: number) => number) =>
      feature(0, 7) + feature(1, 3) - feature(0, 0) > 0
    const settings = { epochs: 12, batchSize: 128 }
    const learner: NetworkLearner = { ...tcn(8, settings), steps: 16, levels: 3, kernel: 2 } as NetworkLearner
    const { network, history } = trainHere(planted(learner, 2, isUp))
    expect(Math.min(...history.validationLosses)).toBeLessThan(0.15)
    const fit = planted(learner, 2, isUp)
    const scores = evaluateNetwork(network, fit.set.values, fit.validation)
    const right = fit.validation.filter(
      (row, place) => (scores[place] ?? 0) > 0 === (fit.set.targets[row] === 1),
    )
    expect(right.length / fit.validation.length).toBeGreaterThan(0.93)
  })
})

test('a return is learnt in standard deviations, and comes back as a return', () => {
  const base = randomFit({ learner: { ...linear, epochs: 60 }, columns: 3, rows: 400, objective: 'return' })
  const targets = base.set.targets.map((_, row) => {
    const value = base.set.values[row * 3] ?? 0
    return 0.01 * (Number.isNaN(value) ? 1 : value) + 0.5
  })
  const fit = { ...base, set: { ...base.set, targets } }
  const { network } = trainHere(fit)
  const scores = evaluateNetwork(network, fit.set.values, fit.train)
  for (const [place, row] of fit.train.entries()) {
    const back = (scores[place] ?? 0) * network.targetScale + network.targetCentre
    if (!Number.isNaN(fit.set.values[row * 3]))
      expect(Math.abs(back - (targets[row] ?? 0))).toBeLessThan(0.004)
  }
})

describe('early stopping', () => {
  const learner = mlp([32], { epochs: 60, learningRate: 0.05, patience: 5 })
  const fit = randomFit({ learner, columns: 6, rows: 260, validationShare: 0.4 })

  test('keeps the parameters of the best epoch, and stops when none is better for the patience', () => {
    const { network, history } = trainHere(fit)
    const { stepsRun, bestStep, losses, validationLosses } = history
    expect(stepsRun).toBe(bestStep + learner.patience)
    expect(stepsRun).toBeLessThan(learner.epochs)
    expect([losses.length, validationLosses.length]).toEqual([stepsRun, stepsRun])
    expect(validationLosses.indexOf(Math.min(...validationLosses))).toBe(bestStep - 1)
    const toBest = { ...fit, learner: { ...learner, epochs: bestStep }, validation: new Uint32Array() }
    expect(network.parameters).toEqual(trainHere(toBest).network.parameters)
  })

  test('does not happen without validation rows', () => {
    const { history } = trainHere({
      ...fit,
      learner: { ...learner, epochs: 9 },
      validation: new Uint32Array(),
    })
    expect(history).toMatchObject({ stepsRun: 9, bestStep: 9, validationLosses: [] })
  })
})
