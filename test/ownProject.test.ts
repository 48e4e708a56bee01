import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../core/index.ts'
import { onEachStore } from './eachStore.ts'
import { runCli } from './runCli.ts'

// A user's own project, command by command: bars from a file, an agent by hand, backtest, run, audit.

const HOURS = 24 * 200
const ACTIVE_FROM = '2020-06-01'
let root: string
let bars: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-own-'))
  bars = join(root, 'gold.csv')
  await writeFile(bars, goldBars())
}, 60_000)
afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

/** Hourly quotes that drift upwards, seeded. */
function goldBars(): string {
  const random = seededRandom(11)
  const lines = ['time_utc,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close']
  let price = 1_500
  for (let hour = 0; hour < HOURS; hour++) {
    const open = price
    price *= 1 + 0.00005 + 0.001 * gaussian(random)
    const [low, high] = [Math.min(open, price), Math.max(open, price)]
    const side = (spread: number) => [open, high, low, price].map(value => (value + spread).toFixed(3))
    const time = new Date(Date.UTC(2020, 0, 1) + hour * 3_600_000).toISOString().replace('.000', '')
    lines.push([time, ...side(0), ...side(0.4)].join(','))
  }
  return `${lines.join('\n')}\n`
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

      const file = join(directory, 'project.json')
      const project = JSON.parse(await readFile(file, 'utf8'))
      const [{ instrument }] = project.sources
      project.agents = [
        { name: 'mine', definition: 'gold-trend', instrument, observes: [], settings: { capital: 50_000 } },
      ]
      await writeFile(file, JSON.stringify(project))

      expect((await touchstone('features', 'mine')).rows).toBe(200)
      const backtest = await touchstone('backtest', 'mine', '--from', ACTIVE_FROM)
      expect(backtest.decisions).toBeGreaterThan(40)
      expect(backtest.initialEquityE8).toBe('5000000000000')

      const run = await touchstone('run', 'mine', '--local', '--once', '--strict', '--from', ACTIVE_FROM)
      expect(run.agents).toMatchObject([
        {
          agent: 'mine',
          events: HOURS,
          replayed: 0,
          recorded: backtest.decisions,
          anchored: backtest.decisions,
        },
      ])
      expect(await touchstone('audit')).toMatchObject({ checked: backtest.decisions, different: 0 })
      expect((await touchstone('agents')).deployed).toMatchObject([
        { name: 'mine', status: 'active', decisions: backtest.decisions, anchored: backtest.decisions },
      ])
    }, 300_000)
  },
  { atOnce: true },
)
