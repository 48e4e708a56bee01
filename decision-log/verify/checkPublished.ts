import { type AgentId, type DecisionRecord, type Hash, type Hex, IntegrityError } from '../../core/index.ts'
import type { SignedDecision } from '../batchSignature.ts'
import type { DecisionProof } from '../decisionProof.ts'
import type { LogDomain } from '../decisionTypes.ts'
import { hashRecord } from '../hashRecord.ts'
import { rootOver } from '../merkle.ts'
import { envelopeIn, type PublishedSealed } from '../publishedSealed.ts'
import { parseBody } from '../recordBody.ts'
import { hashEnvelope } from '../sealedEnvelope.ts'
import { compare, different, type Found, type VerifyStep } from './verifySteps.ts'

/** A decision as a feed's message has it. */
export type PublishedDecision = {
  readonly agent: AgentId
  readonly sequence: number
  /** Canonical JSON of the record. */
  readonly body: string
  readonly leaf: Hash
  readonly signature: Hex
}

/** Reads the body of a decision, and compares it with what the decision says of itself. */
export function readDecision(
  { agent, sequence, body, leaf }: PublishedDecision,
  domain: LogDomain,
): { record: DecisionRecord | null; found: Map<VerifyStep, Found> } {
  const { record, fault } = readBody(body)
  const found = new Map<VerifyStep, Found>([['body', fault]])
  if (record !== null)
    found.set(
      'leaf',
      compare('the hash of the body', hashRecord(record, domain), leaf) ??
        compare('the agent of the body', record.agent, agent) ??
        compare('the sequence of the body', record.sequence, sequence),
    )
  return { record, found }
}

/** Compares a decision with the envelope that it was sealed in. */
export function compareEnvelope(
  { agent, sequence, leaf }: PublishedDecision,
  record: DecisionRecord | null,
  sealed: PublishedSealed,
): Found {
  return (
    compare('the agent of the envelope', sealed.agent, agent) ??
    compare('the sequence of the envelope', sealed.sequence, sequence) ??
    compare('the leaf of the envelope', sealed.leaf, leaf) ??
    (record === null ? null : compare('the reveal time of the body', sealed.revealAtMs, record.revealAtMs))
  )
}

/** The hash that an envelope's signature is over; null where its fields are of no envelope. */
export function envelopeHashOf(sealed: PublishedSealed, domain: LogDomain): Hash | null {
  try {
    return hashEnvelope(envelopeIn(sealed), domain)
  } catch {
    // viem's errors, of which there are many, say which field has the wrong form.
    return null
  }
}

function readBody(body: string): { record: DecisionRecord | null; fault: Found } {
  try {
    return { record: parseBody(body), fault: null }
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error
    return { record: null, fault: different('the body', 'a canonical record', error.message) }
  }
}

/** Compares the log that a proof names with the one that is trusted. */
export function checkLog(proof: DecisionProof, { chainId, verifyingContract }: LogDomain): Found {
  return (
    compare('the contract', verifyingContract, proof.contract) ?? compare('the chain', chainId, proof.chainId)
  )
}

/** Checks that a proof leads from the decision's own place to its root. */
export function checkProof({ sequence, leaf }: SignedDecision, proof: DecisionProof): Found {
  const { firstSequence, index, root } = proof
  return (
    compare('the leaf of the proof', leaf, proof.leaf) ??
    compare('the place in the batch', sequence, firstSequence + index) ??
    compare('the Merkle proof', root, rootOver(leaf, proof) ?? 'no proof of this place')
  )
}
