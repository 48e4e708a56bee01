import { type Address, type AgentId, InvalidInputError } from '../core/index.ts'
import { anchorArgument } from './anchorArgument.ts'
import { createLeafReader } from './anchoredLeaf.ts'
import { challengeAfterNotice } from './challengeAfterNotice.ts'
import type { Claim, SignedDecision } from './challengeClaim.ts'
import type { DecisionProof } from './decisionProof.ts'
import { giveNotice } from './giveNotice.ts'
import { hashRecord } from './hashRecord.ts'
import { connect } from './logChain.ts'
import { type Anchor, readAnchors } from './readAnchors.ts'
import { parseBody } from './recordBody.ts'
import { rememberHeads } from './rememberHeads.ts'
import { type ProvenLie, readChallengedLog } from './sendChallenge.ts'
import { statementOf } from './signedStatement.ts'
import type { Sender } from './transact.ts'

/** A leaf, and what leads from it to its batch's root. */
type PublishedLeaf = Pick<DecisionProof, 'leaf' | 'proof'>

/**
 * Challenges a decision that somebody holds, with whatever the chain says against it: that another decision is
 * anchored at its sequence or, where it is the anchored one or none is, that its prediction is not what its model gives.
 * Where that rests on a signature, notice is given first, so that a change of the agent's key comes too late.
 *
 * @throws InvalidInputError when the decision is in order, or cannot be proved false on chain; no challenge was sent.
 * @throws IntegrityError when the body is none, or the node's events do not add up.
 * @throws UnavailableError when the node fails.
 */
export async function challengeDecision(
  sender: Sender,
  options: {
    /** The `Challenge` contract. */
    readonly challenge: Address
    readonly decision: SignedDecision
    /** The anchored leaf of the sequence, as its publisher proves it: for batches whose root alone is on chain. */
    readonly proof?: PublishedLeaf
    /** The block of the log's deployment, or any before the agent's first commit; default 0. */
    readonly fromBlock?: number
    /** Later batches that a proof carries at most; default `MAX_LATER_BATCHES`. */
    readonly maxLater?: number
  },
): Promise<ProvenLie> {
  const { challenge, decision, proof, fromBlock = 0, maxLater } = options
  const { rpcUrl } = sender
  const domain = await readChallengedLog(rpcUrl, challenge)
  const send = (claim: Claim) => challengeAfterNotice(sender, { challenge, claim, domain })

  const { body, signature } = decision
  const record = parseBody(body)
  const { agent, sequence } = record
  const anchors = await readAnchors({ rpcUrl, contract: domain.verifyingContract, agent, fromBlock })
  const last = anchors.at(-1)
  if (last === undefined || sequence >= last.firstSequence + last.count)
    return send({ lie: 'falseOutput', body, by: { signature } })

  const anchored = await readLeaf(rpcUrl, anchors, { agent, sequence, proof })
  const agrees = anchored.leaf === hashRecord(record, domain)
  // Whose heads are remembered is for all to see: notice comes before it.
  if (!agrees) await giveNotice(sender, { challenge, statement: statementOf(decision, domain), domain })
  const known = await rememberHeads(sender, {
    challenge,
    anchors,
    sequence,
    ...(maxLater === undefined ? {} : { maxLater }),
  })
  const anchor = anchorArgument(known, sequence, anchored.proof)
  return agrees
    ? send({ lie: 'falseOutput', body, by: { anchor } })
    : send({ lie: 'revealMismatch', decision, anchored: { leaf: anchored.leaf, anchor } })
}

async function readLeaf(
  rpcUrl: string,
  anchors: readonly Anchor[],
  { agent, sequence, proof }: { agent: AgentId; sequence: number; proof: PublishedLeaf | undefined },
): Promise<PublishedLeaf> {
  const anchored = await createLeafReader(anchors, { client: connect(rpcUrl) })(sequence)
  if (!('fault' in anchored)) return anchored
  if (proof !== undefined) return proof
  throw new InvalidInputError(
    `The leaf of decision ${sequence} of agent ${agent} cannot be read from the chain: ${anchored.fault}.`,
    {
      facts: { agent, sequence, fault: anchored.fault },
      hint: 'Where the root alone is on chain, pass the proof that the decision is published with.',
    },
  )
}
