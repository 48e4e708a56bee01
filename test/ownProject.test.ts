import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawSample, wrongAtMost } from '../decision-log/index.ts'
import { declareAgent } from './declareAgent.ts'
import { type CommandEnvironment, onEachStore, openStoreOf } from './eachStore.ts'
import { goldBars } from './goldBars.ts'
import { runCli } from './runCli.ts'

// A user's own project, command by command: bars from a file, an agent by hand, backtest, run, audit.

const HOURS = 24 * 200
const ACTIVE_FROM = '2020-06-01'
let root: string
let bars: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-own-'))
  bars = join(root, 'gold.csv')
  await writeFile(bars, goldBars(HOURS))
}, 60_000)
afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

/** How many decisions are stored, outcomes and valuations aside. */
async function decidedIn(directory: string, variables: CommandEnvironment): Promise<number> {
  const store = await openStoreOf(variables, directory)
  const rows = await store.decisions.list({ limit: 10_000 })
  await store.close()
  return rows.filter(({ kind }) => kind !== 'outcome' && kind !== 'valuation').length
}

/** A sample speaks of what it drew: what was changed beside it is within the bound, what was changed in it is named. */
async function expectSampledAudit(directory: string, variables: CommandEnvironment, population: number) {
  const [size, seed] = [8, `0x${'5e'.repeat(32)}`] as const
  const audit = () =>
    runCli(['--dir', directory, 'audit', 'mine', '--sample', `${size}`, '--seed', seed], variables)
  const change = async (sequence: number) => {
    const store = await openStoreOf(variables, directory)
    const agent = (await store.agents.find('mine'))?.id ?? '0x'
    await store.decisions.resign(agent, sequence, `0x${'00'.repeat(65)}`)
    await store.close()
  }
  const drawn = drawSample(population, { size, seed })
  const spared = Array.from({ length: population }, (_, sequence) => sequence).find(
    sequence => !drawn.includes(sequence),
  )
  const lines = (wrong: number) => {
    const most = wrongAtMost({ population, checked: size, wrong, confidence: 0.95 })
    const share = Number(((100 * most) / population).toPrecision(3))
    return `${size} of ${population} drawn by ${seed}:\n    with 95 % confidence at most ${most} of all (${share} %) are wrong\n`
  }

  await change(spared ?? -1)
  const clean = await audit()
  expect(clean.status, clean.stderr).toBe(0)
  expect(clean.stdout).toContain(lines(0))
  expect(clean.stdout).toMatch(/\n8 equal, 0 different\n$/)

  const [, second = -1] = drawn
  await change(second)
  const tampered = await audit()
  expect(tampered.status, tampered.stderr).toBe(1)
  expect(tampered.stdout).toContain(lines(1))
  expect(tampered.stdout).toMatch(new RegExp(`decision 0x[0-9a-f]{40}/${second} differs at signature\n`))
}

onEachStore(
  ({ name, environment }) => {
    test('ingest, backtest, run and audit agree', async () => {
      const directory = join(root, name)
      const variables = await environment()
      const touchstone = async (...args: string[]) => {
        const { status, stdout, stderr } = await runCli(['--dir', directory, '--json', ...args], variables)
        expect(status, stderr).toBe(0)
        return JSON.parse(stdout)
      }
      const ingested = await touchstone(
        'ingest',
        '--bars',
        bars,
        '--instrument',
        'oanda:XAUUSD',
        '--symbol',
        'XAUUSD',
      )
      expect(ingested).toEqual({
        sources: [
          { source: 'xauusd', rows: HOURS, observations: HOURS, byType: { bar: HOURS }, unrecognised: 0 },
        ],
      })
      // Reading on finds nothing new.
      expect((await touchstone('ingest')).sources[0]).toMatchObject({ rows: 0, observations: 0 })

      await declareAgent(directory)

      expect((await touchstone('features', 'mine')).rows).toBe(200)
      const backtest = await touchstone('backtest', 'mine', '--from', ACTIVE_FROM)
      expect(backtest.decisions).toBeGreaterThan(40)
      expect(backtest.initialEquityE8).toBe('5000000000000')

      const run = await touchstone('run', 'mine', '--local', '--once', '--strict', '--from', ACTIVE_FROM)
      const [{ recorded }] = run.agents
      expect(run.agents).toMatchObject([
        { agent: 'mine', events: HOURS, replayed: 0, recorded, anchored: recorded },
      ])
      // A run also records what came of its signals, and what the account is worth.
      expect(await decidedIn(directory, variables)).toBe(backtest.decisions)
      expect(await touchstone('audit')).toMatchObject({ checked: recorded, different: 0 })
      expect((await touchstone('agents')).deployed).toMatchObject([
        { name: 'mine', status: 'active', decisions: recorded, anchored: recorded },
      ])
      await expectSampledAudit(directory, variables, recorded)
    }, 300_000)
  },
  { atOnce: true },
)
