import { getAbiItem } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import type { Address, AgentId, Hash } from '../core/index.ts'
import type { LogClient } from './logChain.ts'
import { lowerCase } from './lowerCase.ts'
import { type BlockRange, scanBlocks } from './scanBlocks.ts'

/** The time of one host or key of an agent, as the chain holds its beginning. */
export type KeyEpoch = {
  /** From 1; the epoch 0 is the agent's first, which nothing starts. */
  readonly epoch: number
  /** Address of the key that signs and commits from `firstSequence` on, lower-case. */
  readonly key: Address
  /** The agent's next sequence when it began. */
  readonly firstSequence: number
  readonly blockNumber: number
  readonly blockHash: Hash
  readonly transactionHash: Hash
}

const EPOCH_STARTED = getAbiItem({ abi: decisionLogAbi, name: 'EpochStarted' })

/**
 * Reads the epochs of an agent that were started in a range of blocks, in order; the first, which nothing starts,
 * is none of them.
 *
 * @throws UnavailableError when the node fails.
 */
export async function readEpochs(
  client: LogClient,
  range: BlockRange & {
    readonly contract: Address
    readonly agent: AgentId
    /** This one alone; all unless given. */
    readonly epoch?: number
  },
): Promise<KeyEpoch[]> {
  const { contract, agent, epoch } = range
  const logs = await scanBlocks(range, 'read the epochs of an agent', blocks =>
    client.getLogs({
      address: contract,
      event: EPOCH_STARTED,
      args: { agent, ...(epoch === undefined ? {} : { epoch }) },
      ...blocks,
      strict: true,
    }),
  )
  return logs.map(({ args, blockNumber, blockHash, transactionHash }) => ({
    epoch: args.epoch,
    key: lowerCase(args.key),
    firstSequence: Number(args.firstSequence),
    blockNumber: Number(blockNumber),
    blockHash,
    transactionHash,
  }))
}
