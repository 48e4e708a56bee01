import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmitterChain, startEmitterChain } from '../chain-ingest/testing/emitterChain.conformance.ts'
import { type DeployedAgent, deployAgent } from '../cli/deployedAgents.ts'
import { readEnvironment } from '../cli/environment.ts'
import { deployLocalLog, fundOnLocalChain, requireRevealLog } from '../cli/localLog.ts'
import type { AgentConfig } from '../cli/projectSchema.ts'
import { runAgents } from '../cli/runAgents.ts'
import { type ServedProject, serveProject } from '../cli/serveProject.ts'
import { openTerminal } from '../cli/terminal.ts'
import { openWorkspace, type Workspace } from '../cli/workspace.ts'
import { type RecordedDecision, unixMs } from '../core/index.ts'
import {
  createGranteeKeys,
  envelopeOf,
  openGranted,
  openSealed,
  parseBody,
  readReveals,
} from '../decision-log/index.ts'
import { readSealed } from '../examples/readSealed.ts'
import type { GrantedMessage } from '../hono-server/index.ts'
import { connectFeed, type TestClient } from '../hono-server/test/connectFeed.ts'
import { poolSource, trade } from './livePool.ts'
import { runCli } from './runCli.ts'

// An agent trades on a real node and keeps its decisions back for some seconds: whom it granted them reads them at
// once, everybody else when their keys are on chain, and nothing that is served tells them before.

const TRADES = 6
// Long enough that a busy machine still looks at everything that is served before the last is revealed.
const embargo = { delayMs: 8_000, periodMs: 1_000 }

let directory: string
let said: string[]
const closers: (() => Promise<unknown>)[] = []
const terminal = {
  ...openTerminal(true),
  note: (text: string) => void said.push(text),
  say: (text: string) => void said.push(text),
}
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-embargo-'))
  said = []
})
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await rm(directory, { recursive: true, force: true })
})

async function openProject(chain: EmitterChain) {
  const workspace = await openWorkspace({
    directory,
    environment: readEnvironment({}),
    terminal,
    create: true,
  })
  const agent: AgentConfig = {
    name: 'gold-trend',
    definition: 'gold-trend',
    instrument: chain.instrument,
    observes: [],
    settings: { periodMs: 1_000 },
    embargo,
  }
  await workspace.update({
    log: await deployLocalLog(workspace),
    sources: [poolSource(chain, chain.anvil.url)],
    agents: [agent],
  })
  await requireRevealLog(workspace)
  const deployed = await deployAgent(workspace, agent, { activeFromMs: unixMs(0) })
  await fundOnLocalChain(workspace, deployed.stored.id)
  return { workspace, deployed }
}

/** Runs the agent beside its server until `stop`. */
async function run(workspace: Workspace, deployed: DeployedAgent) {
  const served = await serveProject(workspace, { port: 0 })
  const stopping = new AbortController()
  const running = runAgents({
    ...{ workspace, agents: [deployed], once: false, strict: false, signal: stopping.signal },
    ...served.hooks,
  })
  running.catch(() => undefined)
  return {
    served,
    async stop() {
      stopping.abort()
      await running
      await served.close()
    },
  }
}

const ofType = ({ messages }: TestClient, type: string) => messages.filter(message => message.type === type)
const wordsOf = (rows: readonly RecordedDecision[]) =>
  rows.flatMap(({ body }) => {
    const { salt, dataRoot } = parseBody(body)
    return [salt, dataRoot, JSON.stringify(body).slice(1, -1)]
  })

/** Everything that the server serves to anybody, of these decisions. */
async function everythingServed({ url }: ServedProject, rows: readonly RecordedDecision[]): Promise<string> {
  const description = await fetch(`${url}/openapi.json`)
  expect(description.status, await description.clone().text()).toBe(200)
  const api = (await description.json()) as { paths: Record<string, { get?: object }> }
  const paths = Object.entries(api.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [path]))
  expect(paths.length).toBeGreaterThan(7)
  const asked = ['/', '/openapi.json', '/v1/decisions?kind=signal&limit=500', '/v1/decisions?order=newest']
  for (const path of paths)
    for (const { agent, sequence } of rows)
      asked.push(
        path
          .replace('{agent}', agent)
          .replace('{sequence}', String(sequence))
          .replace('{id}', `${agent}-${sequence}`),
      )
  const pages = await Promise.all(
    [...new Set(asked)].map(async path => {
      const answer = await fetch(`${url}${path}`)
      expect(answer.status, path).toBe(200)
      return answer.text()
    }),
  )
  return pages.join('\n')
}

test('a grantee reads at once, everybody else when the key is on chain, and nothing tells before', async () => {
  const chain = await startEmitterChain()
  closers.push(() => chain.anvil.stop())
  await chain.client.setBlockTimestampInterval({ interval: 1 })
  const { workspace, deployed } = await openProject(chain)
  const { agent } = deployed.signer
  const log = await workspace.log()
  if (log?.reveals === undefined) throw new Error('no reveal log')
  const domain = { chainId: log.chainId, verifyingContract: log.contract }
  const keys = await createGranteeKeys()
  await workspace.close()
  const granted = await runCli(['--dir', directory, '--json', 'grant', 'gold-trend', '--to', keys.publicKey])
  expect(granted.status, granted.stderr).toBe(0)

  const again = await openWorkspace({ directory, environment: readEnvironment({}), terminal })
  const store = again.store
  const rpcUrl = (await again.log())?.rpcUrl ?? ''
  const { served, stop } = await run(again, deployed)
  const grantee = await connectFeed(served.wsUrl, { type: 'subscribe', from: 0, grantKey: keys.publicKey })
  const anybody = await connectFeed(served.wsUrl, { type: 'subscribe', from: 0 })
  const orders = await connectFeed(served.wsUrl, { type: 'subscribe', from: 0, kinds: ['order'] })
  const printed: string[] = []
  const example = await readSealed(served.wsUrl, rpcUrl, log.contract, keys, line => printed.push(line))
  // Reveal times follow from the blocks' times: the chain's clock must be ours.
  await chain.client.setNextBlockTimestamp({ timestamp: BigInt(Math.floor(Date.now() / 1_000)) })
  for (let price = 2_000; price < 2_000 + TRADES; price++) await trade(chain, price)

  await grantee.until(() => ofType(grantee, 'granted').length >= TRADES - 1)
  const early = await store.decisions.list({ agent, limit: 100 })
  const heard = JSON.stringify([anybody.messages, orders.messages])
  const shown = await everythingServed(served, early)
  const later = early.filter(({ sealed }) => (sealed?.revealAtMs ?? 0) > Date.now())
  expect(later.length).toBeGreaterThan(0)
  for (const word of wordsOf(later)) expect(`${heard}${shown}${said.join()}`).not.toContain(word)
  for (const { sealed } of later)
    expect(`${heard}${shown}`).not.toContain(
      deployed.signer.revealKeyFor(sealed?.revealAtMs ?? unixMs(0), domain).slice(2),
    )
  // The grantee has them by now.
  for (const { feedSequence, body, ...row } of later) {
    const message = ofType(grantee, 'granted').find(each => each['feedSequence'] === feedSequence)
    const envelope = envelopeOf(row)
    if (message === undefined || envelope === null || row.sealed === undefined) throw new Error('not granted')
    const opened = await openGranted({
      ...{ envelope, domain, signature: row.sealed.signature, privateKey: keys.privateKey },
      granted: message as unknown as GrantedMessage,
    })
    expect(opened.body).toBe(body)
  }

  await anybody.until(() => ofType(anybody, 'revealed').length >= early.length)
  const revealed = ofType(anybody, 'revealed')
  expect(revealed.slice(0, early.length).map(({ body }) => body)).toEqual(early.map(({ body }) => body))
  for (const { kind } of ofType(orders, 'revealed')) expect(kind).toBe('order')
  expect(await everythingServed(served, early)).toContain(wordsOf(early)[0])

  // What anybody can do by themselves: take the keys from the chain, and open what was sent sealed.
  const places = early.map(({ sequence, sealed }) => {
    if (sealed === undefined) throw new Error('not sealed')
    return { sequence, revealAtMs: sealed.revealAtMs, keyHash: sealed.keyHash }
  })
  const read = () =>
    readReveals({
      ...{ rpcUrl, agent, sealed: places },
      contract: log.reveals?.contract ?? '0x',
      fromBlock: log.reveals?.fromBlock ?? 0,
    })
  let reveals = await read()
  for (let tries = 0; tries < 100 && reveals.some(({ key }) => key === null); tries++) {
    await new Promise(resolve => setTimeout(resolve, 100))
    reveals = await read()
  }
  for (const { sequences, key, lateMs } of reveals) {
    expect(lateMs).toBeLessThan(15_000)
    for (const sequence of sequences) {
      const row = early[sequence]
      const envelope = row === undefined ? null : envelopeOf(row)
      if (!row?.sealed || envelope === null || key === null) throw new Error('not revealed')
      const { ciphertext, signature } = row.sealed
      expect((await openSealed({ envelope, signature, ciphertext, key, domain })).body).toBe(row.body)
    }
  }
  expect(printed.filter(line => line.startsWith('granted')).length).toBeGreaterThanOrEqual(later.length)
  expect(printed.filter(line => line.startsWith('FALSE'))).toEqual([])
  for (const { socket } of [grantee, anybody, orders, { socket: example }]) socket.terminate()
  await stop()
  await again.close()

  const record = await runCli(['--dir', directory, '--json', 'track-record', 'gold-trend'])
  const { decisions, embargo: kept, faults } = JSON.parse(record.stdout)
  expect(faults, record.stderr).toEqual([])
  expect(decisions.proved + kept.sealed.length).toBeGreaterThanOrEqual(early.length)
  expect(kept.revealed).toMatchObject({ late: 0, missing: 0 })
  expect(kept.revealed.inTime).toBeGreaterThanOrEqual(early.length)

  const taken = await runCli([
    '--dir',
    directory,
    '--json',
    'grant',
    'gold-trend',
    '--revoke',
    keys.publicKey,
  ])
  expect(taken.status, taken.stderr).toBe(0)
  expect(JSON.parse(taken.stdout)).toMatchObject({
    agent: 'gold-trend',
    grant: { agent, publicKey: keys.publicKey, untilMs: null, revokedAtMs: expect.any(Number) },
  })
}, 90_000)
