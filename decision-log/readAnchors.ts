import { getAbiItem } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type Address, type AgentId, type Hash, IntegrityError } from '../core/index.ts'
import { atOneBlock } from './atOneBlock.ts'
import { type ChainAccess, type ChainHead, clientOf, type LogClient, readHead } from './logChain.ts'
import { EMPTY_HEAD, type Head, headFromNumber, nextHead } from './merkle.ts'
import { type BlockRange, scanBlocks } from './scanBlocks.ts'

/** A commit of an agent, and its block. */
export type Commit = {
  readonly firstSequence: number
  readonly count: number
  readonly root: Hash
  /** The agent's head after it. */
  readonly head: Head
  readonly blockNumber: number
  readonly blockHash: Hash
}

/** A batch of an agent's decisions as the chain holds it. */
export type Anchor = Commit & {
  readonly agent: AgentId
  readonly contract: Address
  readonly transactionHash: Hash
}

/** The event that a commit emits. */
export const BATCH_COMMITTED = getAbiItem({ abi: decisionLogAbi, name: 'BatchCommitted' })

/**
 * Reads all anchors of an agent from the chain's events, and checks them: sequences gapless from 0, heads
 * chained from zero, the last head and sequence equal to the contract's own at the same block.
 *
 * @param fromBlock The block of the contract's deployment, or any before the agent's first commit; default 0.
 * @throws IntegrityError when the events do not add up, so that a node that leaves one out is noticed.
 * @throws UnavailableError when the node fails.
 */
export async function readAnchors(
  options: ChainAccess & {
    readonly contract: Address
    readonly agent: AgentId
    readonly fromBlock?: number
  },
): Promise<Anchor[]> {
  const { contract, agent, fromBlock = 0 } = options
  const client = clientOf(options)
  return atOneBlock(client, { agent, what: 'the anchors' }, async block => {
    const anchors = await readCommits(client, { contract, agent, fromBlock, toBlock: Number(block) })
    checkChained(anchors, agent)
    checkEnd(anchors, await readHead(client, contract, agent, block), { agent, fromBlock })
    return anchors
  })
}

/** Reads the commit events of an agent in a range of blocks, without checking how they chain. */
export async function readCommits(
  client: LogClient,
  range: BlockRange & {
    readonly contract: Address
    readonly agent: AgentId
    readonly firstSequence?: number
  },
): Promise<Anchor[]> {
  const { contract, agent, firstSequence } = range
  const logs = await scanBlocks(range, 'read the commits of an agent', blocks =>
    client.getLogs({
      address: contract,
      event: BATCH_COMMITTED,
      args: { agent, ...(firstSequence === undefined ? {} : { firstSequence: BigInt(firstSequence) }) },
      ...blocks,
      strict: true,
    }),
  )
  return logs.map(({ args, blockNumber, blockHash, transactionHash }) => ({
    agent,
    contract,
    firstSequence: Number(args.firstSequence),
    count: Number(args.count),
    root: args.root,
    head: headFromNumber(args.head),
    blockNumber: Number(blockNumber),
    blockHash,
    transactionHash,
  }))
}

function checkChained(anchors: readonly Anchor[], agent: AgentId): void {
  let sequence = 0
  let head = EMPTY_HEAD
  for (const anchor of anchors) {
    head = nextHead(head, anchor.root, anchor.firstSequence, anchor.count)
    if (anchor.firstSequence !== sequence || anchor.head !== head)
      throw new IntegrityError(
        anchor.firstSequence === sequence
          ? `The head of agent ${agent} does not follow from its batches at decision ${sequence}.`
          : `The chain's events of agent ${agent} go from decision ${sequence} to ${anchor.firstSequence}.`,
        {
          facts: { agent, expected: sequence, found: anchor.firstSequence, block: anchor.blockNumber },
          hint: READ_ALL,
        },
      )
    sequence += anchor.count
  }
}

function checkEnd(
  anchors: readonly Anchor[],
  state: ChainHead,
  { agent, fromBlock }: { agent: AgentId; fromBlock: number },
): void {
  const last = anchors.at(-1)
  const eventsEnd = last === undefined ? 0 : last.firstSequence + last.count
  if ((last?.head ?? EMPTY_HEAD) === state.head && eventsEnd === state.nextSequence) return
  throw new IntegrityError(
    `The chain's events of agent ${agent} end at decision ${eventsEnd}, its state at ${state.nextSequence}.`,
    { facts: { agent, fromBlock, eventsEnd, stateEnd: state.nextSequence }, hint: READ_ALL },
  )
}

const READ_ALL = "Read from the contract's deployment block, and from a node that keeps all logs since then."
