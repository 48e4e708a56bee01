import { encodeFunctionData } from 'viem'
import { challengeAbi } from '../contracts/abi/index.ts'
import { type Address, InvalidInputError } from '../core/index.ts'
import { chainFailure, connect } from './logChain.ts'
import type { Anchor } from './readAnchors.ts'
import { type Sender, transact } from './transact.ts'

/**
 * Later batches that a proof carries at most. At about 2,000 gas each, calldata included, they stay well below the
 * 2^24 gas that EIP-7825 allows a transaction.
 */
export const MAX_LATER_BATCHES = 4_000

/**
 * Walks back from an agent's present head, in as many transactions as it takes, until a proof of the decision carries
 * no more than `maxLater` later batches. Sends nothing where it does so already.
 *
 * @param anchors All anchors of the agent, in order, as `readAnchors` returns them.
 * @returns The anchors up to the head that a proof may end at.
 * @throws InvalidInputError when the log has gone on since the anchors were read.
 * @throws UnavailableError when the node fails.
 */
export async function rememberHeads(
  sender: Sender,
  options: {
    readonly challenge: Address
    readonly anchors: readonly Anchor[]
    readonly sequence: number
    readonly maxLater?: number
  },
): Promise<readonly Anchor[]> {
  const { challenge, anchors, sequence, maxLater = MAX_LATER_BATCHES } = options
  let known = anchors
  for (;;) {
    const at = known.findIndex(({ firstSequence, count }) => sequence < firstSequence + count)
    if (at === -1 || known.length - 1 - at <= maxLater) return known
    // Batches that lead from the next head to remember to the one that is known.
    const steps = Math.min(maxLater, known.length - 1 - at - maxLater)
    const next = known.slice(0, known.length - steps)
    const last = next.at(-1)
    if (last === undefined) return known
    if (!(await isKnown(sender.rpcUrl, challenge, last))) {
      await remember(sender, challenge, { head: last, later: known.slice(known.length - steps) })
    }
    known = next
  }
}

async function remember(
  sender: Sender,
  challenge: Address,
  { head: { agent, head, firstSequence, count }, later }: { head: Anchor; later: readonly Anchor[] },
): Promise<void> {
  await transact(sender, {
    to: challenge,
    data: encodeFunctionData({
      abi: challengeAbi,
      functionName: 'rememberHead',
      args: [
        agent,
        BigInt(head),
        BigInt(firstSequence + count),
        later.map(batch => ({ count: BigInt(batch.count), root: batch.root })),
      ],
    }),
    abi: challengeAbi,
    doing: "remember a head of an agent's log",
    refused: ({ name }) =>
      new InvalidInputError(`The challenge contract refused to remember a head of agent ${agent}: ${name}.`, {
        facts: { agent, head, error: name },
        hint: 'The agent has anchored more, or the chain was reorganised: read its anchors again.',
      }),
  })
}

async function isKnown(rpcUrl: string, challenge: Address, { agent, head }: Anchor): Promise<boolean> {
  try {
    return await connect(rpcUrl).readContract({
      address: challenge,
      abi: challengeAbi,
      functionName: 'isKnownHead',
      args: [agent, BigInt(head)],
    })
  } catch (error) {
    throw chainFailure(error, "read which heads of an agent's log are known")
  }
}
