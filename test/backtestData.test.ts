import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './runCli.ts'

// A backtest without a project: over a folder of recordings, or one file of bars.

const RECORDINGS = resolve(process.env['TOUCHSTONE_DATA'] ?? '../shared/data')
const HOUR_MS = 3_600_000
const START = Date.UTC(2024, 0, 1)
const HEADER = 'date,open,high,low,close,volume'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-data-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const touchstone = (...args: string[]) => runCli(['--dir', join(folder, 'project'), ...args])

/** Hourly bars of a slow wave: a trend that turns. */
const bars = Array.from({ length: 24 * 120 }, (_, hour) => {
  const at = (time: number) => 2_000 + 200 * Math.sin(time / 300)
  const [open, close] = [at(hour), at(hour + 1)]
  const [high, low] = [Math.max(open, close) + 1, Math.min(open, close) - 1]
  const date = new Date(START + hour * HOUR_MS).toISOString()
  return [date, ...[open, high, low, close].map(price => price.toFixed(4)), 10].join(',')
})

async function backtest(lines: readonly string[], ...args: string[]) {
  const file = join(folder, 'gold.csv')
  await writeFile(file, lines.join('\n'))
  return touchstone('backtest', 'gold-trend', '--data', file, '--set', `periodMs=${6 * HOUR_MS}`, ...args)
}

test('runs a built-in agent over one file of bars, and counts the trial', async () => {
  const { status, stdout, stderr } = await backtest([HEADER, ...bars])
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('gold-trend: 2,880 events')
  expect(stdout).toMatch(/Trials +│ +1 │/)
  const again = await backtest([HEADER, ...bars], '--set', 'capital=5000')
  expect(again.status, again.stderr).toBe(0)
  expect(again.stdout).toContain('5,000.00')
  expect(again.stdout).toMatch(/Trials +│ +2 │/)
})

test('a check for look-ahead takes the same agent over the same file and period, on a chain of its own costs', async () => {
  const file = join(folder, 'checked.csv')
  await writeFile(file, [HEADER, ...bars.slice(0, 24 * 60)].join('\n'))
  const settings = [
    `periodMs=${6 * HOUR_MS}`,
    'venue.gasUnits=150000',
    'venue.gasPriceGwei=20',
    'capital=5000',
  ]
  const args = ['gold-trend', '--data', file, ...settings.flatMap(pair => ['--set', pair])]
  const { status, stdout, stderr } = await touchstone(
    '--json',
    'check',
    ...args,
    '--to',
    '2024-02-20',
    '--cuts',
    '2',
  )
  expect(status, stderr).toBe(0)
  // Bars are known at their closes: that of midnight is the last.
  expect(JSON.parse(stdout)).toMatchObject({ passed: true, events: 24 * 50, findings: [] })
  const run = await touchstone('--json', 'backtest', ...args, '--to', '2024-02-20')
  expect(run.status, run.stderr).toBe(0)
  const { events, decisions } = JSON.parse(run.stdout)
  expect(JSON.parse(stdout)).toMatchObject({ events, decisions })
})

test('the same bars in a project are the same trial as in a file', async () => {
  const project = join(folder, 'own')
  const file = join(project, 'gold.csv')
  const config = join(project, 'touchstone.config.ts')
  const lines = [HEADER, ...bars.slice(0, 24 * 40)]
  await mkdir(project)
  await writeFile(file, lines.join('\n'))
  const settings = { periodMs: 6 * HOUR_MS }
  const instrument = { id: 'file:gold', symbol: 'gold', kind: 'spot', decimals: 8, quote: 'USD' }
  const source = { kind: 'bars', file: 'gold.csv', instrument }
  const agent = { definition: 'gold-trend', instrument: 'gold', settings }
  await writeFile(
    config,
    `export default ${JSON.stringify({ files: { gold: source }, agents: { 'gold-trend': agent } })}`,
  )
  const run = async (...args: string[]) => {
    const { status, stdout, stderr } = await runCli(['--config', config, '--json', ...args])
    expect(status, stderr).toBe(0)
    return JSON.parse(stdout)
  }
  await run('ingest')
  const stored = await run('backtest', 'gold-trend')
  const read = await run('backtest', 'gold-trend', '--data', file, '--set', `periodMs=${6 * HOUR_MS}`)
  expect(read.decisions).toBe(stored.decisions)
  expect(read.luck).toEqual(stored.luck)
  const ledger = await readFile(join(project, '.touchstone', 'trials.jsonl'), 'utf8')
  const [first, second, ...others] = ledger
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(others).toEqual([])
  expect(second).toMatchObject({ data: first.data, configuration: first.configuration, toMs: first.toMs })
})

describe('what cannot be backtested is refused, with the file and the row', () => {
  const changed = (row: number, change: (cells: string[]) => string[]) =>
    [HEADER, ...bars].map((line, index) => (index === row - 1 ? change(line.split(',')).join(',') : line))
  test.each<[string, readonly string[], RegExp]>([
    ['an empty file', [], /gold\.csv/],
    ['a series without bars', [HEADER], /gold\.csv/],
    [
      'a price that is no number',
      changed(7, ([date, , ...rest]) => [date ?? '', 'NaN', ...rest]),
      /line 7\b/,
    ],
    ['a negative price', changed(9, cells => cells.with(3, '-1')), /line 9\b/],
    ['times out of order', changed(11, cells => cells.with(0, '2023-01-01T00:00:00Z')), /line 11\b/],
    ['a time twice', changed(12, cells => cells.with(0, bars[9]?.split(',')[0] ?? '')), /line 12\b/],
  ])('%s', async (_, lines, names) => {
    const { status, stdout, stderr } = await backtest(lines)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(names)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  test.each([
    ['an unknown parameter', ['--set', 'lookback=3'], 'has no parameter "lookback"'],
    ['no capital', ['--set', 'capital=0'], 'The setting "capital" is 0'],
    ['a pair that is none', ['--set', 'capital'], '"capital" is no name=value'],
  ])('%s', async (_, args, message) => {
    const { status, stderr } = await backtest([HEADER, ...bars], ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  test('a path where nothing is, and an agent that needs a model', async () => {
    const nowhere = await touchstone('backtest', 'gold-trend', '--data', join(folder, 'nothing.csv'))
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('There is nothing at')])
    const file = join(folder, 'gold.csv')
    await writeFile(file, [HEADER, ...bars].join('\n'))
    const model = await touchstone('backtest', 'order-flow-momentum', '--data', file)
    expect([model.status, model.stderr]).toEqual([2, expect.stringContaining('needs its model')])
  })
})

test.skipIf(!existsSync(join(RECORDINGS, 'treasury')))(
  'agents that trade with issuers run over recordings, and say what is assumed (skipped without them)',
  async () => {
    for (const [agent, assumed] of [
      ['vault-premium', 'the market around the recorded NAVs is simulated'],
      ['bill-rotation', 'the NAVs are made of recorded Treasury yields'],
    ] as const) {
      const report = join(folder, `${agent}.html`)
      const args = ['backtest', agent, '--data', RECORDINGS, '--report', report]
      const { status, stdout, stderr } = await touchstone('--json', ...args)
      expect(status, stderr).toBe(0)
      const result = JSON.parse(stdout)
      const page = await readFile(report, 'utf8')
      expect(page).toContain(`${(result.totalReturn * 100).toFixed(2)} %`)
      expect(page).toContain(assumed)
      // Every subscription and redemption has a line, priced and settled.
      expect(page).toContain('Subscriptions and redemptions')
    }
  },
)

test.skipIf(!existsSync(join(RECORDINGS, 'xauusd')))(
  'the report of eleven recorded years has the figures of the JSON (skipped without recordings)',
  async () => {
    const report = join(folder, 'report.html')
    const args = ['backtest', 'gold-trend', '--data', RECORDINGS, '--report', report]
    const { status, stdout, stderr } = await touchstone('--json', ...args)
    expect(status, stderr).toBe(0)
    const result = JSON.parse(stdout)
    expect(result.events).toBe(64_063)
    expect(result.trades).toBeGreaterThan(50)
    const page = await readFile(report, 'utf8')
    for (const text of [
      `${(result.totalReturn * 100).toFixed(2)} %`,
      result.sharpe.toFixed(2),
      result.sortino.toFixed(2),
      `${(result.maxDrawdown * 100).toFixed(2)} %`,
      `${(result.winRate * 100).toFixed(2)} %`,
      `${(result.exposure * 100).toFixed(2)} %`,
    ])
      expect(page).toContain(text)
  },
)
