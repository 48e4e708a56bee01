import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { DecisionRecord } from '../core/index.ts'
import { parseBody } from '../decision-log/index.ts'
import { type CommandEnvironment, onEachStore } from './eachStore.ts'
import { runCli, startCli } from './runCli.ts'

// The demo on the local market, walked once; then what a doubter would do to its record.

const CHROMIUM = '/usr/bin/chromium'
const DEMO_LIMIT_MS = 420_000
const summarySchema = z.object({
  ingested: z.object({ logs: z.number(), swaps: z.number() }),
  features: z.object({ rows: z.number() }),
  model: z.object({
    hash: z.string(),
    evaluation: z.object({
      model: z.object({ logLoss: z.number() }),
      baselines: z.object({ majority: z.object({ logLoss: z.number() }) }),
    }),
  }),
  backtest: z.array(z.object({ agent: z.string(), totalReturn: z.number(), maxDrawdown: z.number() })),
  decisions: z.object({ recorded: z.number(), anchored: z.number(), equalInBacktest: z.number() }),
  audit: z.object({ checked: z.number(), equal: z.number(), different: z.number() }),
  gasPerDecision: z.number(),
  url: z.url(),
})
const servedSchema = z.object({
  url: z.url(),
  feed: z.url(),
  chain: z.object({ rpcUrl: z.url(), contract: z.string() }),
})
const recordSchema = z.object({
  decisions: z.object({ anchored: z.number(), proved: z.number() }),
  unanchored: z.number(),
  faults: z.array(z.object({ kind: z.string(), first: z.number(), last: z.number(), detail: z.string() })),
  account: z.object({ valuations: z.number().positive(), compared: z.number() }),
  statistics: z.object({ trades: z.number() }),
})
const auditSchema = z.object({
  equal: z.number(),
  different: z.number(),
  agents: z.array(
    z.object({
      name: z.string(),
      report: z.object({
        decisions: z.array(
          z.object({
            sequence: z.number(),
            steps: z.array(z.object({ step: z.string(), result: z.string(), detail: z.string().optional() })),
          }),
        ),
      }),
    }),
  ),
})

onEachStore(
  ({ environment, copyOf }) => {
    let root: string
    let directory: string
    let variables: CommandEnvironment
    let demo: Awaited<ReturnType<typeof runCli>>
    const touchstone = (folder: string, from: CommandEnvironment, ...args: string[]) =>
      runCli(['--dir', folder, ...args], from)

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'touchstone-road-'))
      directory = join(root, 'project')
      variables = await environment()
      demo = await touchstone(directory, variables, '--json', 'demo', '--exit')
    }, DEMO_LIMIT_MS)

    afterAll(() => rm(root, { recursive: true, force: true }))

    test('the demo ends well, and prints its summary as one JSON object', () => {
      expect(demo.status, demo.stderr).toBe(0)
      const summary = summarySchema.parse(JSON.parse(demo.stdout))
      expect(summary.ingested.swaps).toBeGreaterThan(4_000)
      expect(summary.ingested.logs).toBeGreaterThan(summary.ingested.swaps)
      expect(summary.features.rows).toBeGreaterThan(2_000)
      const { model, baselines } = summary.model.evaluation
      expect(model.logLoss).toBeLessThan(baselines.majority.logLoss)
      expect(summary.backtest.map(({ agent }) => agent)).toEqual(['order-flow-momentum', 'gold-trend'])
      expect(summary.decisions.recorded).toBeGreaterThan(200)
      expect(summary.decisions.anchored).toBe(summary.decisions.recorded)
      expect(summary.audit).toEqual({
        checked: summary.decisions.recorded,
        equal: summary.decisions.recorded,
        different: 0,
      })
    })

    test('the README shows what the demo really ingests: the same seed gives the same market', async () => {
      const { ingested, features } = summarySchema.parse(JSON.parse(demo.stdout))
      const readme = await readFile(resolve(import.meta.dirname, '..', 'README.md'), 'utf8')
      const figure = (value: number) => value.toLocaleString('en-US')
      expect(readme).toContain(
        `${figure(ingested.logs)} logs of local-market, ${figure(ingested.swaps)} swaps`,
      )
      expect(readme).toContain(`${figure(features.rows)} rows:`)
    })

    test('a backtest over the same observations makes the decisions of the live run, to the last number', () => {
      const { decisions } = summarySchema.parse(JSON.parse(demo.stdout))
      expect(decisions.equalInBacktest).toBe(decisions.recorded)
    })

    describe('audit', () => {
      /** Changes one thing in a copy of the project, and audits the copy. */
      async function auditAfter(name: string, change: (database: Sql) => Promise<unknown>) {
        const copy = join(root, name)
        await cp(directory, copy, { recursive: true })
        const ofCopy = await copyOf(variables)
        const database = await openSql(copy, ofCopy)
        await change(database)
        await database.close()
        const { status, stdout, stderr } = await touchstone(copy, ofCopy, '--json', 'audit')
        const report = auditSchema.parse(JSON.parse(stdout || '{}'))
        const [first] = report.agents.flatMap(({ name: agent, report: { decisions } }) =>
          decisions.map(({ sequence, steps }) => ({
            agent,
            sequence,
            ...steps.find(({ result }) => result === 'different'),
          })),
        )
        return { status, stderr, report, first }
      }
      const agentId = `(select id from agents where name = 'order-flow-momentum')`

      test('an untouched copy is equal, all of it', async () => {
        const { status, report } = await auditAfter('untouched', async () => undefined)
        expect(status).toBe(0)
        expect(report.different).toBe(0)
        expect(report.equal).toBeGreaterThan(200)
      }, 180_000)

      test('one changed byte of a stored decision is named, with the step', async () => {
        const { status, report, first } = await auditAfter('decision', database =>
          database.query(
            `update decisions set body = replace(body, '"strength":', '"strength":1') where agent = ${agentId} and sequence = 19 and kind = 'signal'`,
          ),
        )
        expect(status).toBe(1)
        expect(report.different).toBe(1)
        expect(first).toMatchObject({ agent: 'order-flow-momentum', sequence: 19, step: 'body' })
      }, 180_000)

      test('one changed weight of the model is named, with the step', async () => {
        const { status, first } = await auditAfter('weight', async database => {
          const { rows } = await database.query<{ hash: string; artifact: string }>(
            'select hash, artifact from models',
          )
          const [model] = rows
          if (model === undefined) throw new Error('the demo stored no model')
          const [, program = ''] = /"program":"([^"]+)"/.exec(model.artifact) ?? []
          // A character in the middle: weights are there.
          const at = program.length >> 1
          const changed = `${program.slice(0, at)}${program[at] === 'A' ? 'B' : 'A'}${program.slice(at + 1)}`
          await database.query('update models set artifact = $1 where hash = $2', [
            model.artifact.replace(program, changed),
            model.hash,
          ])
        })
        expect(status).toBe(1)
        expect(first).toMatchObject({ agent: 'order-flow-momentum', sequence: 0, step: 'model' })
      }, 180_000)

      test('one changed byte of a recorded log is named, with the decision that first used it', async () => {
        const { status, first } = await auditAfter('log', database =>
          database.query(
            // The digit behind "transactionIndex":"0x becomes a 1.
            `update observations set raw = overlay(raw placing '1'::bytea from position('"transactionIndex":"0x0"'::bytea in raw) + 22)
         where (source, block, log_index) = (
           select source, block, log_index from observations
           where value like '%"type":"swap"%' and position('"transactionIndex":"0x0"'::bytea in raw) > 0
           order by block desc limit 1 offset 20)`,
          ),
        )
        expect(status).toBe(1)
        expect(first?.step).toBe('data')
        expect(first?.detail).toMatch(
          /the observation at eip155:31337 block \d+, log \d+ is not what source local-market holds/,
        )
      }, 180_000)

      test('the track record finds nothing wrong, and names the one losing decision that is deleted', async () => {
        const copy = join(root, 'record')
        await cp(directory, copy, { recursive: true })
        const ofCopy = await copyOf(variables)
        const rebuilt = async () => {
          const { status, stdout, stderr } = await touchstone(
            copy,
            ofCopy,
            ...['--json', 'track-record', 'order-flow-momentum'],
          )
          expect(stderr).toBe('')
          return { status, ...recordSchema.parse(JSON.parse(stdout)) }
        }
        const whole = await rebuilt()
        expect(whole).toMatchObject({ status: 0, faults: [], unanchored: 0 })
        expect(whole.decisions.proved).toBe(whole.decisions.anchored)
        expect(whole.account.compared).toBe(whole.account.valuations)
        expect(whole.statistics.trades).toBeGreaterThan(3)

        const database = await openSql(copy, ofCopy)
        const { rows } = await database.query<{ body: string }>(
          `select body from decisions where agent = ${agentId} and kind in ('signal', 'outcome') order by sequence`,
        )
        const lost = losingOutcome(rows.map(({ body }) => parseBody(body)))
        await database.query(`delete from decisions where agent = ${agentId} and sequence = ${lost}`)
        await database.close()
        const { status, faults } = await rebuilt()
        expect(status).toBe(1)
        expect(faults).toEqual([
          {
            kind: 'gap',
            first: lost,
            last: lost,
            detail: 'The chain holds it, and its body was not published.',
          },
        ])
      }, 180_000)

      test('a decision that was left out is named', async () => {
        const { status, first } = await auditAfter('gap', database =>
          database.query(`delete from decisions where agent = ${agentId} and sequence = 23`),
        )
        expect(status).toBe(1)
        expect(first).toMatchObject({ sequence: 23, step: 'body' })
      }, 180_000)
    })

    describe('while a process serves the project', () => {
      let server: ReturnType<typeof startCli>
      let urls: z.infer<typeof servedSchema>
      beforeAll(async () => {
        server = startCli(['--dir', directory, '--json', 'serve', '--port', '0'], variables)
        await vi.waitFor(() => expect(server.output.stdout).toContain('\n'), { timeout: 60_000 })
        urls = servedSchema.parse(JSON.parse(server.output.stdout))
      }, 90_000)
      afterAll(async () => {
        server.child.kill('SIGTERM')
        expect((await server.done).status).toBe(0)
      })

      test('an audit goes through it', async () => {
        const { status, stdout, stderr } = await touchstone(
          directory,
          variables,
          '--json',
          'audit',
          'gold-trend',
        )
        expect(status, stderr).toBe(0)
        expect(auditSchema.parse(JSON.parse(stdout))).toMatchObject({
          different: 0,
          agents: [{ name: 'gold-trend' }],
        })
      }, 180_000)

      test('a client subscribed from 0 receives each signal once, in order, and what proves it', async () => {
        const socket = new WebSocket(urls.feed)
        const messages: { type: string; feedSequence?: number; agent?: string; sequence?: number }[] = []
        socket.on('open', () =>
          socket.send(JSON.stringify({ type: 'subscribe', from: 0, kinds: ['signal'] })),
        )
        socket.on('message', data => void messages.push(JSON.parse(String(data))))
        const ofType = (type: string) => messages.filter(message => message.type === type)
        await expect.poll(() => ofType('proof').length, { timeout: 60_000 }).toBe(signals())
        socket.close()
        const order = ofType('decision').map(({ feedSequence = -1 }) => feedSequence)
        expect(order).toHaveLength(signals())
        expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b))
        expect(new Set(ofType('proof').map(({ feedSequence }) => feedSequence))).toEqual(new Set(order))
      }, 180_000)

      test('a stranger rebuilds the track record from the feed and the chain, without the project', async () => {
        const socket = new WebSocket(urls.feed)
        const lines: string[] = []
        socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', from: 0 })))
        socket.on('message', data => void lines.push(String(data)))
        const { recorded } = summarySchema.parse(JSON.parse(demo.stdout)).decisions
        const decisions = () => lines.filter(line => line.startsWith('{"type":"decision"'))
        await expect.poll(() => decisions().length, { timeout: 60_000 }).toBe(recorded)
        socket.close()
        const file = join(root, 'feed.ndjson')
        await writeFile(file, `${lines.join('\n')}\n`)
        const agents = new Set(
          decisions().map(line => z.object({ agent: z.string() }).parse(JSON.parse(line)).agent),
        )
        expect(agents.size).toBe(2)
        let proved = 0
        for (const agent of agents) {
          const { rpcUrl, contract } = urls.chain
          const { status, stdout, stderr } = await touchstone(
            join(root, 'nothing'),
            {},
            ...[
              '--json',
              'track-record',
              agent,
              '--decisions',
              file,
              '--rpc',
              rpcUrl,
              '--contract',
              contract,
            ],
          )
          expect(status, stderr).toBe(0)
          const record = recordSchema.parse(JSON.parse(stdout))
          expect(record.faults).toEqual([])
          proved += record.decisions.proved
        }
        expect(proved).toBe(recorded)
      }, 180_000)

      test.skipIf(!existsSync(CHROMIUM))(
        'the page shows agents and decisions in a browser, without an error (skipped without Chromium)',
        async () => {
          const browser = await chromium.launch({
            executablePath: CHROMIUM,
            args: [
              '--no-sandbox',
              '--disable-quic',
              '--disable-background-networking',
              '--disable-component-update',
              '--disable-sync',
            ],
          })
          try {
            const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
            const errors: string[] = []
            page.on('console', message => void (message.type() === 'error' && errors.push(message.text())))
            page.on('pageerror', error => void errors.push(error.message))
            await page.goto(urls.url)
            expect(await page.textContent('h1')).toContain('Touchstone')
            const text = (await page.textContent('body')) ?? ''
            for (const shown of ['gold-trend', 'order-flow-momentum', 'anchored'])
              expect(text).toContain(shown)
            expect(errors).toEqual([])
            // Nothing runs off the side of a phone.
            expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
          } finally {
            await browser.close()
          }
        },
        60_000,
      )

      test('the example client verifies every signal against the chain by itself', async () => {
        const client = spawn(process.execPath, [EXAMPLE, urls.feed, urls.chain.rpcUrl, urls.chain.contract])
        let lines: string[] = []
        client.stdout.setEncoding('utf8').on('data', (text: string) => {
          lines = [...lines, ...text.split('\n').filter(line => line !== '')]
        })
        await expect.poll(() => lines.length, { timeout: 150_000 }).toBeGreaterThanOrEqual(signals())
        client.kill()
        expect(lines.filter(line => !line.startsWith('true '))).toEqual([])
        expect(new Set(lines.map(line => line.split(/\s+/)[1])).size).toBe(signals())
      }, 180_000)
    })

    function signals(): number {
      return z
        .object({ decisions: z.object({ byKind: z.object({ signal: z.number() }) }) })
        .parse(JSON.parse(demo.stdout)).decisions.byKind.signal
    }
  },
  { atOnce: true },
)

/** The compiled example, as a reader would run it. */
const EXAMPLE = resolve(import.meta.dirname, '..', 'dist', 'examples', 'verifySignals.js')

/** Sequence of the first outcome whose price went against its signal. */
function losingOutcome(records: readonly DecisionRecord[]): number {
  const found = records.find(({ output }) => {
    if (output.kind !== 'outcome') return false
    const signal = records.find(({ sequence }) => sequence === output.signal)?.output
    const rose = output.exitPriceE8 - output.entryPriceE8
    return signal?.kind === 'signal' && BigInt(signal.direction) * rose < 0n
  })
  if (found === undefined) throw new Error('the demo lost nothing')
  return found.sequence
}

/** A database as SQL, under the store. */
type Sql = {
  query<T extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<{ readonly rows: T[] }>
  close(): Promise<void>
}

async function openSql(directory: string, { DATABASE_URL: url }: CommandEnvironment): Promise<Sql> {
  if (url === undefined) return PGlite.create({ dataDir: join(directory, 'pglite') })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return { query: (text, values) => client.query(text, values), close: () => client.end() }
}
