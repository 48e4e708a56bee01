import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from './runCli.ts'

// Bars of a user's own file, through the command line: what is read, what is missing, what is refused.

let root: string
let folder: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-bars-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'project-'))
})

const DAY_MS = 86_400_000
const START = Date.UTC(2024, 0, 1)
const HEADER = 'Date,Open,High,Low,Close,Adj Close,Volume'
/** Daily bars as Yahoo Finance gives them; `days` are those that trade. */
const daily = (days: readonly number[]) =>
  days.map(day => {
    const open = 2_000 + 10 * Math.sin(day / 7)
    const prices = [open, open + 20, open - 20, open + 5].map(price => price.toFixed(2))
    return `${new Date(START + day * DAY_MS).toISOString().slice(0, 10)},${prices.join(',')},1,${1_000 + day}`
  })
/** Monday to Friday; 2024 begins on a Monday. */
const WEEKDAYS = Array.from({ length: 200 }, (_, day) => day).filter(day => day % 7 < 5)

const touchstone = (...args: string[]) => runCli(['--dir', join(folder, '.touchstone'), ...args])

async function ingest(lines: readonly string[], ...options: string[]) {
  const file = join(folder, 'gold.csv')
  await writeFile(file, lines.join('\n'))
  return touchstone(...options, 'ingest', '--bars', file, '--instrument', 'yahoo:GOLD', '--symbol', 'GOLD')
}

test('a file of another maker is ingested, and its week-ends are counted', async () => {
  const { status, stdout, stderr } = await ingest([HEADER, ...daily(WEEKDAYS)])
  expect({ status, stderr: stderr.match(/error|warning/i) }).toEqual({ status: 0, stderr: null })
  expect(stdout).toContain(
    'gold: 144 rows read, 144 observations new (144 bar, 56 missing in 28 gaps, the longest of 2 before line 7)',
  )
  const again = await touchstone('--json', 'ingest')
  expect(JSON.parse(again.stdout).sources).toEqual([
    {
      source: 'gold',
      rows: 0,
      observations: 0,
      byType: {},
      unrecognised: 0,
      gaps: { count: 28, missing: 56, longest: { missing: 2, line: 7 } },
    },
  ])
})

describe('a file that is no series of bars is refused with file and line, and nothing of it is kept', () => {
  const rows = daily(WEEKDAYS)
  /** The file with its sixth bar changed. */
  const spoilt = (pattern: RegExp, by: string) => [
    HEADER,
    ...rows.with(5, (rows[5] ?? '').replace(pattern, by)),
  ]
  const [time, open] = [/^[^,]+/, /,[^,]+/]
  let shared: string
  // One project for all: a new store takes seconds.
  beforeAll(async () => {
    shared = await mkdtemp(join(root, 'shared-'))
  })
  test.each([
    ['nothing', [], 'gold.csv is empty.', 'Begin the file with a line such as'],
    ['no bar', [HEADER], 'gold.csv has a header and no bar.', 'Check that the file is complete.'],
    [
      'no prices',
      ['Date,Price', '2024-01-01,5'],
      'line 1 is malformed: it has no column open, high, low, close;',
      '`columns`',
    ],
    ['NaN', spoilt(open, ',NaN'), 'line 7 is malformed: its Open "NaN" is not a number.', 'or remove it'],
    [
      'a negative price',
      spoilt(open, ',-5'),
      'line 7 is malformed: its Open -5 is negative.',
      'or remove it',
    ],
    ['no time', spoilt(time, 'soon'), 'line 7 is malformed: "soon" is not a time.', 'Write times as'],
    [
      'a time twice',
      spoilt(time, '2024-01-05'),
      'line 7 is malformed: it has the time of line 6,',
      'Remove one',
    ],
    [
      'unsorted',
      spoilt(time, '2023-01-05'),
      'line 7 is malformed: its time, 2023-01-05T00:00:00Z, is before',
      'Sort the rows',
    ],
  ])('%s', async (_, lines, message, hint) => {
    folder = shared
    const { status, stdout, stderr } = await ingest(lines)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).toContain('gold.csv')
    expect(stderr).toContain(hint)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(existsSync(join(folder, '.touchstone', 'project.json'))).toBe(false)
  })
})

test('a configuration says what a file does not', async () => {
  const lines = ['when;o;h;l;c', '2024-01-02;10;12;9;11', '2024-01-03;11;12;9;10', '2024-01-08;10;12;9;11']
  await writeFile(join(folder, 'bars.csv'), lines.join('\n'))
  const config = join(folder, 'touchstone.config.ts')
  const configure = (maxGapBars: number) =>
    writeFile(
      config,
      `import { defineConfig } from 'touchstone/config'
export default defineConfig({ files: { gold: {
  kind: 'bars', file: 'bars.csv', instrument: { id: 'test:GOLD' }, time: 'close', periodMs: ${DAY_MS},
  columns: { time: 'when', open: 'o', high: 'h', low: 'l', close: 'c' }, maxGapBars: ${maxGapBars},
} } })
`,
    )
  await configure(3)
  const refused = await runCli(['--config', config, 'ingest'])
  expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 2, stdout: '' })
  expect(refused.stderr).toContain('bars.csv line 4: 4 bars are missing before it')
  expect(refused.stderr).toContain('raise `maxGapBars`')
  await configure(4)
  const { status, stderr } = await runCli(['--config', config, 'ingest'])
  expect(status, stderr).toBe(0)
  const out = join(folder, 'bars.out.csv')
  const exported = await runCli(['--config', config, 'export', 'observations', '--out', out])
  expect(exported.status, exported.stderr).toBe(0)
  // The first bar was open on the first of January, and known at its close.
  expect(await readFile(out, 'utf8')).toContain('2024-01-01')
})
