import { existsSync } from 'node:fs'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAnchorWorker, createRecorder, proveDecision } from '../decision-log/index.ts'
import { hashOf, OUTPUTS, sampleDecision } from '../decision-log/test/sampleDecisions.ts'
import { openTestbed, type TestAgent, type Testbed } from '../decision-log/test/testbed.ts'
import { createFeed, createProofOf, startServer } from './index.ts'

const CHROMIUM = '/usr/bin/chromium'

/** What the page does: it follows the feed, and checks each decision by the node, as it comes and once it is proved. */
const PAGE = `
import { createVerifier } from ${JSON.stringify(`${import.meta.dirname}/../decision-log/verify/index.ts`)}
const { feed, rpcUrl, domain } = window.settings
const verifier = createVerifier({ rpcUrl, domain })
const decisions = new Map()
window.verdicts = []
const check = async (decision, proof, name) => {
  const { verdict, steps } = await verifier.verify(decision, proof)
  const failed = steps.filter(({ result }) => result === 'different').map(({ step }) => step)
  window.verdicts.push([decision.sequence, name, verdict, ...failed].join(' '))
}
const socket = new WebSocket(feed)
socket.onopen = () => socket.send(JSON.stringify({ type: 'subscribe', from: 0 }))
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data)
  if (message.type === 'decision') {
    decisions.set(message.feedSequence, message)
    void check(message, null, 'recorded')
  }
  if (message.type !== 'proof') return
  const decision = decisions.get(message.feedSequence)
  void check(decision, message, 'proved')
  const body = decision.body.replace(/"timeMs":(\\d+)\\d/, '"timeMs":$17')
  void check({ ...decision, body }, message, 'changed')
}
`

let bed: Testbed
let agent: TestAgent

beforeAll(async () => {
  bed = await openTestbed()
  agent = await bed.newAgent()
})
afterAll(() => bed?.stop())

test.skipIf(!existsSync(CHROMIUM))(
  'a page checks a live feed against a node by itself: every kind of decision, and tells a changed one',
  async () => {
    const { store, signer } = agent
    const { domain } = bed
    const recorder = createRecorder({ store, signer, domain })
    const record = (from: number, count: number) =>
      recorder.record(
        Array.from({ length: count }, (_, index) =>
          sampleDecision(signer.agent, from + index, OUTPUTS[(from + index) % OUTPUTS.length]),
        ),
        hashOf('e'),
      )
    const worker = createAnchorWorker(agent.options)
    const { outputFiles } = await build({
      stdin: { contents: PAGE, resolveDir: import.meta.dirname, loader: 'js' },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
    })
    const script = outputFiles[0]!.text
    const feed = createFeed({ decisions: store, proofOf: createProofOf(store, domain), domain })
    const server = await startServer({
      app: {
        fetch: () =>
          new Response('<!doctype html><title>Verify</title>', { headers: { 'content-type': 'text/html' } }),
      },
      feed,
      port: 0,
    })
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'],
    })
    try {
      await record(0, OUTPUTS.length)
      await worker.flush()
      const page = await browser.newPage()
      const errors: string[] = []
      page.on('pageerror', error => errors.push(error.message))
      await page.goto(server.url)
      const settings = JSON.stringify({ feed: server.wsUrl, rpcUrl: bed.url, domain })
      await page.addScriptTag({ content: `window.settings = ${settings}` })
      await page.addScriptTag({ content: script, type: 'module' })

      // Live: recorded, then proved, while the page looks on.
      await record(OUTPUTS.length, 1)
      feed.notifyRecorded()
      await worker.flush()
      feed.notifyAnchored(signer.agent)
      const count = OUTPUTS.length + 1
      await page.waitForFunction(`window.verdicts?.length === ${3 * count}`)
      const verdicts = (await page.evaluate('window.verdicts')) as string[]
      expect(verdicts.toSorted()).toEqual(
        Array.from({ length: count }, (_, sequence) => [
          `${sequence} changed false leaf`,
          `${sequence} proved true`,
          `${sequence} recorded recorded`,
        ])
          .flat()
          .toSorted(),
      )
      expect(errors).toEqual([])
      expect((await proveDecision({ store, domain, agent: signer.agent, sequence: 0 })).count).toBe(
        OUTPUTS.length,
      )
    } finally {
      await worker.stop()
      await browser.close()
      await server.close()
    }
  },
  60_000,
)
