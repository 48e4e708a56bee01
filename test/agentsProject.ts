import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak256, toHex } from 'viem'
import { startAnvil } from '../cli/startAnvil.ts'
import type { Address } from '../core/index.ts'
import {
  createSigner,
  deployDecisionLog,
  deployIdentityRegistries,
  registerIdentity,
} from '../decision-log/index.ts'
import { requestNode } from '../decision-log/test/requestNode.ts'
import { KEYS } from '../decision-log/test/sampleDecisions.ts'
import { declareAgent } from './declareAgent.ts'
import { goldBars } from './goldBars.ts'
import { type CliResult, runCli } from './runCli.ts'
import { startPostgres } from './startPostgres.ts'

/** Hours of bars when the agent is deployed; it decides once a day. */
const HOURS = 24 * 40
const ACTIVE_FROM = '2020-01-25'

/** A project of one agent, "mine", that decided and anchored on a chain which has identity registries. */
export type AgentsProject = {
  readonly directory: string
  readonly rpcUrl: string
  readonly contract: Address
  readonly registries: { readonly identity: Address; readonly validation: Address }
  /** Token of the agent's owner. */
  readonly identity: bigint
  readonly agent: Address
  /** Private keys, all funded. */
  readonly keys: Readonly<Record<'agent' | 'owner' | 'stranger' | 'next' | 'spare', string>>
  rpc(method: string, ...params: unknown[]): Promise<unknown>
  /** What a host of the agent has in its environment. */
  readonly environment: Readonly<Record<'DATABASE_URL' | 'TOUCHSTONE_KEY_MINE', string>>
  /** Runs a command of the project with the agent's key. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<CliResult>
  /** Another host: a folder with the same project and none of its files else, on the same database. */
  anotherHost(): Promise<string>
  /** Puts so many more days of bars before the agent. */
  goOn(days: number): Promise<void>
  close(): Promise<void>
}

/** Makes the project, with the built command line. */
export async function openAgentsProject(): Promise<AgentsProject> {
  const [directory, anvil, postgres] = await Promise.all([
    mkdtemp(join(tmpdir(), 'touchstone-agents-')),
    startAnvil(),
    startPostgres(),
  ])
  const folders = [directory]
  const keyOf = (name: string) => keccak256(toHex(`agents project ${name}`))
  const keys = {
    agent: keyOf('agent'),
    owner: KEYS[1],
    stranger: KEYS[2],
    next: keyOf('next'),
    spare: keyOf('spare'),
  }
  const { agent } = createSigner(keys.agent)
  const rpc = (method: string, ...params: unknown[]) => requestNode(anvil.url, method, params)
  const funds = toHex(10n ** 20n)
  for (const key of [keys.agent, keys.next, keys.spare])
    await rpc('anvil_setBalance', createSigner(key).agent, funds)
  const registries = await deployIdentityRegistries({ rpcUrl: anvil.url, privateKey: KEYS[0] })
  const { address: contract } = await deployDecisionLog({
    rpcUrl: anvil.url,
    privateKey: KEYS[0],
    identityRegistry: registries.identity,
  })
  const identity = await registerIdentity(
    { rpcUrl: anvil.url, privateKey: keys.owner },
    { registry: registries.identity, agentUri: 'ipfs://mine' },
  )
  const own = { DATABASE_URL: postgres.url, TOUCHSTONE_KEY_MINE: keys.agent }
  const run: AgentsProject['run'] = (args, environment = {}) =>
    runCli(['--dir', directory, ...args], { ...own, ...environment })
  const done = async (...args: string[]) => {
    const { status, stderr } = await run(args)
    if (status !== 0) throw new Error(`touchstone ${args.join(' ')}: ${stderr}`)
  }

  const bars = join(directory, 'gold.csv')
  await writeFile(bars, goldBars(HOURS))
  await done('ingest', '--bars', bars, '--instrument', 'oanda:XAUUSD', '--symbol', 'XAUUSD')
  await declareAgent(directory)
  await done(
    ...['run', 'mine', '--once', '--from', ACTIVE_FROM],
    ...['--rpc', anvil.url, '--log', contract, '--chain-id', String(anvil.chainId)],
  )
  return {
    ...{ directory, rpcUrl: anvil.url, contract, registries, identity, agent, keys, rpc, run },
    environment: own,
    goOn: days => writeFile(bars, goldBars(HOURS + 24 * days)),
    async anotherHost() {
      const folder = await mkdtemp(join(tmpdir(), 'touchstone-host-'))
      folders.push(folder)
      await copyFile(join(directory, 'project.json'), join(folder, 'project.json'))
      return folder
    },
    async close() {
      await Promise.all([anvil.stop(), postgres.stop()])
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}
