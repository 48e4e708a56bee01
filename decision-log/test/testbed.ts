import { setTimeout as sleep } from 'node:timers/promises'
import { keccak256, toHex } from 'viem'
import { startAnvil } from '../../cli/startAnvil.ts'
import { type Address, type Hash, unixMs } from '../../core/index.ts'
import {
  type AgentSigner,
  type AnchorWorkerOptions,
  createRecorder,
  createSigner,
  deployDecisionLog,
  type LogDomain,
} from '../index.ts'
import { createMemoryDecisionStore, type MemoryDecisionStore } from './memoryDecisionStore.ts'
import { requestNode } from './requestNode.ts'
import { hashOf, KEYS, sampleDecision } from './sampleDecisions.ts'

/** A local chain with a decision log. */
export type Testbed = {
  readonly url: string
  readonly contract: Address
  readonly deployedAt: number
  readonly domain: LogDomain
  rpc(method: string, ...params: unknown[]): Promise<unknown>
  /** An agent with a funded key of its own and an empty store. */
  newAgent(): Promise<TestAgent>
  stop(): Promise<void>
}

export type TestAgent = {
  readonly signer: AgentSigner
  readonly privateKey: Hash
  readonly store: MemoryDecisionStore
  /** Records the next sample decisions. */
  record(count: number): Promise<void>
  /** Options of a worker that is quick enough for a test. */
  readonly options: AnchorWorkerOptions
}

/** @param name Sets its agents' keys apart from those of other testbeds of the same process. */
export async function openTestbed(name = 'test'): Promise<Testbed> {
  const anvil = await startAnvil()
  const { address, blockNumber } = await deployDecisionLog({ rpcUrl: anvil.url, privateKey: KEYS[0] })
  const domain: LogDomain = { chainId: anvil.chainId, verifyingContract: address }
  let agents = 0
  const rpc: Testbed['rpc'] = (method, ...params) => requestNode(anvil.url, method, params)
  return {
    url: anvil.url,
    contract: address,
    deployedAt: blockNumber,
    domain,
    rpc,
    stop: () => anvil.stop(),
    async newAgent() {
      agents += 1
      const privateKey = keccak256(toHex(`${name} agent ${agents}`))
      const signer = createSigner(privateKey)
      await rpc('anvil_setBalance', signer.agent, toHex(10n ** 20n))
      // Deep enough below, that a test may reorg without touching the deployment or the funds.
      await rpc('anvil_mine', '0x8')
      const store = createMemoryDecisionStore()
      const recorder = createRecorder({ store, signer, domain })
      return {
        signer,
        privateKey,
        store,
        async record(count) {
          const first = await store.nextSequence(signer.agent)
          await recorder.record(
            Array.from({ length: count }, (_, index) => sampleDecision(signer.agent, first + index)),
            hashOf('9'),
          )
        },
        options: {
          store,
          rpcUrl: anvil.url,
          contract: address,
          signer,
          intervalMs: 20,
          stuckAfterMs: 60_000,
          fromBlock: blockNumber,
          now: () => unixMs(Date.now()),
        },
      }
    },
  }
}

/** Waits until a condition holds; the test's own time limit ends it otherwise. */
export async function until<T>(condition: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const value = await condition()
    if (value) return value
    await sleep(10)
  }
}
