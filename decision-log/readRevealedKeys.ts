import { getAbiItem } from 'viem'
import { revealLogAbi } from '../contracts/abi/index.ts'
import { type Address, type AgentId, type Hash, type UnixMs, unixMs } from '../core/index.ts'
import type { LogClient } from './logChain.ts'
import { type BlockRange, scanBlocks } from './scanBlocks.ts'

/** A key that somebody posted in an agent's name; whether it is the agent's, its envelopes and records tell. */
export type PostedKey = {
  readonly revealAtMs: UnixMs
  readonly key: Hash
  readonly blockNumber: number
  readonly transactionHash: Hash
}

const REVEALED = getAbiItem({ abi: revealLogAbi, name: 'Revealed' })

/**
 * Reads the keys that were posted in an agent's name in a range of blocks, in the chain's order.
 *
 * @throws UnavailableError when the node fails.
 */
export async function readRevealedKeys(
  client: Pick<LogClient, 'getLogs'>,
  range: BlockRange & { readonly contract: Address; readonly agent: AgentId },
): Promise<PostedKey[]> {
  const { contract, agent } = range
  const logs = await scanBlocks(range, 'read the revealed keys of an agent', blocks =>
    client.getLogs({ address: contract, event: REVEALED, args: { agent }, ...blocks, strict: true }),
  )
  return (
    logs
      // Beyond what a double counts exactly there is no reveal time of ours.
      .filter(({ args }) => args.revealAtMs <= BigInt(Number.MAX_SAFE_INTEGER))
      .map(({ args, blockNumber, transactionHash }) => ({
        revealAtMs: unixMs(Number(args.revealAtMs)),
        key: args.key,
        blockNumber: Number(blockNumber),
        transactionHash,
      }))
  )
}
