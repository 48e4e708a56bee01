import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type EmitterChain, startEmitterChain } from '../chain-ingest/testing/emitterChain.conformance.ts'
import { auditProject } from '../cli/auditProject.ts'
import { formatAudits } from '../cli/auditReport.ts'
import { type DeployedAgent, deployAgent } from '../cli/deployedAgents.ts'
import { readEnvironment } from '../cli/environment.ts'
import { deployLocalLog, fundOnLocalChain } from '../cli/localLog.ts'
import type { AgentConfig } from '../cli/projectSchema.ts'
import { type RunSummary, runAgents } from '../cli/runAgents.ts'
import { type ServedProject, serveProject } from '../cli/serveProject.ts'
import { openTerminal } from '../cli/terminal.ts'
import { openWorkspace, type Workspace } from '../cli/workspace.ts'
import { unixMs } from '../core/index.ts'
import { connectFeed, type TestClient } from '../hono-server/test/connectFeed.ts'
import { onEachStore } from './eachStore.ts'
import { poolSource, trade } from './livePool.ts'

// An agent trades on a real node whose last blocks are replaced: what it had decided on them stays as it is, and
// is shown as orphaned by the API, the feed, the page and the audit.

const CHROMIUM = '/usr/bin/chromium'
const BLOCK_SECONDS = 60
// Far enough from an hour's end that the account is not valued among the decisions that are counted here.
const CHAIN_START_SECONDS = Date.UTC(2026, 0, 5, 9, 10, 30) / 1_000
const terminal = { ...openTerminal(true), note: () => undefined, say: () => undefined }

let root: string
const closers: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-orphaned-'))
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

/** A project with one agent on the pool, and its own chain to anchor on. */
async function openProject(directory: string, chain: EmitterChain, environment: Record<string, string>) {
  const workspace = await openWorkspace({
    directory,
    environment: readEnvironment(environment),
    terminal,
    create: true,
  })
  closers.push(() => workspace.close())
  const agent: AgentConfig = {
    name: 'gold-trend',
    definition: 'gold-trend',
    instrument: chain.instrument,
    observes: [],
    settings: { periodMs: BLOCK_SECONDS * 1_000 },
  }
  await workspace.update({
    log: await deployLocalLog(workspace),
    sources: [poolSource(chain, [chain.anvil.url, chain.anvil.url])],
    agents: [agent],
  })
  const deployed = await deployAgent(workspace, agent, { activeFromMs: unixMs(0) })
  await fundOnLocalChain(workspace, deployed.stored.id)
  return { workspace, deployed }
}

/** Runs the agent beside its server until `stop`. */
async function run(workspace: Workspace, deployed: DeployedAgent) {
  const served = await serveProject(workspace, { port: 0 })
  const stopping = new AbortController()
  const running = runAgents({
    workspace,
    agents: [deployed],
    once: false,
    strict: false,
    signal: stopping.signal,
    ...served.hooks,
  })
  // A failure is shown where it is waited for.
  running.catch(() => undefined)
  const stop = async (): Promise<RunSummary> => {
    stopping.abort()
    return running
  }
  closers.push(() => stop().finally(() => served.close()))
  return { served, stop }
}

type Shown = {
  readonly sequence: number
  readonly feedSequence: number
  readonly state: string
  readonly body: string
  readonly record: { readonly observed: { readonly block: number } }
  readonly orphaned: { readonly source: string; readonly forkBlock: number } | null
}
const shown = async ({ url }: ServedProject): Promise<Shown[]> => {
  const answer = await fetch(`${url}/v1/decisions?limit=500`)
  return ((await answer.json()) as { decisions: Shown[] }).decisions
}
const orphanedIn = (client: TestClient) => client.messages.filter(({ type }) => type === 'orphaned')

onEachStore(({ name, environment }) => {
  test('decisions on replaced blocks stay and are marked', async () => {
    const chain = await startEmitterChain({ timestampSeconds: CHAIN_START_SECONDS })
    closers.push(() => chain.anvil.stop())
    await chain.client.setBlockTimestampInterval({ interval: BLOCK_SECONDS })
    for (let price = 2_000; price < 2_010; price++) await trade(chain, price)
    const directory = join(root, name)
    const { workspace, deployed } = await openProject(directory, chain, await environment())
    const { served, stop } = await run(workspace, deployed)
    const client = await connectFeed(served.wsUrl, { type: 'subscribe', from: 0 })
    closers.push(async () => client.socket.terminate())
    await client.until(messages => messages.filter(({ type }) => type === 'decision').length >= 9)
    const before = await shown(served)
    expect(before.map(({ orphaned }) => orphaned)).toEqual(before.map(() => null))
    expect(orphanedIn(client)).toEqual([])

    // Three blocks are replaced by empty ones, and the chain goes on.
    const head = Number(await chain.client.getBlockNumber())
    await chain.client.request({ method: 'anvil_reorg', params: [3, []] } as never)
    await client.until(messages => messages.filter(({ type }) => type === 'orphaned').length >= 3)
    await trade(chain, 1_990)
    await trade(chain, 1_991)
    await client.until(messages => messages.filter(({ type }) => type === 'decision').length >= 11)

    const after = await shown(served)
    const lost = after.filter(({ orphaned }) => orphaned !== null)
    const source = `eip155:${chain.anvil.chainId}`
    expect(lost.map(({ record }) => record.observed.block)).toEqual([head - 2, head - 1, head])
    for (const { orphaned } of lost)
      expect(orphaned).toMatchObject({ source, forkBlock: head - 3, throughBlock: head })
    // The records are what they were.
    expect(after.slice(0, before.length).map(({ body }) => body)).toEqual(before.map(({ body }) => body))
    expect(orphanedIn(client).map(({ feedSequence }) => feedSequence)).toEqual(
      lost.map(({ feedSequence }) => feedSequence),
    )
    // Who comes later is told as well; who resumes, of what it asks for.
    const late = await connectFeed(served.wsUrl, { type: 'subscribe', from: 0 })
    const last = lost.at(-1)?.feedSequence ?? 0
    const resumed = await connectFeed(served.wsUrl, {
      type: 'subscribe',
      from: after.length,
      orphanedFrom: last,
    })
    await late.until(() => orphanedIn(late).length === lost.length)
    await resumed.until(() => orphanedIn(resumed).length === 1)
    expect(orphanedIn(resumed)).toMatchObject([{ feedSequence: last, source, throughBlock: head }])
    for (const { socket } of [late, resumed]) socket.terminate()

    const metrics = await (await fetch(`${served.url}/metrics`)).text()
    const newest = Number(await chain.client.getBlockNumber())
    for (const line of [
      'touchstone_ingest_reorgs_total{source="pool"} 1',
      `touchstone_ingest_last_block{source="pool"} ${newest}`,
      'touchstone_ingest_blocks_behind{source="pool"} 0',
      `touchstone_ingest_node_failures_total{source="pool",node="${chain.anvil.url}"} 0`,
    ])
      expect(metrics).toContain(line)
    expect(metrics).toMatch(/^touchstone_feature_missing_ratio\{agent="gold-trend",feature="\w+"\} [01]/m)
    expect(metrics).toMatch(/^touchstone_feature_age_seconds\{agent="gold-trend",feature="\w+"\} -?\d/m)

    if (existsSync(CHROMIUM)) await lookAtThePage(served, lost, head)

    await stop()
    const [audit] = await auditProject(workspace)
    // What came of a signal may have been told since it was shown.
    const recorded = await workspace.store.decisions.nextSequence(audit!.report.agent)
    expect(recorded).toBeGreaterThanOrEqual(after.length)
    expect(audit?.report).toMatchObject({ different: 0, equal: recorded })
    expect(audit?.unreachable).toEqual([])
    expect(audit?.orphaned.map(({ sequence }) => sequence)).toEqual(lost.map(({ sequence }) => sequence))
    const [one] = await auditProject(workspace, {
      agents: ['gold-trend'],
      sequence: lost[0]?.sequence ?? -1,
    })
    expect(one?.orphaned).toHaveLength(1)
    expect(formatAudits(audit === undefined ? [] : [audit], terminal)).toContain(
      `a reorg replaced blocks ${head - 2} to ${head} of ${source}`,
    )
  }, 120_000)
})

async function lookAtThePage({ url }: ServedProject, lost: readonly Shown[], head: number): Promise<void> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  })
  try {
    for (const width of [390, 1_200]) {
      const page = await browser.newPage({ viewport: { width, height: 900 } })
      const errors: string[] = []
      page.on('console', message => void (message.type() === 'error' && errors.push(message.text())))
      await page.goto(url)
      const rows = await page.locator('tbody tr').allTextContents()
      const marked = rows.filter(row => row.includes('orphaned'))
      expect(marked).toHaveLength(lost.length)
      for (const row of marked) expect(row).toContain(`A reorg replaced blocks ${head - 2} to ${head}`)
      expect(errors).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    }
  } finally {
    await browser.close()
  }
}
