import { toFunctionSelector } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../core/index.ts'
import { readAnchors, readEpochs, readLeaves } from '../decision-log/index.ts'
import { connect } from '../decision-log/logChain.ts'
import { openPostgres } from '../feature-store/index.ts'
import { type AgentsProject, openAgentsProject } from './agentsProject.ts'
import { runCli, startCli } from './runCli.ts'
import { postgresIsAvailable } from './startPostgres.ts'

// Two hosts of one agent, as two processes on one database and one chain. The first is killed while a batch of its is in
// the pool; the second is refused until it takes over, and the first from then on.

const START_EPOCH = toFunctionSelector('startEpoch(address,uint16,address,bytes,bytes)')

describe.skipIf(!postgresIsAvailable())('two hosts of one agent', () => {
  let project: AgentsProject
  let store: Store
  beforeAll(async () => {
    project = await openAgentsProject()
    store = await openPostgres({ url: project.environment.DATABASE_URL, connections: 2 })
  }, 60_000)
  afterAll(async () => {
    await store?.close()
    await project?.close()
  })

  test('one works for it at a time, and each decision is anchored once, in order', async () => {
    const { agent, directory: first, environment, rpc } = project
    const second = await project.anotherHost()
    const on = (directory: string, ...args: string[]) => runCli(['--dir', directory, ...args], environment)
    const before = await store.decisions.nextSequence(agent)

    // Nothing is mined: what the first host sends stays in the pool.
    await rpc('evm_setAutomine', false)
    await project.goOn(20)
    const running = startCli(['--dir', first, 'run', 'mine', '--port', '0'], environment)
    await inThePool(project.contract)
    const beside = await on(second, 'run', 'mine', '--once', '--port', '0')
    expect(beside).toMatchObject({ status: 4, stdout: '' })
    expect(beside.stderr).toContain(
      `error: Another host works for agent ${agent} on this store, in its epoch 0.\n       Let the other host go on; or stop it, and give this one its decisions: touchstone agents take-over AGENT\n`,
    )
    running.child.kill('SIGKILL')
    expect((await running.done).status).toBeNull()
    const recorded = await store.decisions.nextSequence(agent)
    expect(recorded).toBeGreaterThan(before)

    // What the dead host had sent is mined in one block with what the second one asks for.
    const taking = startCli(['--dir', second, 'agents', 'take-over', 'mine'], environment)
    await inThePool(START_EPOCH)
    await rpc('evm_setAutomine', true)
    await rpc('anvil_mine', '0x1')
    const taken = await taking.done
    expect(taken).toMatchObject({
      status: 0,
      stdout: `mine is in epoch 1, and this host works for it with key ${agent}\n`,
    })

    await project.goOn(30)
    const [again, goneOn] = await Promise.all([
      on(first, 'run', 'mine', '--once', '--port', '0'),
      on(second, 'run', 'mine', '--once', '--port', '0'),
    ])
    expect(again).toMatchObject({ status: 4, stdout: '' })
    expect(again.stderr).toContain(
      `error: Another host works for agent ${agent} on this store, in its epoch 1.`,
    )
    expect(goneOn.status, goneOn.stderr).toBe(0)

    const rows = await store.decisions.list({ agent, limit: 10_000 })
    expect(rows.length).toBeGreaterThan(recorded)
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index))
    expect(await anchoredLeaves()).toEqual(rows.map(({ leaf }) => leaf))
    const audit = await on(second, '--json', 'audit', 'mine')
    expect(JSON.parse(audit.stdout)).toMatchObject({ checked: rows.length, different: 0 })
  }, 180_000)

  /** Waits until a transaction that is not mined yet names something. */
  async function inThePool(what: string): Promise<void> {
    const pending = async () => JSON.stringify(await project.rpc('eth_getBlockByNumber', 'pending', true))
    await expect.poll(pending, { timeout: 60_000, interval: 50 }).toContain(what)
  }

  /** Reads the chain alone: the leaves of every batch, which must follow each other without a gap. */
  async function anchoredLeaves(): Promise<string[]> {
    const { rpcUrl, contract, agent, rpc } = project
    const leaves: string[] = []
    for (const anchor of await readAnchors({ rpcUrl, contract, agent })) {
      expect(anchor.firstSequence).toBe(leaves.length)
      leaves.push(...(await readLeaves(anchor, { rpcUrl })))
    }
    const toBlock = Number(await rpc('eth_blockNumber'))
    const epochs = await readEpochs(connect(rpcUrl), { contract, agent, fromBlock: 0, toBlock })
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1])
    return leaves
  }
})
