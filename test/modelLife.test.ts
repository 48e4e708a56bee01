import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Hash, RecordedDecision } from '../core/index.ts'
import { parseBody } from '../decision-log/index.ts'
import { openPglite } from '../feature-store/index.ts'
import { parseSealedModel } from '../models/index.ts'
import { BAR_MS, BARS_FROM_MS, createModelProject, type ModelProject } from './modelProject.ts'

// The life of a model, command by command: trained, walked forward, traded, explained, challenged, rolled back, audited.
// Each test goes on where the one before it stopped.

// Every command is a process with a store of its own.
vi.setConfig({ testTimeout: 120_000 })

const BARS = 1_600
const ACTIVE_FROM = new Date(BARS_FROM_MS + (BARS - 60) * BAR_MS).toISOString()

let project: ModelProject
let first: Hash
let walked: Hash

beforeAll(async () => {
  project = await createModelProject(BARS)
})
afterAll(() => project.remove())

/** What an agent has recorded. */
async function recorded(agent: string): Promise<readonly RecordedDecision[]> {
  const store = await openPglite({ directory: project.directory })
  try {
    const stored = await store.agents.find(agent)
    return stored === null ? [] : await store.decisions.list({ agent: stored.id, limit: 10_000 })
  } finally {
    await store.close()
  }
}

async function changesOf(agent: string) {
  const rows = await recorded(agent)
  return rows.flatMap(({ body }) => {
    const { output } = parseBody(body)
    return output.kind === 'modelChange' ? [[output.cause, output.to]] : []
  })
}

/** Runs an agent on what is new, without the server's notes. */
const runOnce = (agent: string, ...args: string[]) => project.json('run', agent, '--local', '--once', ...args)

test('is trained and sealed under the hash of its content, the same each time', async () => {
  const out = project.path('model.json')
  const training = await project.json('train', 'learner', '--device', 'cpu', '--out', out)
  first = training.hash
  expect(parseSealedModel(await readFile(out, 'utf8'), first).card).toMatchObject({
    name: 'small',
    features: ['return_1h', 'return_3h', 'return_8h'],
    walkForward: null,
    parent: null,
  })
  expect(training.models[0].quantisationLoss.meanScore).toBeGreaterThan(0)
  expect(training.overall.model.informationCoefficient).toBeGreaterThan(0.1)
  const again = await project.json('train', 'plain', '--device', 'cpu', '--workers', '1')
  expect(again.hash).toBe(first)
})

test('is trained anew in a walk-forward, whose models a backtest uses one after the other', async () => {
  const training = await project.json(
    ...['train', 'learner', '--walk-forward', '--folds', '3', '--device', 'cpu'],
  )
  const hashes = training.models.map(({ hash }: { hash: Hash }) => hash)
  walked = training.hash
  expect(new Set(hashes).size).toBe(3)
  expect(hashes[2]).toBe(walked)

  const listed: { hash: Hash; parent: Hash | null; walkForward: { fold: number } | null }[] =
    await project.json('models')
  // The newest first.
  expect(listed.map(({ hash, parent, walkForward }) => [hash, parent, walkForward?.fold ?? null])).toEqual([
    [hashes[2], hashes[1], 3],
    [hashes[1], hashes[0], 2],
    [hashes[0], null, 1],
    [first, null, null],
  ])
  const card = await project.json('models', walked)
  expect(card).toMatchObject({ hash: walked, name: 'small', parent: hashes[1], instrument: 'test:XAU' })
  expect(card.training.toMs).toBeLessThan(card.training.testFromMs)

  const equity = project.path('equity.csv')
  const backtest = await project.json('backtest', 'learner', '--walk-forward', '--csv', equity)
  expect(backtest.model).toBe(walked)
  // It begins with the first test: before, its models had seen the prices already.
  const [, start = ''] = (await readFile(equity, 'utf8')).split('\n')
  expect(Date.parse(start.split(',')[0] ?? '')).toBe(training.models[0].periods.test.fromMs)
  const testedMs = BARS_FROM_MS + BARS * BAR_MS - training.models[0].periods.test.fromMs
  expect(backtest.decisions).toBeGreaterThan(testedMs / (2 * BAR_MS))
})

describe('of an agent that runs', () => {
  test('is deployed as the newest of its name, and each decision is explained by its record', async () => {
    const run = await runOnce('learner', '--from', ACTIVE_FROM)
    expect(run.agents[0].recorded).toBeGreaterThan(30)
    expect(await changesOf('learner')).toEqual([['deployed', walked]])

    const svg = project.path('why.svg')
    const explained = await project.json('explain', 'learner/1', '--svg', svg)
    expect(explained).toMatchObject({ agent: 'learner', sequence: 1, kind: 'signal', model: walked })
    expect(explained.isAsRecorded).toBe(true)
    const sum = explained.features.reduce(
      (total: number, { contribution }: { contribution: number }) => total + contribution,
      0,
    )
    // Whole multiples of 2⁻²⁰: the sum is exact.
    expect(sum).toBe(explained.score - explained.base)
    expect(explained.features.map(({ name }: { name: string }) => name)).toEqual([
      'return_1h',
      'return_3h',
      'return_8h',
    ])
    expect(explained.text).toMatch(/return_/)
    expectWellFormed(await readFile(svg, 'utf8'))
    expect(await readFile(svg, 'utf8')).toContain('return_8h')

    // The change of the model itself was drawn from no prediction.
    expect(await project.refused(2, 'explain', 'learner/0')).toMatch(
      /learner\/0, a modelChange, was drawn from no/,
    )
  })

  test('is challenged by another, and both changes are decisions of the next runs', async () => {
    const admitted = await project.json('admit', 'learner', first)
    expect(admitted).toEqual({ agent: 'learner', model: first, cause: 'admitted' })
    await project.writeBars(BARS + 40)
    const run = await runOnce('learner')
    expect(run.agents[0].replayed).toBeGreaterThan(30)
    expect(run.agents[0].recorded).toBeGreaterThan(20)
    expect(await changesOf('learner')).toEqual([
      ['deployed', walked],
      ['admitted', first],
    ])

    await project.json('rollback', 'learner', first)
    await project.writeBars(BARS + 80)
    await runOnce('learner')
    expect(await changesOf('learner')).toEqual([
      ['deployed', walked],
      ['admitted', first],
      ['rolledBack', first],
    ])
    const signals = (await recorded('learner')).filter(({ kind }) => kind === 'signal')
    const last = signals.at(-1)
    expect(await project.json('explain', `learner/${last?.sequence}`)).toMatchObject({
      model: first,
      isAsRecorded: true,
    })
  })

  test('is audited from the chain back to the data, all models included', async () => {
    const { length } = await recorded('learner')
    expect(await project.json('audit')).toMatchObject({ checked: length, different: 0 })
  })
})

/** Every element is closed by its own end, within its parent, and no bare `&` or `<` is left. */
function expectWellFormed(xml: string): void {
  const open: string[] = []
  const bare = xml.replace(
    /<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)\s*(\/?)>/g,
    (_, end, name, _attributes, empty) => {
      if (end === '/') expect(open.pop()).toBe(name)
      else if (empty !== '/') open.push(name)
      return ''
    },
  )
  expect(open).toEqual([])
  expect(bare.replace(/&#\d+;/g, '')).not.toMatch(/[<>&]/)
}
