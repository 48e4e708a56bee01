import { expect, test } from 'vitest'
import { linear, mlp, randomFit, tcn } from '../networks/randomFit.fixture.ts'
import { createMembers, nextEpoch, populations } from './population.ts'

test('fits that differ in rows, seed, learning rate, l2, epochs or patience are one population', () => {
  const fit = randomFit({ learner: mlp([4]), columns: 3, rows: 60, validationShare: 0.2 })
  const fits = [
    fit,
    { ...fit, train: fit.train.slice(10), seed: 9 },
    { ...fit, learner: mlp([4], { learningRate: 0.5, l2: 0.1, epochs: 7, patience: 1 }) },
  ]
  expect(populations(fits).map(group => group.map(({ index }) => index))).toEqual([[0, 1, 2]])
})

test('another set, objective, architecture or batch size is another population', () => {
  const fit = randomFit({ learner: mlp([4]), columns: 3, rows: 60 })
  const fits = [
    fit,
    { ...fit, set: { ...fit.set } },
    { ...fit, objective: 'return' as const },
    { ...fit, learner: mlp([4, 4]) },
    { ...fit, learner: mlp([4], { batchSize: 7 }) },
    { ...fit, learner: tcn(4) },
    { ...fit, learner: linear },
    fit,
  ]
  const groups = populations(fits).map(group => group.map(({ index }) => index))
  expect(groups).toEqual([[0, 7], [1], [2], [3], [4], [5], [6]])
})

test('members of one seed and the same rows share their order; each epoch shuffles it anew', () => {
  const fit = randomFit({ learner: mlp([4], { batchSize: 16 }), columns: 3, rows: 50 })
  const [one, same, other] = createMembers(
    [fit, { ...fit, learner: mlp([4], { batchSize: 16, l2: 1 }) }, { ...fit, seed: 2 }].map(
      (each, index) => ({
        index,
        fit: each,
      }),
    ),
  )
  expect(same?.order).toBe(one?.order)
  expect(other?.order).not.toBe(one?.order)
  if (one === undefined) throw new Error('no member')
  const { order } = one
  nextEpoch(order, fit.set.weights, 16)
  const first = [...order.rows]
  nextEpoch(order, fit.set.weights, 16)
  expect([...order.rows]).not.toEqual(first)
  expect([...order.rows].sort((a, b) => a - b)).toEqual([...fit.train])
  const lastBatch = [...order.rows.subarray(48)].reduce((sum, row) => sum + (fit.set.weights[row] ?? 0), 0)
  expect(order.scales).toHaveLength(4)
  expect(order.scales[3]).toBe(1 / lastBatch)
})
