import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCli, startCli } from './runCli.ts'

// A sweep as a user runs it: the starter's agent over its simulated prices.

// Each command starts a process with a store of its own, and a sweep several threads.
vi.setConfig({ testTimeout: 180_000 })

let folder: string
const touchstone = (...args: string[]) => runCli(['--config', join(folder, 'touchstone.config.ts'), ...args])

async function json(...args: string[]) {
  const { status, stdout, stderr } = await touchstone('--json', ...args)
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}
const sweep = (...args: string[]) => json('sweep', 'trend', ...args)

/** Runs a sweep that must be refused, and gives what it says. */
async function refused(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await touchstone('sweep', ...args)
  expect(status).toBe(2)
  expect(stdout).toBe('')
  return stderr.trim().split('\n')[0] ?? ''
}

/** Changes a file of the project. */
async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  const file = join(folder, path)
  const text = await readFile(file, 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(file, changed)
}

const trials = async () => {
  const text = await readFile(join(folder, '.touchstone', 'trials.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}
const counted = (result: { luck: { name: string; value: number }[] }) =>
  result.luck.find(({ name }) => name === 'trials')?.value

beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'touchstone-sweep-')), 'project')
  expect((await runCli(['init', folder])).status).toBe(0)
  expect((await touchstone('ingest')).status).toBe(0)
}, 120_000)
afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }))

test('runs a backtest at each point, writes every point, and its best is what the backtest gives', async () => {
  const path = (name: string) => join(folder, '..', name)
  const grid = ['--method', 'grid', '--fix', 'volatilityTarget=0.15', '--trials', '12', '--workers', '2']
  const files = ['--csv', path('points.csv'), '--parquet', path('points.parquet')]
  const result = await sweep(...grid, ...files)
  expect(result).toMatchObject({
    agent: 'trend',
    method: 'grid',
    objective: 'sharpe',
    parameters: ['lookbackDays', 'volatilityTarget'],
    done: 12,
    failed: 0,
    total: 12,
    failures: [],
  })
  expect(counted(result)).toBe(12)

  const csv = (await readFile(path('points.csv'), 'utf8')).trim().split('\n')
  const header = csv[0]?.split(',') ?? []
  expect(header.slice(0, 4)).toEqual(['trial', 'lookbackDays', 'volatilityTarget', 'sharpe'])
  const rows = csv.slice(1).map(line => line.split(','))
  expect(rows.map(row => Number(row[1]))).toEqual(Array.from({ length: 12 }, (_, n) => 5 + n))
  const sharpes = rows.map(row => Number(row[3]))
  const [best] = result.best
  expect(best.figures.sharpe).toBe(Math.max(...sharpes))
  expect(best.trial).toBe(sharpes.indexOf(best.figures.sharpe))
  expect(await parquet(path('points.parquet'))).toEqual(rows.map(row => row.slice(0, 4).map(Number)))

  const recorded = await trials()
  expect(recorded).toHaveLength(12)
  expect(recorded.find(({ configuration }) => configuration === best.figures.configuration)).toMatchObject({
    agent: 'trend',
    kind: 'sweep',
    sharpe: best.figures.sharpe,
    totalReturn: best.figures.totalReturn,
    trades: best.figures.trades,
  })

  // The point as settings: the same run, so the same trial.
  const point = `lookbackDays: ${best.point.lookbackDays}, volatilityTarget: 0.15`
  await rewrite('touchstone.config.ts', text => text.replace('capital: 100_000', `$&, ${point}`))
  const backtest = await json('backtest', 'trend')
  for (const figure of ['sharpe', 'totalReturn', 'maxDrawdown', 'trades', 'kurtosis'])
    expect(backtest[figure], figure).toBe(best.figures[figure])
  expect(counted(backtest)).toBe(12)
  await rewrite('touchstone.config.ts', text => text.replace(`, ${point}`, ''))
})

/** Trial, parameters and Sharpe ratio of each row. */
async function parquet(file: string): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const result = await connection.run(
    `select trial, lookbackDays, volatilityTarget, sharpe from '${file}' order by trial`,
  )
  const rows = (await result.getRows()).map(row => row.map(Number))
  connection.closeSync()
  return rows
}

test('gives the same points on any number of workers, and goes on where it was stopped', async () => {
  // A point may take its time, so that the sweep is still at work when it is interrupted.
  const pause =
    '  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.env.PAUSE_MS ?? 0))\n'
  await rewrite('agents/trend.ts', text => text.replace('  const trend =', `${pause}$&`))
  const options = ['--method', 'tpe', '--trials', '24', '--seed', '5']
  const whole = await sweep(...options, '--workers', '3')
  const file = join(folder, '.touchstone', 'sweeps', 'trend.jsonl')

  // Anew on one thread, interrupted once some points are kept.
  const args = ['--config', join(folder, 'touchstone.config.ts'), 'sweep', 'trend', ...options]
  const running = startCli([...args, '--workers', '1'], { PAUSE_MS: '200' })
  const before = (await stat(file)).mtimeMs
  for (;;) {
    const { mtimeMs } = await stat(file)
    const lines = (await readFile(file, 'utf8')).split('\n').length
    if (mtimeMs > before && lines > 3 && lines < 24) break
    if (running.child.exitCode !== null) throw new Error('It ended before it could be interrupted.')
    await sleep(5)
  }
  running.child.kill('SIGINT')
  const { status, stderr } = await running.done
  expect(status).toBe(2)
  expect(stderr).toMatch(/^error: Interrupted after \d+ points, whose results are kept\.\n.*--resume/)

  const resumed = await sweep(...options, '--resume')
  expect(resumed.kept).toBeGreaterThanOrEqual(2)
  expect(resumed.kept).toBeLessThan(24)
  expect(resumed.best).toEqual(whole.best)
  expect(resumed.done).toBe(24)

  const other = await refused('trend', '--resume', '--seed', '6')
  expect(other).toMatch(/holds the results of another sweep: its seed differs/)
})

test('says what a person reads: the best points, what luck would give, and what failed', async () => {
  const agent = 'agents/trend.ts'
  const boom = "  if (lookbackDays === 7) throw new Error('no such week')\n"
  await rewrite(agent, text => text.replace('  const trend =', `${boom}$&`))
  const grid = ['--method', 'grid', '--trials', '20', '--objective', 'maxDrawdown', '--minimise']
  const report = join(folder, '..', 'sweep.html')
  const { status, stdout, stderr } = await touchstone('sweep', 'trend', ...grid, '--report', report)
  expect(status, stderr).toBe(0)
  const lines = stdout.split('\n')
  expect(lines[0]).toBe('trend: 20 points; the best 10 by max drawdown')
  expect(lines[2]).toMatch(
    /trial .* lookbackDays .* volatilityTarget .* max drawdown .* Sharpe .* return .* trades/,
  )
  expect(lines.slice(3, 13).every(line => /^│ +\d+ │/.test(line))).toBe(true)
  expect(stdout).toMatch(/^Trials: \d+ \(/m)
  expect(stdout).toMatch(/^Deflated Sharpe: /m)
  expect(lines).toContain('5 failed: no such week')

  // The report is of the best point: its figures, and where it lies among all, which adds no trial to those counted.
  const page = await readFile(report, 'utf8')
  expect(page).toContain(
    'max drawdown by lookbackDays (across) and volatilityTarget (down); this run is outlined',
  )
  expect(page).toMatch(/20 points\. max drawdown: median [\d.]+ %.*, without a value in 5\./)
  expect(page.match(/ chosen"/g)).toHaveLength(1)
  const [, , , , drawdown = '', , , trades = ''] = (lines[3] ?? '').split('│').map(cell => cell.trim())
  expect(page).toContain(drawdown)
  expect(page).toMatch(new RegExp(`>${trades}<`))
  const [, counted] = /^Trials: (\d+) /m.exec(stdout) ?? []
  expect(new Set((await trials()).map(({ configuration, data }) => configuration + data)).size).toBe(
    Number(counted),
  )
  await rewrite(agent, text => text.replace(boom, ''))
})

test.each<[string, string[], string | RegExp]>([
  ['an unknown parameter', ['--fix', 'lookback=3'], 'error: There is no parameter "lookback".'],
  [
    'a value out of range',
    ['--fix', 'lookbackDays=4'],
    'error: Parameter "lookbackDays" is 4, outside 5 to 90.',
  ],
  ['zero trials', ['--trials', '0'], /^error: --trials is "0"/],
  ['another method', ['--method', 'guess'], 'error: "guess" is no way to search.'],
  ['another figure', ['--objective', 'luck'], 'error: "luck" is no figure that a sweep can seek.'],
  ['no history', ['--to', '1999-01-01'], /^error: There is no history of XAUUSD/],
  ['no price', ['--from', '2099-01-01'], 'error: There is no price of XAUUSD to sweep over.'],
  [
    'a file that cannot be written',
    ['--trials', '1', '--csv', '/nowhere/points.csv'],
    /^error: \/nowhere\/points\.csv cannot be written/,
  ],
])('refuses %s', async (_, args, message) => {
  expect(await refused('trend', ...args)).toMatch(message)
})

test('refuses an agent without parameters, with others than parameters, and one that cannot be run anywhere', async () => {
  const agent = 'agents/trend.ts'
  const original = await readFile(join(folder, agent), 'utf8')
  await rewrite(agent, text =>
    text
      .replace('export const space', 'const space')
      .replace(
        '  { lookbackDays, volatilityTarget },',
        '  { lookbackDays, volatilityTarget } = space.defaults!,',
      ),
  )
  expect(await refused('trend')).toBe('error: Agent "trend" has no parameters to sweep.')
  await writeFile(
    join(folder, agent),
    original.replace('export const space', 'export const space = { fast: 3 }\nconst unused'),
  )
  expect(await refused('trend')).toMatch(/agents\/trend\.ts exports a `space` that holds no parameters\.$/)
  await writeFile(join(folder, agent), original.replace('lookbackDays: 30,', 'lookbackDays: 3,'))
  expect(await refused('trend')).toBe('error: Parameter "lookbackDays" is 3, outside 5 to 90.')
  await writeFile(
    join(folder, agent),
    original.replace('  const trend =', "  if (lookbackDays !== 30) throw new Error('only a month')\n$&"),
  )
  expect(await refused('trend', '--fix', 'lookbackDays=31', '--trials', '2')).toBe(
    'error: Not one of 2 points could be run: only a month',
  )
  await writeFile(join(folder, agent), original)
  expect(await refused('nobody')).toBe('error: There is no agent "nobody" in this project.')
})
