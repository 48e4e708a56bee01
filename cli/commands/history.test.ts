import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPglite } from '../../feature-store/index.ts'
import { runCli } from '../../test/runCli.ts'

// A user's history, command by command: archive, query, export, keep, damage.

const DAYS = 3
const HOURS = 24 * DAYS
const GOLD = { id: 'oanda:XAUUSD', kind: 'spot', symbol: 'XAUUSD', decimals: 8, quote: 'USD' }

let root: string
let directory: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-history-cli-'))
  directory = join(root, 'project')
  await writeFile(join(root, 'gold.csv'), bars())
  await touchstone('ingest', '--bars', join(root, 'gold.csv'), '--instrument', GOLD.id, '--symbol', 'XAUUSD')
})
afterAll(() => rm(root, { recursive: true }))

/** Hourly bars from midnight; the price is the number of the hour. */
function bars(): string {
  const lines = ['time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close']
  for (let hour = 0; hour < HOURS; hour++) {
    const time = new Date(Date.UTC(2026, 0, 5, hour)).toISOString().replace('.000', '')
    lines.push(
      [time, ...Array<number>(4).fill(1_000 + hour), ...Array<number>(4).fill(1_001 + hour)].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

const run = (...args: readonly string[]) => runCli(['--dir', directory, ...args])

async function touchstone(...args: readonly string[]) {
  const { status, stdout, stderr } = await run('--json', ...args)
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

const rowsOf = async (sql: string, ...options: string[]) => (await touchstone('sql', ...options, sql)).rows

test('a history is moved, asked, exported, kept and guarded', async () => {
  const moved = { source: GOLD.id, rows: HOURS, datasets: { bar: HOURS } }
  expect(await touchstone('archive', '--dry-run')).toMatchObject({ sources: [moved], history: { rows: 0 } })
  await nameAgent()
  const tested = await touchstone('backtest', 'gold-trend')

  expect(await touchstone('archive')).toMatchObject({ sources: [moved], history: { rows: HOURS } })
  // Bars are known when they close: the last at midnight of the fourth day.
  expect((await readdir(join(directory, 'history', 'bar'))).sort()).toEqual([
    'day=2026-01-05',
    'day=2026-01-06',
    'day=2026-01-07',
    'day=2026-01-08',
  ])
  const store = await openPglite({ directory })
  expect(await store.observations.scan({ source: GOLD.id, limit: 10 })).toEqual([])
  await store.close()
  expect(await touchstone('backtest', 'gold-trend')).toEqual(tested)
  // Reading on finds nothing new.
  expect(await touchstone('ingest')).toMatchObject({ sources: [{ rows: 0, observations: 0 }] })

  const asked = 'select count(*) n, min(bid_close) low, max(known_at) as last from bar'
  const answer = [{ n: HOURS, low: 1_000, last: '2026-01-08 00:00:00' }]
  expect(await rowsOf(asked)).toEqual(answer)
  expect(await rowsOf(asked, '--files-only')).toEqual(answer)
  const { stdout: csv } = await run(
    'sql',
    '--csv',
    'select bid_close as "a, b", raw from bar order by block limit 1',
  )
  expect(csv).toBe('"a, b",raw\n1000,"2026-01-05T00:00:00Z,1000,1000,1000,1000,1001,1001,1001,1001"\n')
  const { stdout: table } = await run('sql', '--rows', '2', 'select block from bar order by block')
  expect(table).toContain(`… and ${HOURS - 2} rows more`)
  for (const wrong of ['select nope from bar', 'drop table bar'])
    expect(await run('sql', wrong)).toMatchObject({ status: 2, stdout: '' })

  const arrow = join(root, 'bars.arrow')
  const days = ['--from', '2026-01-06', '--to', '2026-01-07']
  expect(await touchstone('export', 'observations', 'bar', '--out', arrow, ...days)).toMatchObject({
    rows: 24,
  })
  const exported = tableFromIPC(await readFile(arrow))
  expect(exported.numRows).toBe(24)
  expect(exported.get(0)?.toJSON()).toMatchObject({
    visible_at: Date.UTC(2026, 0, 6),
    instrument: GOLD.id,
    block: 23n,
    bid_close: 1_023,
    bid_close_e8: '102300000000',
  })
  for (const out of ['features.arrow', 'features.csv'])
    await touchstone('export', 'features', 'gold-trend', '--out', join(root, out))
  const lines = (await readFile(join(root, 'features.csv'), 'utf8')).trim().split('\n')
  const features = tableFromIPC(await readFile(join(root, 'features.arrow')))
  expect(features.schema.names).toEqual(lines[0]?.split(','))
  expect(features.numRows).toBe(lines.length - 1)
  expect(await run('export', 'observations', '--out', join(root, 'bars.xlsx'))).toMatchObject({ status: 2 })

  // The agent of the project needs its past.
  const dropping = await run('archive', '--keep-days', '30')
  expect(dropping.status).toBe(2)
  expect(dropping.stderr).toContain(`a deployed agent observes ${GOLD.id}`)
  expect(await rowsOf(asked)).toEqual(answer)

  const file = (await readdir(join(directory, 'history', 'bar', 'day=2026-01-06')))[0] ?? ''
  const damaged = join(directory, 'history', 'bar', 'day=2026-01-06', file)
  await truncate(damaged, 1_000)
  for (const command of [
    ['sql', asked],
    ['backtest', 'gold-trend'],
    ['export', 'observations', '--out', arrow],
  ]) {
    const { status, stdout, stderr } = await run(...command)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(`error: The history file ${resolve(damaged)} has 1000 bytes instead of`)
    expect(stderr).toContain('Restore this file from a copy')
  }
  expect((await readdir(root)).sort()).toEqual([
    'bars.arrow',
    'features.arrow',
    'features.csv',
    'gold.csv',
    'project',
  ])
}, 240_000)

async function nameAgent(): Promise<void> {
  const file = join(directory, 'project.json')
  const project = JSON.parse(await readFile(file, 'utf8'))
  const agent = {
    name: 'gold-trend',
    definition: 'gold-trend',
    instrument: GOLD,
    observes: [],
    settings: { capital: 250_000, periodMs: 3_600_000 },
  }
  await writeFile(file, JSON.stringify({ ...project, agents: [agent] }))
}
