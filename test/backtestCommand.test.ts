import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from './runCli.ts'

// A backtest as a user runs it: figures, files, the count of trials, and the check for look-ahead.

let folder: string
const touchstone = (...args: string[]) => runCli(['--config', join(folder, 'touchstone.config.ts'), ...args])

async function backtest(...args: string[]) {
  const { status, stdout, stderr } = await touchstone('--json', 'backtest', 'trend', ...args)
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

const luckOf = (result: { luck: { name: string; value: number | null }[] }, name: string) =>
  result.luck.find(figure => figure.name === name)?.value

beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'touchstone-backtest-')), 'project')
  expect((await runCli(['init', folder])).status).toBe(0)
  expect((await touchstone('ingest')).status).toBe(0)
}, 60_000)
afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }))

test('writes its equity, its trades and a report whose figures are those of the JSON', async () => {
  const path = (name: string) => join(folder, '..', name)
  const files = ['--csv', path('equity.csv'), '--trades', path('trades.csv'), '--report', path('report.html')]
  const result = await backtest(...files)
  expect(result.trades).toBeGreaterThan(5)

  const equity = (await readFile(path('equity.csv'), 'utf8')).trim().split('\n')
  expect(equity[0]).toBe('time_utc,equity')
  expect(Number(equity.at(-1)?.split(',')[1])).toBeCloseTo(Number(result.finalEquityE8) / 1e8, 6)
  const trades = (await readFile(path('trades.csv'), 'utf8')).trim().split('\n')
  expect(trades).toHaveLength(1 + result.trades)

  const report = await readFile(path('report.html'), 'utf8')
  // Nothing from elsewhere, and no number that is none.
  const markup = report.replace(/<script[\s\S]*?<\/script>/g, '')
  expect(report.match(/<script src|<link|url\(http/)?.[0]).toBeUndefined()
  expect(markup.match(/\bNaN\b|undefined/)?.[0]).toBeUndefined()
  for (const [figure, value] of [
    ['sharpe', result.sharpe.toFixed(2)],
    ['maxDrawdown', `${(result.maxDrawdown * 100).toFixed(2)} %`],
    ['winRate', `${(result.winRate * 100).toFixed(2)} %`],
  ])
    expect(report.includes(value), figure).toBe(true)
})

test('counts every configuration that was tried, and the same one once', async () => {
  const first = await backtest()
  const again = await backtest()
  expect(luckOf(again, 'trials')).toBe(luckOf(first, 'trials'))
  const other = await backtest('--from', '2024-06-01')
  expect(luckOf(other, 'trials')).toBe((luckOf(first, 'trials') ?? 0) + 1)

  const ledger = join(folder, '.touchstone', 'trials.jsonl')
  const text = await readFile(ledger, 'utf8')
  await writeFile(ledger, text.split('\n').slice(1).join('\n'))
  const { status, stderr } = await touchstone('backtest', 'trend')
  expect(status).toBe(1)
  expect(stderr).toMatch(/Line 1 of .*trials\.jsonl is not the first: lines before it were removed/)
  await writeFile(ledger, text)
})

test('finds no look-ahead in the starter agent', async () => {
  const { status, stdout, stderr } = await touchstone('--json', 'check', 'trend', '--cuts', '3')
  expect(status, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ agent: 'trend', passed: true, findings: [] })
})
