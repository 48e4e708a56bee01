import { decodeFunctionData } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type Address, type AgentId, type Hash, IntegrityError, UnavailableError } from '../core/index.ts'
import {
  type ChainAccess,
  type ChainHead,
  chainFailure,
  clientOf,
  hasName,
  isConnectionFailure,
  type LogClient,
  readHead,
} from './logChain.ts'
import { batchRoot, EMPTY_HEAD, type Head, headFromNumber, nextHead } from './merkle.ts'

/** A batch of an agent's decisions as the chain holds it. */
export type Anchor = {
  readonly agent: AgentId
  readonly contract: Address
  readonly firstSequence: number
  readonly count: number
  readonly root: Hash
  /** The agent's head after this batch. */
  readonly head: Head
  readonly blockNumber: number
  readonly blockHash: Hash
  readonly transactionHash: Hash
}

/** The event that a commit emits. */
export const BATCH_COMMITTED = decisionLogAbi.find(item => item.type === 'event') ?? missingEvent()

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
  for (let attempt = 1; ; attempt++) {
    const block = await readBlock(client)
    try {
      const toBlock = Number(block.number)
      const anchors = await readCommits(client, { contract, agent, fromBlock, toBlock })
      checkChained(anchors, agent)
      checkEnd(anchors, await readHead(client, contract, agent, block.number), { agent, fromBlock })
      return anchors
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      // Events and state contradict each other for a moment when a reorg comes between the reads.
      if ((await readBlock(client, block.number))?.hash === block.hash) throw error
      if (attempt === REORG_ATTEMPTS) throw chainMoves(agent)
    }
  }
}

/** Reads of one state in a row that a reorg may spoil. */
const REORG_ATTEMPTS = 5

/** Reads the commit events of an agent in a range of blocks, without checking how they chain. */
export async function readCommits(
  client: LogClient,
  range: {
    readonly contract: Address
    readonly agent: AgentId
    readonly fromBlock: number
    readonly toBlock: number
    readonly firstSequence?: number
  },
): Promise<Anchor[]> {
  const { contract, agent, firstSequence } = range
  const anchors: Anchor[] = []
  let from = range.fromBlock
  let span = range.toBlock - from + 1
  while (from <= range.toBlock) {
    const to = Math.min(range.toBlock, from + span - 1)
    try {
      const logs = await client.getLogs({
        address: contract,
        event: BATCH_COMMITTED,
        args: { agent, ...(firstSequence === undefined ? {} : { firstSequence: BigInt(firstSequence) }) },
        fromBlock: BigInt(from),
        toBlock: BigInt(to),
        strict: true,
      })
      for (const { args, blockNumber, blockHash, transactionHash } of logs)
        anchors.push({
          agent,
          contract,
          firstSequence: Number(args.firstSequence),
          count: Number(args.count),
          root: args.root,
          head: headFromNumber(args.head),
          blockNumber: Number(blockNumber),
          blockHash,
          transactionHash,
        })
      from = to + 1
    } catch (error) {
      // Public nodes refuse long ranges, each with another message: ask for half until it answers.
      if (span === 1 || isConnectionFailure(error)) throw chainFailure(error, 'read the commits of an agent')
      span = Math.ceil(span / 2)
    }
  }
  return anchors
}

async function readBlock(client: LogClient): Promise<Block>
async function readBlock(client: LogClient, blockNumber: bigint): Promise<Block | null>
async function readBlock(client: LogClient, blockNumber?: bigint): Promise<Block | null> {
  try {
    const { number, hash } = await client.getBlock(blockNumber === undefined ? {} : { blockNumber })
    return { number, hash }
  } catch (error) {
    if (blockNumber !== undefined && hasName(error, 'BlockNotFoundError')) return null
    throw chainFailure(error, 'read a block')
  }
}

type Block = { readonly number: bigint; readonly hash: Hash }

/**
 * Reads an anchor's leaves from its transaction's calldata, and checks that they make up its root.
 *
 * @throws IntegrityError when the transaction is not the anchor's commit.
 * @throws UnavailableError when the node fails.
 */
export async function readLeaves(anchor: Anchor, access: ChainAccess): Promise<Hash[]> {
  const { agent, contract, firstSequence, count, root, transactionHash } = anchor
  const transaction = await clientOf(access)
    .getTransaction({ hash: transactionHash })
    .catch((error: unknown) => {
      throw chainFailure(error, `read transaction ${transactionHash}`)
    })
  const fault = (what: string) =>
    new IntegrityError(`Transaction ${transactionHash} ${what}.`, {
      facts: { transactionHash, agent, contract, firstSequence },
      hint: 'Decisions must be committed by a transaction from the agent’s key to the contract itself; ask another node.',
    })
  if (transaction.to?.toLowerCase() !== contract) throw fault('does not call the decision log directly')
  if (transaction.from.toLowerCase() !== agent) throw fault("is not from the agent's key")
  const leaves = decodeCommit(transaction.input)
  if (leaves === null || leaves.firstSequence !== firstSequence) throw fault('is no commit of this batch')
  if (leaves.leaves.length !== count) throw fault(`carries ${leaves.leaves.length} leaves, not ${count}`)
  if (batchRoot(leaves.leaves) !== root) throw fault('carries leaves of another root')
  return [...leaves.leaves]
}

function decodeCommit(data: Hash): { firstSequence: number; leaves: readonly Hash[] } | null {
  try {
    const { functionName, args } = decodeFunctionData({ abi: decisionLogAbi, data })
    return functionName === 'commit' ? { firstSequence: Number(args[0]), leaves: args[1] } : null
  } catch {
    return null
  }
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

function chainMoves(agent: AgentId): UnavailableError {
  return new UnavailableError(`The chain was reorganised while the anchors of agent ${agent} were read.`, {
    facts: { agent },
    hint: 'Try again in a moment.',
  })
}

function missingEvent(): never {
  throw new IntegrityError('The ABI of the decision log has no event.', {
    hint: 'Generate contracts/abi again.',
  })
}
