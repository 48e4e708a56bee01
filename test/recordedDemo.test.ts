import { existsSync } from 'node:fs'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RECORDED_FILES } from '../cli/demo/recordedScenario.ts'
import { type CommandEnvironment, onEachStore } from './eachStore.ts'
import { runCli } from './runCli.ts'

const DATA = resolve(process.env['TOUCHSTONE_DATA'] ?? '../shared/data')
const present = Object.values(RECORDED_FILES).every(file => existsSync(join(DATA, file)))

// A copy, so that a test may change what was recorded.
describe.skipIf(!present)(`the demo on recorded data (skipped: TOUCHSTONE_DATA holds no recordings)`, () => {
  onEachStore(
    ({ environment }) => {
      let variables: CommandEnvironment
      let root: string
      let data: string
      let directory: string
      let demo: Awaited<ReturnType<typeof runCli>>
      beforeAll(async () => {
        root = await mkdtemp(join(tmpdir(), 'touchstone-recorded-'))
        data = join(root, 'data')
        directory = join(root, 'project')
        for (const file of Object.values(RECORDED_FILES)) {
          await mkdir(dirname(join(data, file)), { recursive: true })
          await cp(join(DATA, file), join(data, file))
        }
        variables = await environment()
        demo = await runCli(['--dir', directory, '--json', 'demo', '--data', data, '--exit'], variables)
      }, 420_000)
      afterAll(() => rm(root, { recursive: true, force: true }))

      test('ingests every log, decodes every swap, anchors and audits every decision', () => {
        expect(demo.status, demo.stderr).toBe(0)
        const summary = JSON.parse(demo.stdout)
        expect(summary.ingested).toMatchObject({ logs: 6_234, swaps: 6_046, transfers: 2_284, bars: 64_063 })
        expect(summary.ingested.sources[0]).toMatchObject({
          unrecognised: 0,
          byType: { swap: 6_046, liquidity: 123, collect: 65 },
        })
        const { recorded } = summary.decisions
        expect(recorded).toBeGreaterThan(500)
        expect(summary.decisions).toMatchObject({ anchored: recorded, equalInBacktest: recorded })
        expect(summary.audit).toEqual({ checked: recorded, equal: recorded, different: 0 })
      })

      test('one changed byte of a recorded log is named by the audit, with the decision that first used it', async () => {
        const file = join(data, RECORDED_FILES.pool)
        const lines = gunzipSync(await readFile(file))
          .toString('utf8')
          .split('\n')
        const at = 5_000
        const line = lines[at] ?? ''
        const last = line.indexOf('"blockNumber"') - 3
        const changed = line.slice(0, last) + (line[last] === '0' ? '1' : '0') + line.slice(last + 1)
        expect(changed).not.toBe(line)
        await writeFile(file, gzipSync(lines.with(at, changed).join('\n')))
        const { status, stdout } = await runCli(
          ['--dir', directory, 'audit', 'order-flow-momentum'],
          variables,
        )
        expect(status).toBe(1)
        expect(stdout).toMatch(/decision 0x[0-9a-f]{40}\/\d+ differs at data/)
        const { blockNumber } = JSON.parse(line)
        expect(stdout).toContain(`block ${Number(blockNumber)}`)
      }, 180_000)

      test('a malformed row is named with its file and line', async () => {
        await appendFile(
          join(data, RECORDED_FILES.gold),
          '2016-12-30T22:00:00Z,1150,1149,1151,1150,1151,1152,1150,1151\n',
        )
        const other = join(root, 'other')
        const { status, stderr } = await runCli([
          '--dir',
          other,
          'ingest',
          '--bars',
          join(data, RECORDED_FILES.gold),
          '--instrument',
          'oanda:XAUUSD',
        ])
        expect(status).toBe(2)
        expect(stderr).toMatch(/xauusd-hourly-2006-2016\.csv.*64065/)
      }, 180_000)
    },
    { atOnce: true },
  )
})
