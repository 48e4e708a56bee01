import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, SCORE_ONE } from '../../core/index.ts'
import type { Fit, FitProgress } from '../fit.ts'
import type { Objective, TreesLearner } from '../learner.ts'
import { evaluateTrees } from './evaluateTrees.ts'
import { trainTrees } from './trainTrees.ts'
import type { TreeEnsemble } from './treeEnsemble.ts'
import { noisyRule, treesFit } from './treesFit.fixture.ts'

/** SHA-256 of all numbers of an ensemble, little-endian. */
function hashOf({ edges, trees, base, targetScale, targetCentre }: TreeEnsemble): string {
  const hash = createHash('sha256')
  hash.update(Float64Array.of(base, targetScale, targetCentre))
  for (const column of edges) hash.update(column)
  for (const { feature, threshold, left, value, cover } of trees)
    for (const numbers of [feature, threshold, left, value, cover]) hash.update(numbers)
  return hash.digest('hex')
}

/** Share of the fit's rows whose class the ensemble tells. */
function accuracyOf({ set, train }: Fit<TreesLearner>, ensemble: TreeEnsemble): number {
  const scores = evaluateTrees(ensemble, set.values, train)
  const hits = train.filter((row, place) => (scores[place] ?? 0) > 0 === (set.targets[row] === 1))
  return hits.length / train.length
}

const train = (fit: Fit<TreesLearner>) => trainTrees(fit, { workers: 0 })

describe('what trees learn', () => {
  test.each<[string, (features: Float32Array) => number]>([
    ['exclusive or', ([a = 0, b = 0]) => Number(a > 0 !== b > 0)],
    ['a step', ([a = 0]) => Number(a > 0.3)],
    ['a band', ([a = 0]) => Number(Math.abs(a) < 0.5)],
    ['an interaction', ([a = 0, b = 0, c = 0]) => Number(a * b * c > 0)],
  ])('%s', async (_name, target) => {
    const fit = treesFit({ rows: 3_000, columns: 4, target, learner: { rounds: 40, depth: 5 } })
    const { ensemble, history } = await train(fit)
    expect(accuracyOf(fit, ensemble)).toBeGreaterThan(0.97)
    expect(history.losses.at(-1)).toBeLessThan(0.15)
  })

  test('a smooth return, in the standard deviations of the target', async () => {
    const fit = treesFit({
      rows: 3_000,
      columns: 3,
      objective: 'return',
      target: ([a = 0, b = 0]) => 0.02 * a * a - 0.01 * b + 0.005,
      learner: { rounds: 60, depth: 4 },
    })
    const { ensemble, history } = await train(fit)
    const scores = evaluateTrees(ensemble, fit.set.values)
    let squares = 0
    for (const [row, score] of scores.entries()) {
      const predicted = (score / SCORE_ONE) * ensemble.targetScale + ensemble.targetCentre
      squares += ((fit.set.targets[row] ?? 0) - predicted) ** 2
    }
    // The standard deviation of the target is about 0.0083.
    expect(Math.sqrt(squares / scores.length)).toBeLessThan(0.001)
    expect(history.losses[0]).toBeLessThan(0.5)
    expect(history.losses.at(-1)).toBeLessThan(0.01)
  })

  test('a missing value, by that it is missing', async () => {
    const fit = treesFit({
      rows: 2_000,
      columns: 3,
      missingShare: 0.3,
      target: ([, b = 0]) => Number(Number.isNaN(b)),
      learner: { rounds: 10, depth: 1 },
    })
    const { ensemble } = await train(fit)
    expect(accuracyOf(fit, ensemble)).toBe(1)
    for (const { feature, threshold } of ensemble.trees) expect([feature[0], threshold[0]]).toEqual([1, 0])
  })

  test('nothing from a feature that never varies, or is always missing', async () => {
    const fit = treesFit({ rows: 400, columns: 4, target: noisyRule('direction'), learner: { rounds: 20 } })
    for (let row = 0; row < 400; row++) {
      fit.set.values[row * 4] = 7
      fit.set.values[row * 4 + 1] = Number.NaN
    }
    const { ensemble } = await train(fit)
    const asked = ensemble.trees.flatMap(({ feature, left }) =>
      [...feature].filter((_, node) => left[node] !== 0),
    )
    expect(new Set(asked)).toEqual(new Set([2, 3]))
  })

  test('the share of rises alone where no feature varies', async () => {
    const fit = treesFit({ rows: 100, columns: 2, target: (_, random) => Number(random() < 0.8) })
    fit.set.values.fill(1)
    const rises = fit.set.targets.reduce((sum, target) => sum + target, 0)
    const { ensemble } = await train(fit)
    const score = (evaluateTrees(ensemble, Float32Array.of(0, 0))[0] ?? 0) / SCORE_ONE
    expect(score).toBeCloseTo(Math.log(rises / (100 - rises)), 5)
  })
})

test('more rounds at a low learning rate never make the training loss worse', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(100_000),
      fc.constantFrom<Objective>('direction', 'return'),
      fc.integer({ min: 1, max: 4 }),
      async (seed, objective, depth) => {
        const target = noisyRule(objective)
        const learner = { rounds: 30, depth, learningRate: 0.05 }
        const fit = treesFit({ rows: 300, columns: 3, objective, seed, target, learner })
        const { losses } = (await train(fit)).history
        // A leaf is rounded to a millionth: where nothing is left to learn, that much may go either way.
        for (let round = 1; round < losses.length; round++)
          expect(losses[round]).toBeLessThanOrEqual((losses[round - 1] ?? 0) + 1e-9)
      },
    ),
    { numRuns: 40, seed: 12 },
  )
})

describe('the same trees', () => {
  const fit = treesFit({
    rows: 40_000,
    columns: 19,
    target: noisyRule('direction'),
    validationShare: 0.2,
    missingShare: 0.02,
    weight: random => 0.5 + random(),
    learner: { rounds: 8, depth: 6, rowShare: 0.7, featureShare: 0.8, minLeafWeight: 0.5 },
  })
  const GOLDEN = 'e6ec246408b2edb23b6e617bb5e53ddac9fe2c1a78bc863880315bfee9a7c6d2'

  test('come from one, two and four workers, from the calling thread, and on every machine', async () => {
    for (const workers of [0, 1, 2, 4]) {
      const { ensemble, history } = await trainTrees(fit, { workers })
      expect(ensemble.trees).toHaveLength(8)
      expect(history.losses).toHaveLength(8)
      expect(hashOf(ensemble), `${workers} workers`).toBe(GOLDEN)
    }
  })

  test('come again from the same seed, and others from another', async () => {
    const small = { ...fit, train: fit.train.subarray(0, 2_000) }
    const hashes = []
    for (const seed of [1, 1, 2]) hashes.push(hashOf((await train({ ...small, seed })).ensemble))
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[0]).not.toBe(hashes[2])
  })

  test.each([
    ['rows', { rowShare: 0.5 }],
    ['features', { featureShare: 0.5 }],
  ])('come from other seeds only where %s are drawn', async (_name, share) => {
    const hash = async (seed: number, drawn: Partial<TreesLearner>) => {
      const learner = { ...fit.learner, rowShare: 1, featureShare: 1, rounds: 2, ...drawn }
      const rows = fit.train.subarray(0, 1_000)
      return hashOf((await train({ ...fit, train: rows, learner, seed })).ensemble)
    }
    expect(await hash(1, {})).toBe(await hash(2, {}))
    expect(await hash(1, share)).not.toBe(await hash(2, share))
  })

  test('come from a row of weight 2 and from two rows of weight 1', async () => {
    const single = treesFit({
      rows: 600,
      columns: 3,
      target: noisyRule('direction'),
      weight: random => (random() < 0.3 ? 2 : 1),
    })
    // Each row of weight 2 twice; the edges of few distinct values do not depend on how often they occur.
    for (const [at, value] of single.set.values.entries()) single.set.values[at] = Math.round(value * 50) / 50
    const doubled = {
      ...single,
      train: Uint32Array.from([...single.train].flatMap(row => Array(single.set.weights[row]).fill(row))),
      set: { ...single.set, weights: new Float32Array(600).fill(1) },
    }
    expect(doubled.train.length).toBeGreaterThan(700)
    const [a, b] = [await train(single), await train(doubled)]
    expect(b.ensemble.edges).toEqual(a.ensemble.edges)
    expect(b.ensemble.base).toBe(a.ensemble.base)
    for (const [index, tree] of a.ensemble.trees.entries()) {
      const other = b.ensemble.trees[index]
      expect(other?.left).toEqual(tree.left)
      expect(other?.feature).toEqual(tree.feature)
      expect(other?.threshold).toEqual(tree.threshold)
      expect(other?.cover).toEqual(tree.cover)
      // Gradients are rounded row by row.
      for (const [node, value] of tree.value.entries())
        expect(Math.abs((other?.value[node] ?? 0) - value)).toBeLessThanOrEqual(1)
    }
  })
})

describe('early stopping', () => {
  const noise = treesFit({
    rows: 600,
    columns: 5,
    target: ([a = 0], random) => Number(a + gaussian(random) > 0),
    validationShare: 0.5,
    learner: { rounds: 200, depth: 3, learningRate: 0.1, patience: 6 },
  })

  test('ends when the validation loss has not become better for so many rounds, and keeps the best', async () => {
    const { ensemble, history } = await train(noise)
    const { validationLosses, bestStep, stepsRun } = history
    expect(bestStep).toBeGreaterThan(3)
    expect(stepsRun).toBeLessThan(200)
    expect(stepsRun).toBe(bestStep + 6)
    expect(validationLosses).toHaveLength(stepsRun)
    expect(validationLosses[bestStep - 1]).toBe(Math.min(...validationLosses))
    expect(ensemble.trees).toHaveLength(bestStep)
  })

  test('is not done without validation rows', async () => {
    const learner = { ...noise.learner, rounds: 30, patience: 1 }
    const { ensemble, history } = await train({ ...noise, learner, validation: new Uint32Array(0) })
    expect(history).toMatchObject({ stepsRun: 30, bestStep: 30, validationLosses: [] })
    expect(ensemble.trees).toHaveLength(30)
  })
})

test('losses and scores are those of the ensemble', async () => {
  const fit = treesFit({
    rows: 500,
    columns: 4,
    target: noisyRule('direction'),
    validationShare: 0.3,
    weight: random => 0.5 + random(),
  })
  const { ensemble, history } = await train(fit)
  const lossOver = (rows: Uint32Array) => {
    const scores = evaluateTrees(ensemble, fit.set.values, rows)
    let loss = 0
    let total = 0
    for (const [place, row] of rows.entries()) {
      const margin = ((scores[place] ?? 0) / SCORE_ONE) * (fit.set.targets[row] === 1 ? 1 : -1)
      loss += (fit.set.weights[row] ?? 0) * Math.log1p(Math.exp(-margin))
      total += fit.set.weights[row] ?? 0
    }
    return loss / total
  }
  expect(history.losses[history.bestStep - 1]).toBeCloseTo(lossOver(fit.train), 12)
  expect(history.validationLosses[history.bestStep - 1]).toBeCloseTo(lossOver(fit.validation), 12)
})

test('covers are the weights of the rows that reach a node', async () => {
  const fit = treesFit({
    rows: 300,
    columns: 3,
    target: noisyRule('direction'),
    weight: random => Math.ceil(4 * random()) / 4,
    learner: { rowShare: 0.5 },
  })
  const { ensemble } = await train(fit)
  const total = fit.set.weights.reduce((sum, weight) => sum + weight, 0)
  for (const { cover, left } of ensemble.trees) {
    expect(cover[0]).toBe(total)
    for (const [node, child] of left.entries())
      if (child !== 0) expect((cover[child] ?? 0) + (cover[child + 1] ?? 0)).toBe(cover[node])
  }
})

test('progress is told after each round', async () => {
  const fit = treesFit({ rows: 200, columns: 2, target: noisyRule('direction'), validationShare: 0.2 })
  const told: FitProgress[] = []
  const { history } = await trainTrees(fit, { workers: 1, onProgress: progress => told.push(progress) })
  expect(told).toEqual(
    history.losses.map((loss, index) => ({
      fit: 0,
      step: index + 1,
      steps: 5,
      loss,
      validationLoss: history.validationLosses[index],
    })),
  )
})

describe('an end by the caller', () => {
  const long = treesFit({
    rows: 3_000,
    columns: 8,
    target: noisyRule('direction'),
    learner: { rounds: 10_000 },
  })

  test.each([0, 1, 2])('comes through within a round or two (%s workers)', async workers => {
    const controller = new AbortController()
    const reason = new Error('enough')
    let rounds = 0
    const training = trainTrees(long, {
      workers,
      signal: controller.signal,
      onProgress: () => {
        if (++rounds === 3) controller.abort(reason)
      },
    })
    await expect(training).rejects.toBe(reason)
    expect(rounds).toBeLessThan(10_000)
  })

  test('before it begins leaves nothing running', async () => {
    await expect(trainTrees(long, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no')
  })
})

describe('what cannot be learnt from', () => {
  const fit = treesFit({ rows: 50, columns: 2, target: noisyRule('direction') })
  const withSet = (set: Partial<Fit['set']>) => ({ ...fit, set: { ...fit.set, ...set } })
  const targets = (row: number, value: number) => fit.set.targets.with(row, value)

  test.each<[string, Fit<TreesLearner>, string]>([
    ['no rows', { ...fit, train: new Uint32Array(0) }, 'There are no rows to fit to.'],
    [
      'no falls',
      withSet({ targets: new Float32Array(50).fill(1) }),
      'All 50 rows to fit to have the target 1: the other class has no samples.',
    ],
    [
      'no rises',
      withSet({ targets: new Float32Array(50) }),
      'All 50 rows to fit to have the target 0: the other class has no samples.',
    ],
    [
      'equal returns',
      { ...withSet({ targets: new Float32Array(50).fill(0.25) }), objective: 'return' },
      'The targets of all 50 rows to fit to are equal.',
    ],
    [
      'a missing target',
      withSet({ targets: targets(7, Number.NaN) }),
      'Row 7 has the target NaN, not 0 or 1.',
    ],
    ['a target between', withSet({ targets: targets(7, 0.5) }), 'Row 7 has the target 0.5, not 0 or 1.'],
    [
      'a missing return',
      { ...withSet({ targets: targets(9, Number.NaN) }), objective: 'return' },
      'Row 9 has the target NaN, not a finite number.',
    ],
    [
      'a missing target among the validation rows',
      {
        ...withSet({ targets: targets(49, Number.NaN) }),
        train: fit.train.subarray(0, 40),
        validation: fit.train.subarray(40),
      },
      'Row 49 has the target NaN, not 0 or 1.',
    ],
    [
      'a weight of 0',
      withSet({ weights: fit.set.weights.with(3, 0) }),
      'Row 3 has the weight 0, not a number above 0.',
    ],
    [
      'a row beyond the matrix',
      { ...fit, train: Uint32Array.of(1, 50) },
      'Row 50 is not among the 50 rows of the matrix.',
    ],
    ['a torn matrix', withSet({ columns: 3 }), '100 values are no matrix of 3 columns.'],
  ])('%s', async (_name, wrong, message) => {
    await expect(train(wrong)).rejects.toThrow(message)
  })

  test('more than WebAssembly addresses', async () => {
    const learner = { ...fit.learner, depth: 10 }
    const columns = 2_500
    const wide = treesFit({ rows: 2_000, columns, target: noisyRule('direction'), learner })
    await expect(train(wide)).rejects.toThrow(
      /^2000 rows of 2500 features and trees of depth 10 take \d+ bytes; there are 4294967296\.$/,
    )
  })

  test('a number of workers that cannot be', async () => {
    for (const workers of [-1, 1.5, 65])
      await expect(trainTrees(fit, { workers })).rejects.toThrow(`${workers} workers cannot train trees.`)
  })
})
