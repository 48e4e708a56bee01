import { type Hex, keccak256, type PrivateKeyAccount, toHex, zeroAddress } from 'viem'
import { decisionLogAbi, decisionLogBytecode } from '../../contracts/abi/index.ts'
import { batchRoot, signCommit } from '../../decision-log/index.ts'
import type { LocalChain } from './localChain.ts'

/** Gas of whole transactions of the decision log; each agent has committed before, so that its slot is written. */
export type LogGas = {
  /** Gas of a batch with its leaves, by its number of decisions. */
  readonly leaves: Readonly<Record<number, number>>
  /** Gas of a batch whose root alone goes on chain, by its number of decisions. */
  readonly rootOnly: Readonly<Record<number, number>>
  /** Gas of a relayed transaction of batches of ten decisions, by the number of agents. */
  readonly relayedLeaves: Readonly<Record<number, number>>
  readonly relayedRoots: Readonly<Record<number, number>>
  /** Gas of the first batch of an agent, root alone: it writes the agent's slot. */
  readonly first: number
  /** Gas of a batch after the agent was taken over, root alone: the key is read from a slot of its own. */
  readonly afterEpoch: number
  readonly startEpoch: number
}

/** Decisions of each relayed batch. */
export const RELAYED_DECISIONS = 10
const SIZES = [1, 10, 100, 1_000]
const ROOT_SIZES = [1, 1_000, 1_000_000]
const AGENTS = [1, 10, 100]

/** Measures the log on a local chain, under its rules. */
export async function measureLog(chain: LocalChain): Promise<LogGas> {
  const log = await chain.deploy(decisionLogAbi, decisionLogBytecode, [zeroAddress])
  const stateOf = (agent: Hex) => chain.read(log, decisionLogAbi, 'stateOf', [agent]) as Promise<Hex>
  const gasOf = (functionName: string, args: readonly unknown[], account?: PrivateKeyAccount) =>
    chain.gasOf(log, decisionLogAbi, functionName, args, account)
  const commitRoot = async (key: PrivateKeyAccount, count: number) => {
    const state = await stateOf(key.address)
    return gasOf('commitRoot', [key.address, state, BigInt(count), keccak256(state)], key)
  }

  const own = await chain.keyAt(0)
  const first = await commitRoot(own, 10)
  const leaves: Record<number, number> = {}
  for (const size of SIZES)
    leaves[size] = await gasOf('commit', [own.address, await stateOf(own.address), leavesOf(size, size)], own)
  const rootOnly: Record<number, number> = {}
  for (const size of ROOT_SIZES) rootOnly[size] = await commitRoot(own, size)
  const startEpoch = await gasOf('startEpoch', [own.address, 1, own.address, '0x', '0x'], own)
  const afterEpoch = await commitRoot(own, 10)

  const keys: PrivateKeyAccount[] = []
  for (let number = 1; number <= Math.max(...AGENTS); number++) {
    const key = await chain.keyAt(number)
    await commitRoot(key, 1)
    keys.push(key)
  }
  const relayed = async (agents: number, withLeaves: boolean) => {
    const commits = await Promise.all(
      keys.slice(0, agents).map(async (key, index) => {
        const state = await stateOf(key.address)
        const batch = { agent: key.address, state, leaves: leavesOf(agents + index, RELAYED_DECISIONS) }
        return signed(key, { chainId: chain.chainId, log }, batch, withLeaves)
      }),
    )
    return gasOf('commitMany', [commits])
  }
  const relayedLeaves: Record<number, number> = {}
  const relayedRoots: Record<number, number> = {}
  for (const agents of AGENTS) {
    relayedLeaves[agents] = await relayed(agents, true)
    relayedRoots[agents] = await relayed(agents, false)
  }
  return { leaves, rootOnly, relayedLeaves, relayedRoots, first, afterEpoch, startEpoch }
}

const leavesOf = (seed: number, count: number): Hex[] =>
  Array.from({ length: count }, (_, index) => keccak256(toHex(`${seed}/${index}`)))

async function signed(
  key: PrivateKeyAccount,
  { chainId, log }: { readonly chainId: number; readonly log: Hex },
  batch: { readonly agent: Hex; readonly state: Hex; readonly leaves: readonly Hex[] },
  withLeaves: boolean,
) {
  const { agent, state, leaves } = batch
  const [count, root] = [BigInt(leaves.length), batchRoot(leaves)]
  const domain = { chainId, verifyingContract: log }
  const signature = await signCommit(key, domain, {
    ...{ agent, state, root },
    count: leaves.length,
    leaves: withLeaves,
  })
  return withLeaves
    ? { agent, state, count: 0n, root: `0x${'0'.repeat(64)}`, leaves, signature }
    : { agent, state, count, root, leaves: [], signature }
}
