import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InvalidInputError, SCORE_ONE } from '../../core/index.ts'
import { float32Below } from './foreignTrees.ts'
import { fromXgboost } from './fromXgboost.ts'
import { scoresOfTrees } from './randomModels.fixture.ts'

/** One tree: feature 0 < 0.5, missing right; below it on the right feature 1 < −2, missing left. */
const TREE = {
  left_children: [1, -1, 3, -1, -1],
  right_children: [2, -1, 4, -1, -1],
  split_indices: [0, 0, 1, 0, 0],
  split_conditions: [0.5, 1.25, -2, -0.75, 0.25],
  default_left: [0, 0, 1, 0, 0],
  sum_hessian: [100, 60, 40, 10, 30],
}

function saved(tree: object = TREE, objective = 'reg:squarederror', parameters: object = {}): unknown {
  return {
    learner: {
      learner_model_param: {
        base_score: '5E-1',
        num_class: '0',
        num_feature: '2',
        num_target: '1',
        ...parameters,
      },
      objective: { name: objective },
      gradient_booster: { name: 'gbtree', model: { trees: [tree] } },
    },
    version: [1, 7, 4],
  }
}

test('every value takes its way, at a threshold and where it is missing', () => {
  const trees = fromXgboost(saved())
  const justBelow = float32Below(0.5)
  const rows = [
    [justBelow, 0, 1.25],
    [0.5, 0, 0.25],
    [0.5, -2, 0.25],
    [0.5, float32Below(-2), -0.75],
    [0.5, Number.NaN, -0.75],
    [Number.NaN, 0, 0.25],
    [Number.NaN, -3, -0.75],
    [Number.NaN, Number.NaN, -0.75],
    [-1, Number.NaN, 1.25],
  ]
  const values = Float32Array.from(rows.flatMap(([first, second]) => [first ?? 0, second ?? 0]))
  expect([...scoresOfTrees(trees, values)]).toEqual(rows.map(([, , leaf]) => 0.5 + (leaf ?? 0)))
})

test('where nothing is missing the directions for it cost nothing', () => {
  expect(fromXgboost(saved()).trees[0]?.left.length).toBe(9)
  const trees = fromXgboost(saved(), { missing: 'left' })
  expect(trees.trees[0]).toEqual({
    feature: Uint16Array.of(0, 0, 1, 0, 0),
    threshold: Uint8Array.of(1, 0, 1, 0, 0),
    left: Uint16Array.of(1, 0, 3, 0, 0),
    value: Int32Array.of(0, 1.25 * SCORE_ONE, 0, -0.75 * SCORE_ONE, 0.25 * SCORE_ONE),
    cover: Float32Array.of(100, 60, 40, 10, 30),
  })
  expect(trees.edges).toEqual([Float32Array.of(float32Below(0.5)), Float32Array.of(float32Below(-2))])
})

test('a base score is a probability for a logistic objective, and the margin for others', () => {
  const base = (objective: string) => fromXgboost(saved(TREE, objective, { base_score: '[8E-1]' })).base
  expect(base('binary:logistic')).toBe(Math.round(Math.log(4) * SCORE_ONE))
  expect(base('binary:logitraw')).toBe(Math.round(0.8 * SCORE_ONE))
})

test('scores of a return count in standard deviations of the target', () => {
  const trees = fromXgboost(saved(), { outputUnit: 0.01, targetScale: 0.02, targetCentre: 0.001 })
  const [score = Number.NaN] = scoresOfTrees(trees, Float32Array.of(0, 0))
  expect(score * 0.02 + 0.001).toBeCloseTo((0.5 + 1.25) * 0.01, 7)
})

const PYTHON = ['/usr/bin/python3', 'python3'].find(python => {
  try {
    const probe = 'import importlib.util; assert importlib.util.find_spec("xgboost")'
    execFileSync(python, ['-c', probe], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

const CASES = [
  ['binary:logistic', 0.15, 'asTrained'],
  ['reg:squarederror', 0.15, 'asTrained'],
  ['binary:logistic', 0, 'left'],
] as const

const SCRIPT = `
import sys, json, numpy as np, xgboost as xgb
random = np.random.RandomState(4)
def features(rows, missing):
    values = random.randn(rows, 6).astype(np.float32)
    values[:, 2] = np.round(values[:, 2])
    values[random.rand(rows, 6) < missing] = np.nan
    return values
for place, (objective, missing, _) in enumerate(json.loads(sys.argv[2])):
    name = sys.argv[1] + '/' + str(place)
    x = features(3000, missing)
    signal = np.nan_to_num(x[:, 0]) - np.isnan(x[:, 1]) + np.nan_to_num(x[:, 2]) * np.nan_to_num(x[:, 3])
    target = signal + random.randn(3000) > 0 if objective.startswith('binary') else signal
    booster = xgb.train({'objective': objective, 'max_depth': 5, 'tree_method': 'hist', 'max_bin': 64, 'nthread': 1,
                         'base_score': 0.3}, xgb.DMatrix(x, label=target), 40)
    booster.save_model(name + '.json')
    x = features(2000, missing)
    # Values at the thresholds themselves.
    for row, tree in enumerate(json.load(open(name + '.json'))['learner']['gradient_booster']['model']['trees']):
        x[row, tree['split_indices'][0]] = np.float32(tree['split_conditions'][0])
    x.tofile(name + '.x')
    booster.predict(xgb.DMatrix(x), output_margin=True).astype(np.float32).tofile(name + '.margins')
`

// Needs the Python package xgboost (apt-get install python3-xgboost).
describe.skipIf(PYTHON === undefined)('scores as XGBoost predicts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xgboost-'))
  const floats = (name: string) => new Float32Array(Uint8Array.from(readFileSync(join(folder, name))).buffer)
  beforeAll(() => {
    execFileSync(PYTHON ?? '', ['-c', SCRIPT, folder, JSON.stringify(CASES)])
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(CASES.map((options, place) => [place, ...options] as const))(
    'model %d: %s, a share %d of the values missing, %s',
    (place, objective, _, missing) => {
      const trees = fromXgboost(JSON.parse(readFileSync(join(folder, `${place}.json`), 'utf8')), { missing })
      expect(trees.objective).toBe(objective === 'binary:logistic' ? 'direction' : 'return')
      const margins = floats(`${place}.margins`)
      const scores = scoresOfTrees(trees, floats(`${place}.x`))
      expect(new Set(scores).size).toBeGreaterThan(1_000)
      // Half a unit for each of 40 leaves and the base, and XGBoost's own binary32 sum.
      for (const [row, score] of scores.entries())
        expect(Math.abs(score - (margins[row] ?? Number.NaN)), `row ${row}`).toBeLessThan(
          41 / 2 / SCORE_ONE + 2e-6,
        )
    },
  )
})

describe('refuses, by name,', () => {
  test.each([
    [saved(TREE, 'multi:softprob'), 'its objective is multi:softprob.'],
    [saved(TREE, 'reg:squarederror', { num_target: '2' }), 'it has several outputs.'],
    [saved({ ...TREE, split_type: [0, 0, 1, 0, 0] }), 'node 2 of tree 0 splits by categories.'],
    [
      saved({ ...TREE, left_children: [0, -1, 3, -1, -1] }),
      'node 0 of tree 0 points to feature 0 and nodes 0, 2.',
    ],
    [
      saved({ ...TREE, split_indices: [0, 0, 7, 0, 0] }),
      'node 2 of tree 0 points to feature 7 and nodes 3, 4.',
    ],
    [saved(TREE, 'binary:logistic', { base_score: '1E0' }), 'its base score is 1E0.'],
  ])('model %#', (model, fact) => {
    expect(() => fromXgboost(model)).toThrow(`The XGBoost model cannot be converted: ${fact}`)
  })

  test('what is no model', () => {
    expect(() => fromXgboost({ learner: {} })).toThrow(
      'The file is not an XGBoost model in JSON: "learner.learner_model_param" is wrong.',
    )
  })

  test('more thresholds than bins can tell apart', () => {
    const count = 300
    const splits = Array.from({ length: count }, (_, place) => place)
    const chain = {
      left_children: [...splits.map(place => 2 * place + 1), -1].flatMap(left =>
        left < 0 ? [-1] : [left, -1],
      ),
      right_children: [...splits.map(place => 2 * place + 2), -1].flatMap(right =>
        right < 0 ? [-1] : [right, -1],
      ),
      split_indices: new Array(2 * count + 1).fill(0),
      split_conditions: Array.from({ length: 2 * count + 1 }, (_, place) => place),
      default_left: new Array(2 * count + 1).fill(1),
      sum_hessian: new Array(2 * count + 1).fill(1),
    }
    expect(() => fromXgboost(saved(chain))).toThrow(
      'Feature 0 of the imported trees has 300 thresholds; at most 254 fit.',
    )
  })

  test('a leaf beyond 32 bits', () => {
    expect(() => fromXgboost(saved({ ...TREE, split_conditions: [0.5, 3_000, -2, 0, 0] }))).toThrow(
      'A leaf of the imported trees, 3000, does not fit 32 bits.',
    )
  })
})

test('whatever a tree holds, trees come back or it is refused', () => {
  const text = JSON.stringify(saved())
  const found = [...text.matchAll(/-?\d+(\.\d+)?/g)]
  fc.assert(
    fc.property(
      fc.nat(found.length - 1),
      fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double(), fc.constant('"a"')),
      (which, value) => {
        const place = found[which]
        const changed = `${text.slice(0, place?.index)}${Number.isFinite(value) || value === '"a"' ? value : null}${text.slice((place?.index ?? 0) + (place?.[0].length ?? 0))}`
        let model: unknown
        try {
          model = JSON.parse(changed)
        } catch {
          return
        }
        try {
          const trees = fromXgboost(model)
          expect(scoresOfTrees(trees, new Float32Array(trees.columns).fill(Number.NaN))).toHaveLength(1)
        } catch (error) {
          if (!(error instanceof InvalidInputError)) throw error
        }
      },
    ),
    { seed: 8, numRuns: 1_500 },
  )
})

test('the value below a binary32 value is the next one', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1_024, max: 1_024 }), value => {
      const below = float32Below(value)
      expect(below).toBeLessThan(value)
      expect(Math.fround((below + value) / 2) === below || Math.fround((below + value) / 2) === value).toBe(
        true,
      )
    }),
    { seed: 1, numRuns: 500 },
  )
  expect(float32Below(0)).toBe(-(2 ** -149))
  expect(float32Below(-0)).toBe(-(2 ** -149))
  // As -0 is, which is no other value than 0.
  expect(float32Below(2 ** -149)).toBe(0)
})
