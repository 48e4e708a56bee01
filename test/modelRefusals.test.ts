import { readFile, writeFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Hash } from '../core/index.ts'
import { type FloatNetwork, toOnnx } from '../models/index.ts'
import { createModelProject, FEATURES, type ModelProject } from './modelProject.ts'
import { runCli } from './runCli.ts'

// What commands about models refuse: each with a clear message, a status of its own, no stack, nothing done.

vi.setConfig({ testTimeout: 120_000 })

const UNKNOWN: Hash = `0x${'5'.repeat(64)}`

let project: ModelProject
let model: Hash
/** Of another horizon, over the same features. */
let farther: Hash

beforeAll(async () => {
  project = await createModelProject(800)
  const train = async (agent: string) => (await project.json('train', agent, '--device', 'cpu')).hash
  model = await train('learner')
  await project.json('run', 'learner', 'plain', '--local', '--once', '--from', '2020-02-01')
  farther = await train('far')
})
afterAll(() => project.remove())

test('options that contradict each other', async () => {
  const cases: [RegExp, ...string[]][] = [
    [/--folds, --every-days and --rolling cut a walk-forward/, 'train', 'learner', '--folds', '3'],
    [
      /both say when to train anew/,
      'train',
      'learner',
      '--walk-forward',
      '--folds',
      '3',
      '--every-days',
      '9',
    ],
    [/--folds/, 'train', 'learner', '--walk-forward', '--folds', '0'],
    [/--device/, 'train', 'learner', '--device', 'abacus'],
    [/--walk-forward brings its own models/, 'backtest', 'learner', '--walk-forward', '--model', model],
    [/"nonsense" names no decision/, 'explain', 'nonsense'],
    [/"learner\/-1" names no decision/, 'explain', 'learner/-1'],
    [/"0x12" is no model hash/, 'admit', 'learner', '0x12'],
    [/"newest" is no model hash/, 'models', 'newest'],
    [/--max-loss is "much", which is no share/, 'seal', 'x.onnx', '--agent', 'plain', '--max-loss', 'much'],
  ]
  // None of them opens the store.
  const messages = await Promise.all(cases.map(([_, ...args]) => project.refused(2, ...args)))
  for (const [index, [message]] of cases.entries()) expect(messages[index]).toMatch(message)
})

test('what is not there', async () => {
  for (const [message, ...args] of [
    [/There is no decision learner\/99999/, 'explain', 'learner/99999'],
    [
      /There is no whole walk-forward of model "small": none was trained/,
      'backtest',
      'learner',
      '--walk-forward',
    ],
    [new RegExp(`There is no model ${UNKNOWN}`), 'models', UNKNOWN],
    [/There is no model "gold-boosted" for agent "boosted" yet/, 'backtest', 'boosted'],
  ] as const)
    expect(await project.refused(2, ...args)).toMatch(message)
})

test('a GPU where there is none, which says how to go on', async () => {
  // A loader of drivers that is told to find none.
  const drivers = project.path('no-drivers.json')
  await writeFile(drivers, '')
  const environment = { VK_DRIVER_FILES: drivers, VK_ICD_FILENAMES: drivers }
  const args = ['--dir', project.directory, 'train', 'learner', '--device', 'gpu']
  const { status, stdout, stderr } = await runCli(args, environment)
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
  expect(stderr).toMatch(/No GPU to train on: /)
  expect(stderr).toMatch(/Or pass `--device cpu`/)
})

describe('a model that an agent cannot be given', () => {
  test.each<[string, RegExp, () => string[]]>([
    ['no such agent', /There is no agent "nobody" in this project/, () => ['admit', 'nobody', model]],
    ['an agent that has not run', /Agent "far" has not run yet/, () => ['rollback', 'far', model]],
    ['an agent without a model', /Agent "trend" uses no model/, () => ['rollback', 'trend', model]],
    ['no rule', /Agent "plain" has no rule to promote a model by/, () => ['admit', 'plain', model]],
    ['no such model', /There is no model 0x5555/, () => ['admit', 'learner', UNKNOWN]],
    ['another horizon', /looks at 1 instants and 43200000 ms ahead/, () => ['admit', 'learner', farther]],
    ['another horizon to return to', /43200000 ms ahead/, () => ['rollback', 'plain', farther]],
  ])('%s', async (_, message, args) => {
    expect(await project.refused(2, ...args())).toMatch(message)
  })
})

describe('a model that was trained elsewhere', () => {
  const network = (columns: number): FloatNetwork => ({
    learner: { kind: 'linear', epochs: 1, batchSize: 1, learningRate: 1, l2: 0, patience: 1 },
    objective: 'direction',
    columns,
    scaler: { mean: new Float32Array(columns), std: new Float32Array(columns).fill(0.003) },
    parameters: Float32Array.from({ length: columns + 1 }, (_, place) => (place < columns ? 0.3 : 0)),
    targetScale: 1,
    targetCentre: 0,
  })
  async function onnx(columns: number): Promise<string> {
    const file = project.path(`linear-${columns}.onnx`)
    const featureNames = Array.from({ length: columns }, (_, column) => `feature_${column}`)
    await writeFile(file, toOnnx(network(columns), { featureNames }))
    return file
  }

  test('is sealed under its hash, and says what it lost', async () => {
    const file = await onnx(FEATURES)
    const out = project.path('sealed.json')
    const sealed = await project.json('seal', file, '--agent', 'plain', '--out', out)
    expect(sealed).toMatchObject({ agent: 'plain', name: 'small', file: out })
    expect(sealed.quantisationLoss.meanScore).toBeLessThan(0.05 * sealed.quantisationLoss.scoreDeviation)
    const card = await project.json('models', sealed.hash)
    expect(card).toMatchObject({ hash: sealed.hash, training: null, parent: null })
    const backtest = await project.json('backtest', 'plain', '--model', sealed.hash)
    expect(backtest).toMatchObject({ model: sealed.hash })
    expect(backtest.trades).toBeGreaterThan(5)
  })

  test('is refused when it does not fit, loses too much, or is no model', async () => {
    const fits = await onnx(FEATURES)
    const wider = await onnx(FEATURES + 1)
    const broken = project.path('broken.onnx')
    await writeFile(broken, (await readFile(fits)).subarray(0, 100))
    const json = project.path('broken.json')
    await writeFile(json, '{')
    const seal = (file: string, ...args: string[]) =>
      project.refused(2, 'seal', file, '--agent', 'plain', ...args)
    expect(await seal(wider)).toMatch(/takes 4 features/)
    expect(await seal(fits, '--max-loss', '0')).toMatch(/the limit is 0/)
    expect(await seal(broken)).toMatch(/ONNX/)
    expect(await seal(json)).toMatch(/broken\.json is not JSON/)
  })
})

test('a model of which one byte was changed in the store', async () => {
  const database = await PGlite.create({ dataDir: `${project.directory}/pglite` })
  const { rows } = await database.query<{ artifact: string }>('select artifact from models where hash = $1', [
    model,
  ])
  const [{ artifact } = { artifact: '' }] = rows
  const at = artifact.indexOf('"seed":3')
  expect(at).toBeGreaterThan(0)
  const changed = `${artifact.slice(0, at)}"seed":4${artifact.slice(at + 8)}`
  expect(changed.length).toBe(artifact.length)
  await database.query('update models set artifact = $1 where hash = $2', [changed, model])
  await database.close()
  for (const args of [
    ['explain', 'learner/1'],
    ['backtest', 'learner', '--model', model],
    ['run', 'learner', '--local', '--once'],
  ])
    expect(await project.refused(1, ...args)).toMatch(new RegExp(model))
  const { status, stdout } = await project.run('--json', 'audit', 'learner')
  expect(status).toBe(1)
  expect(JSON.parse(stdout).different).toBeGreaterThan(0)
})
