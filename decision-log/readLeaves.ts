import { decodeFunctionData } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type Hash, type Hex, IntegrityError, NotFoundError } from '../core/index.ts'
import { type ChainAccess, chainFailure, clientOf } from './logChain.ts'
import { batchRoot } from './merkle.ts'
import type { Anchor } from './readAnchors.ts'

/** Gives the leaves of consecutive decisions where the chain holds their root alone. */
export type LeafSource = (firstSequence: number, count: number) => Promise<readonly Hash[]>

/**
 * The leaves of an anchor: from the chain, or, where it holds their root alone, from the source; either way they
 * make up the root.
 *
 * @throws IntegrityError when the transaction is not the anchor's commit, or the source's leaves make up another root.
 * @throws NotFoundError when the chain holds the root alone, and no source is given.
 * @throws UnavailableError when the node fails.
 */
export async function readLeaves(anchor: Anchor, access: ChainAccess, source?: LeafSource): Promise<Hash[]> {
  return (await readChainLeaves(anchor, access)) ?? givenLeaves(anchor, source)
}

/** The leaves that a source gives of an anchor whose root alone is on chain; throws as `readLeaves` does. */
export async function givenLeaves(anchor: Anchor, source?: LeafSource): Promise<Hash[]> {
  const { agent, firstSequence, count, root, transactionHash } = anchor
  const decisions = `decisions ${firstSequence} to ${firstSequence + count - 1} of agent ${agent}`
  const facts = { agent, firstSequence, count, root, transactionHash }
  if (source === undefined)
    throw new NotFoundError(`The chain holds the root of ${decisions} alone, without their leaves.`, {
      facts,
      hint: 'Pass the leaves that their publisher gives.',
    })
  const given = await source(firstSequence, count)
  if (given.length === count && batchRoot(given) === root) return [...given]
  throw new IntegrityError(
    `The chain holds the root of ${decisions} alone, and the given leaves make up another.`,
    { facts, hint: 'Ask their publisher for the decisions as they were anchored.' },
  )
}

/**
 * Reads an anchor's leaves from its transaction's calldata, the agent's own or a relay's, and checks that they make
 * up its root; null where it carries none of them: the root alone was committed, or another contract's call holds
 * what the log was given.
 *
 * @throws IntegrityError when the transaction calls the log, but is not the anchor's commit.
 * @throws UnavailableError when the node fails.
 */
export async function readChainLeaves(anchor: Anchor, access: ChainAccess): Promise<Hash[] | null> {
  const { agent, contract, firstSequence, count, root, transactionHash } = anchor
  const transaction = await clientOf(access)
    .getTransaction({ hash: transactionHash })
    .catch((error: unknown) => {
      throw chainFailure(error, `read transaction ${transactionHash}`)
    })
  if (transaction.to?.toLowerCase() !== contract) return null
  // Whatever a transaction carries beside it (of other agents, left out, committed twice), what makes up the root
  // is the batch.
  const commits = commitsIn(transaction.input).filter(
    given => given.agent.toLowerCase() === agent && sequenceOf(given.state) === firstSequence,
  )
  for (const { leaves } of commits)
    if (leaves?.length === count && batchRoot(leaves) === root) return [...leaves]
  if (commits.some(given => given.leaves === null && given.root === root && given.count === count))
    return null
  const [other] = commits
  const what =
    other === undefined
      ? 'is no commit of this batch'
      : other.leaves !== null && other.leaves.length !== count
        ? `carries ${other.leaves.length} leaves, not ${count}`
        : 'carries leaves of another root'
  throw new IntegrityError(`Transaction ${transactionHash} ${what}.`, {
    facts: { transactionHash, agent, contract, firstSequence },
    hint: 'The node contradicts the event that it shows of this transaction; ask another node.',
  })
}

/** A batch as a transaction hands it to the log; leaves are null where the root alone is. */
type GivenCommit = {
  readonly agent: Hex
  readonly state: Hash
  readonly leaves: readonly Hash[] | null
  readonly count?: number
  readonly root?: Hash
}

function commitsIn(data: Hex): readonly GivenCommit[] {
  const call = decoded(data)
  switch (call?.functionName) {
    case 'commit': {
      const [agent, state, leaves] = call.args
      return [{ agent, state, leaves }]
    }
    case 'commitRoot': {
      const [agent, state, count, root] = call.args
      return [{ agent, state, leaves: null, count: Number(count), root }]
    }
    case 'commitMany':
      return call.args[0].map(({ agent, state, leaves, count, root }) =>
        leaves.length > 0
          ? { agent, state, leaves }
          : { agent, state, leaves: null, count: Number(count), root },
      )
    default:
      return []
  }
}

function decoded(data: Hex) {
  try {
    return decodeFunctionData({ abi: decisionLogAbi, data })
  } catch {
    return null
  }
}

/** The next sequence in a state: its low 48 bits. */
const sequenceOf = (state: Hash): number => Number(BigInt(state) & 0xffffffffffffn)
