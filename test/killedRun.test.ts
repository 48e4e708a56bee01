import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openLocalChain } from '../cli/localChain.ts'
import { readProject } from '../cli/project.ts'
import { readAnchors, readLeaves } from '../decision-log/index.ts'
import { type CommandEnvironment, onEachStore, openStoreOf } from './eachStore.ts'
import { runCli, startCli } from './runCli.ts'

// The demo is killed while its agents trade; `touchstone run` then finishes what it left.

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'touchstone-killed-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const decisionsSchema = z.object({
  decisions: z.array(z.object({ agent: z.string(), sequence: z.number() })),
})
const resultSchema = z.object({
  agents: z.array(
    z.object({ agent: z.string(), replayed: z.number(), recorded: z.number(), anchored: z.number() }),
  ),
})

onEachStore(
  ({ name, environment }) => {
    test('kill -9 in the live phase, then run: no decision is lost, doubled or left unanchored', async () => {
      const directory = join(root, name)
      const variables = await environment()
      const demo = startCli(['--dir', directory, 'demo', '--exit'], variables)
      await expect
        .poll(() => demo.output.stdout, { timeout: 400_000, interval: 50 })
        .toContain('serving http')
      const url = /serving (http:\S+)/.exec(demo.output.stdout)?.[1] ?? ''
      // Well into the live phase, with decisions recorded that no batch has carried yet.
      await expect
        .poll(
          async () =>
            decisionsSchema.parse(await (await fetch(`${url}/v1/decisions?limit=100`)).json()).decisions
              .length,
          {
            timeout: 180_000,
            interval: 50,
          },
        )
        .toBeGreaterThan(60)
      demo.child.kill('SIGKILL')
      expect((await demo.done).status).toBeNull()

      const acknowledged = await recordedIn(directory, variables)
      expect(acknowledged.size).toBeGreaterThan(60)

      const run = await runCli(['--dir', directory, '--json', 'run', '--once'], variables)
      expect(run.status, run.stderr).toBe(0)
      const { agents } = resultSchema.parse(JSON.parse(run.stdout))
      expect(agents.map(({ agent }) => agent)).toEqual(['order-flow-momentum', 'gold-trend'])
      for (const { replayed, recorded, anchored } of agents) expect(anchored).toBe(replayed + recorded)
      expect(agents.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(acknowledged.size)

      const finished = await recordedIn(directory, variables)
      for (const [id, leaf] of acknowledged) expect(finished.get(id), id).toBe(leaf)
      await expectAnchoredOnce(directory, finished)

      const audit = await runCli(['--dir', directory, '--json', 'audit'], variables)
      expect(audit.status, audit.stderr).toBe(0)
      expect(JSON.parse(audit.stdout)).toMatchObject({
        checked: finished.size,
        equal: finished.size,
        different: 0,
      })

      // Another run finds nothing left to do.
      const again = await runCli(['--dir', directory, '--json', 'run', '--once'], variables)
      expect(resultSchema.parse(JSON.parse(again.stdout)).agents.map(({ recorded }) => recorded)).toEqual([
        0, 0,
      ])
    }, 900_000)
  },
  { atOnce: true },
)

/** Leaf of every decision in the store, by `agent/sequence`; sequences must have no gap. */
async function recordedIn(directory: string, variables: CommandEnvironment): Promise<Map<string, string>> {
  const store = await openStoreOf(variables, directory)
  try {
    const leaves = new Map<string, string>()
    for (const { id } of await store.agents.list()) {
      const decisions = await store.decisions.list({ agent: id, limit: 100_000 })
      expect(decisions.map(({ sequence }) => sequence)).toEqual(decisions.map((_, index) => index))
      for (const { sequence, leaf } of decisions) leaves.set(`${id}/${sequence}`, leaf)
    }
    return leaves
  } finally {
    await store.close()
  }
}

/** Reads the chain alone: each decision's leaf was committed once, in sequence, and nothing else was. */
async function expectAnchoredOnce(directory: string, recorded: ReadonlyMap<string, string>): Promise<void> {
  const log = (await readProject(directory))?.log
  if (log === null || log === undefined) throw new Error('the project has no log')
  const chain = await openLocalChain(directory)
  try {
    const onChain = new Map<string, string>()
    for (const agent of new Set([...recorded.keys()].map(id => id.slice(0, 42) as `0x${string}`))) {
      const access = { rpcUrl: chain.url }
      for (const anchor of await readAnchors({
        ...access,
        contract: log.contract,
        agent,
        fromBlock: log.fromBlock,
      })) {
        const leaves = await readLeaves(anchor, access)
        for (const [index, leaf] of leaves.entries()) {
          const id = `${agent}/${anchor.firstSequence + index}`
          expect(onChain.has(id), `${id} twice`).toBe(false)
          onChain.set(id, leaf)
        }
      }
    }
    expect(onChain).toEqual(recorded)
  } finally {
    await chain.stop()
  }
}
