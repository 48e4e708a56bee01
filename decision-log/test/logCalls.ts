import { createWalletClient, encodeFunctionData, type Hex, http, type LocalAccount } from 'viem'
import { decisionLogAbi } from '../../contracts/abi/index.ts'
import type { Address, AgentId, Hash } from '../../core/index.ts'
import type { LogDomain } from '../decisionTypes.ts'
import { connect, readHead, stateWord } from '../logChain.ts'
import { type MessageSigner, signCommit } from '../logMessages.ts'
import { batchRoot } from '../merkle.ts'
import { waitForReceipt } from '../waitForReceipt.ts'

/** A batch to commit through a relay; leaves are empty where the root alone goes on chain. */
export type RelayedCommit = {
  readonly agent: AgentId
  readonly state: Hash
  readonly count: bigint
  readonly root: Hash
  readonly leaves: readonly Hash[]
  readonly signature: Hex
}

/** Makes a batch that anybody may send. */
export async function relayedCommit(
  key: MessageSigner,
  domain: LogDomain,
  batch: {
    readonly agent: AgentId
    readonly state: Hash
    readonly leaves: readonly Hash[]
    readonly rootOnly?: boolean
  },
): Promise<RelayedCommit> {
  const { agent, state, rootOnly = false } = batch
  const message = {
    agent,
    state,
    count: batch.leaves.length,
    root: batchRoot(batch.leaves),
    leaves: !rootOnly,
  }
  const signature = await signCommit(key, domain, message)
  const [count, root] = [BigInt(message.count), message.root]
  return { agent, state, count, root, leaves: rootOnly ? [] : batch.leaves, signature }
}

/** Calls of a log on a local chain, from one account; each waits until it is mined. */
export function createLogCalls(url: string, contract: Address, account: LocalAccount) {
  const wallet = createWalletClient({ account, transport: http(url) })
  const reader = connect(url)
  const send = async (data: Hex): Promise<Hash> => {
    const hash = await wallet.sendTransaction({ to: contract, data, chain: null })
    const { status } = await waitForReceipt(reader, hash)
    if (status !== 'success') throw new Error(`${hash} was reverted`)
    return hash
  }
  return {
    async stateOf(agent: AgentId): Promise<Hash> {
      return stateWord(await readHead(reader, contract, agent, await reader.getBlockNumber()))
    },
    commit: (agent: AgentId, state: Hash, leaves: readonly Hash[]) =>
      send(encodeFunctionData({ abi: decisionLogAbi, functionName: 'commit', args: [agent, state, leaves] })),
    commitRoot: (agent: AgentId, state: Hash, count: number, root: Hash) =>
      send(
        encodeFunctionData({
          abi: decisionLogAbi,
          functionName: 'commitRoot',
          args: [agent, state, BigInt(count), root],
        }),
      ),
    commitMany: (commits: readonly RelayedCommit[]) =>
      send(encodeFunctionData({ abi: decisionLogAbi, functionName: 'commitMany', args: [commits] })),
    startEpoch: (agent: AgentId, epoch: number, key: Address, possession: Hex, authority: Hex) =>
      send(
        encodeFunctionData({
          abi: decisionLogAbi,
          functionName: 'startEpoch',
          args: [agent, epoch, key, possession, authority],
        }),
      ),
  }
}
