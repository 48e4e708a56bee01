import { encodeFunctionData, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { decisionLogAbi } from '../../contracts/abi/index.ts'
import {
  type DecisionStore,
  type Hash,
  type Random,
  TakenOverError,
  UnavailableError,
  unixMs,
} from '../../core/index.ts'
import { type AnchorWorker, createAnchorRelay, createRecorder, takeOver } from '../index.ts'
import { connect } from '../logChain.ts'
import { copyOfStore } from './copyOfStore.ts'
import type { Fate, FaultProxy } from './faultProxy.ts'
import type { MemoryDecisionStore } from './memoryDecisionStore.ts'
import { hashOf, sampleDecision } from './sampleDecisions.ts'
import type { TestAgent, Testbed } from './testbed.ts'

/** Everything that can go wrong in a simulation; each must, in one seed or another. */
export const FAULTS = [
  'crash before a write',
  'crash after a write',
  'crash before a send',
  'crash after a send',
  'crash on a read of the chain',
  'request lost',
  'answer lost',
  'transaction delivered late',
  'node refuses',
  'node lags',
  'store refuses',
  'batches lost',
  'clock jumps',
  'transactions dropped',
  'nothing mined',
  'fee spike',
  'reorg',
  'reorg of an epoch',
  'take-over',
  'take-over of a running host',
  'agent commits past its relayer',
  'commit skipped',
] as const
export type Fault = (typeof FAULTS)[number]

/** How often each fault was met. */
export type FaultCount = Map<Fault, number>

/** Where a host's process dies: before or after the effect of its n-th call of store or node, or of its next send. */
type Crash = { left: number; readonly onSend: boolean; readonly after: boolean; crashed: boolean }

/** What a host works with, of the simulated world. */
export type World = {
  readonly bed: Testbed
  readonly proxies: readonly FaultProxy[]
  readonly random: Random
  readonly count: (fault: Fault) => void
  /** True where one account sends for all agents. */
  readonly relayed: boolean
  readonly form: 'leaves' | 'root'
}

const COPIED_METHODS = new Set(['saveBatch', 'dropBatch', 'saveEpoch', 'append', 'resign'])

/** A machine that works for agents, with a store for each, a relayer of its own, and links that fail. */
export class SimulatedHost {
  readonly name: Hash
  private readonly account
  private crash: Crash | null = null
  private storeRefuses = false
  private clockSkewMs = 0
  private workers: AnchorWorker[] = []
  /** What ended the work for an agent. */
  readonly failures: Error[] = []

  private world: World
  private readonly agents: readonly TestAgent[]
  readonly stores: readonly MemoryDecisionStore[]

  constructor(
    world: World,
    agents: readonly TestAgent[],
    stores: readonly MemoryDecisionStore[],
    number: number,
  ) {
    this.world = world
    this.agents = agents
    this.stores = stores
    this.name = keccak256(toHex(`host ${number} of ${agents[0]?.signer.agent}`))
    this.account = privateKeyToAccount(keccak256(toHex(`relayer of ${this.name}`)))
  }

  /** Gives the relayer what its transactions cost. */
  async fund(): Promise<void> {
    const { bed } = this.world
    await bed.rpc('anvil_setBalance', this.account.address, toHex(10n ** 20n))
    // Deep enough below that no reorg takes the funds.
    await bed.rpc('anvil_mine', '0x10')
  }

  /** A host with copies of the stores as they are now. */
  static copyOf(host: SimulatedHost, number: number): SimulatedHost {
    return new SimulatedHost(host.world, host.agents, host.stores.map(copyOfStore), number)
  }

  /** Reaches the chain through these from now on. */
  setLinks(proxies: readonly FaultProxy[]): void {
    this.world = { ...this.world, proxies }
  }

  get hasCrashed(): boolean {
    return this.crash?.crashed ?? false
  }

  /** Starts the process, which dies at a random point of its work unless it is to live. */
  start({ mortal }: { readonly mortal: boolean }): void {
    const { random, proxies } = this.world
    // Early crashes are likelier: a pass is a handful of calls.
    this.crash = mortal
      ? {
          left: 1 + Math.floor(random() ** 2 * 50),
          onSend: random() < 0.2,
          after: random() < 0.5,
          crashed: false,
        }
      : null
    for (const proxy of proxies) proxy.fate = method => this.fateOf(method)
    this.workers = this.createWorkers(proxies.map(({ url }) => url))
    for (const worker of this.workers) worker.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.splice(0).map(worker => worker.stop()))
    for (const proxy of this.world.proxies) proxy.fate = () => 'pass'
    this.storeRefuses = false
  }

  /** Records decisions of a random agent; a process that is dead, or whose store refuses, records none. */
  async record(most: number): Promise<void> {
    const { random, bed } = this.world
    const index = Math.floor(random() * this.agents.length)
    const [agent, store] = [this.agents[index], this.stores[index]]
    if (agent === undefined || store === undefined || this.hasCrashed) return
    const { signer } = agent
    const recorder = createRecorder({
      store: this.guarded(store),
      signer,
      domain: bed.domain,
      host: this.name,
    })
    const first = await store.nextSequence(signer.agent)
    const count = 1 + Math.floor(random() * most)
    const decisions = Array.from({ length: count }, (_, each) => sampleDecision(signer.agent, first + each))
    await recorder.record(decisions, hashOf('9')).catch(() => {})
  }

  disturbStore(): void {
    const { random, count } = this.world
    this.storeRefuses = random() < 0.5
    if (this.storeRefuses) count('store refuses')
  }

  disturbClock(): void {
    const { random, count } = this.world
    count('clock jumps')
    this.clockSkewMs = Math.floor((random() - 0.5) * 7_200_000)
  }

  loseBatches(): void {
    this.world.count('batches lost')
    for (const store of this.stores) store.saved.clear()
  }

  /** Commits the next decisions of an agent by its own key, past the relayer and the store. */
  async commitAside(): Promise<void> {
    const { bed, count } = this.world
    const [agent, store] = [this.agents[0], this.stores[0]]
    if (agent === undefined || store === undefined) return
    const client = connect(bed.url)
    const { agent: id, account } = agent.signer
    // Before its host worked for it, that would be another host's doing.
    if ((await store.epochOf(id)) === null) return
    const state = await client.readContract({
      ...{ address: bed.contract, abi: decisionLogAbi, functionName: 'stateOf' },
      args: [id],
    })
    const next = Number(`0x${state.slice(-12)}`)
    const leaves = store.rows.slice(next, next + 2).map(({ leaf }) => leaf)
    if (leaves.length === 0) return
    count('agent commits past its relayer')
    const signed = await account.signTransaction({
      ...{ type: 'eip1559', chainId: bed.domain.chainId, to: bed.contract, gas: 300_000n },
      nonce: await client.getTransactionCount({ address: account.address }),
      data: encodeFunctionData({ abi: decisionLogAbi, functionName: 'commit', args: [id, state, leaves] }),
      // Better paid than the relayer's, so that it goes first where both wait.
      ...{ maxFeePerGas: 400_000_000_000n, maxPriorityFeePerGas: 200_000_000_000n },
    })
    await bed.rpc('eth_sendRawTransaction', signed).catch(() => {})
  }

  /** Takes every agent over, through links that work. */
  async takeOver(): Promise<void> {
    for (const [index, agent] of this.agents.entries())
      await takeOver({
        ...this.options([this.world.bed.url]),
        ...{ store: this.stores[index] ?? agent.store, signer: agent.signer, host: this.name },
        ...(this.world.relayed ? { account: this.account } : {}),
        anchor: this.world.form,
      })
  }

  /** Anchors everything, through links that work. */
  async finish(): Promise<void> {
    this.crash = null
    this.workers = this.createWorkers([this.world.bed.url])
    try {
      await Promise.all(this.workers.map(worker => worker.flush()))
    } finally {
      await this.stop()
    }
  }

  private options(rpcUrl: readonly string[]) {
    return {
      rpcUrl,
      contract: this.world.bed.contract,
      fromBlock: this.world.bed.deployedAt,
      intervalMs: 5,
      stuckAfterMs: 60,
      nodeRecheckMs: 20,
      lagPatienceMs: 150,
      maxFeePerGas: 100_000_000_000n,
      now: () => unixMs(Date.now() + this.clockSkewMs),
    }
  }

  private createWorkers(rpcUrl: readonly string[]): AnchorWorker[] {
    const shared = createAnchorRelay({ ...this.options(rpcUrl), account: this.account })
    return this.agents.map((agent, index) => {
      const { signer } = agent
      const relay = this.world.relayed
        ? shared
        : createAnchorRelay({ ...this.options(rpcUrl), account: signer.account })
      return relay.add({
        store: this.guarded(this.stores[index] ?? agent.store),
        signer,
        host: this.name,
        anchor: this.world.form,
        maxBatch: 4,
        onFailure: error => void this.failures.push(error),
      })
    })
  }

  private fateOf(method: string): Fate {
    const { random, count } = this.world
    const sends = method === 'eth_sendRawTransaction'
    if (this.crash !== null) {
      if (this.crash.crashed) return 'loseRequest'
      if (this.crash.onSend ? sends : --this.crash.left <= 0) {
        this.crash.crashed = true
        if (!sends) count('crash on a read of the chain')
        else count(this.crash.after ? 'crash after a send' : 'crash before a send')
        return this.crash.after ? 'loseResponse' : 'loseRequest'
      }
    }
    const dice = random()
    const chosen: readonly [Fault, Fate] | null = sends
      ? dice < 0.1
        ? ['transaction delivered late', 'late']
        : dice < 0.15
          ? ['answer lost', 'loseResponse']
          : null
      : dice < 0.01
        ? ['request lost', 'loseRequest']
        : dice < 0.02
          ? ['node refuses', 'refuse']
          : dice < 0.08 && method === 'eth_getBlockByNumber'
            ? ['node lags', 'stale']
            : null
    if (chosen === null) return 'pass'
    count(chosen[0])
    return chosen[1]
  }

  /** The store as the process sees it: once it is dead, no call has an effect; a full disk takes no write. */
  private guarded(store: DecisionStore): DecisionStore {
    const { count } = this.world
    return new Proxy(store, {
      get: (target, method) => {
        const call: unknown = Reflect.get(target, method)
        if (typeof call !== 'function') return call
        return async (...args: unknown[]) => {
          const { crash } = this
          const writes = COPIED_METHODS.has(String(method))
          if (crash?.crashed) throw new Error('the process is dead')
          if (writes && this.storeRefuses) throw noRoom()
          if (crash === null || crash.onSend || --crash.left > 0) return Reflect.apply(call, target, args)
          crash.crashed = true
          if (writes) count(crash.after ? 'crash after a write' : 'crash before a write')
          if (crash.after) await Reflect.apply(call, target, args)
          throw new Error('the process dies')
        }
      },
    })
  }
}

/** True when a host was told that another one works for its agents. */
export const isTakenOver = (error: unknown): boolean => error instanceof TakenOverError

function noRoom(): UnavailableError {
  return new UnavailableError('The store has no room left.', { hint: 'Free some room.' })
}
