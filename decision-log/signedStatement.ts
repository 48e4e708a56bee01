import type { AgentId, Hash, Hex } from '../core/index.ts'
import type { Claim, SignedDecision } from './challengeClaim.ts'
import type { LogDomain } from './decisionTypes.ts'
import { hashRecord } from './hashRecord.ts'
import { parseBody } from './recordBody.ts'
import { hashEnvelope } from './sealedEnvelope.ts'

/** Something that an agent signed about a decision. */
export type SignedStatement = {
  readonly agent: AgentId
  readonly sequence: number
  /** A decision's leaf, or the hash of an envelope. */
  readonly digest: Hash
  readonly signature: Hex
}

/**
 * A signed decision as a statement.
 *
 * @throws IntegrityError when the body is none.
 */
export function statementOf({ body, signature }: SignedDecision, domain: LogDomain): SignedStatement {
  const record = parseBody(body)
  const { agent, sequence } = record
  return { agent, sequence, digest: hashRecord(record, domain), signature }
}

/**
 * What a claim takes from signatures; nothing where all of it is anchored.
 *
 * @throws IntegrityError when a body is none.
 */
export function statementsIn(claim: Claim, domain: LogDomain): SignedStatement[] {
  switch (claim.lie) {
    case 'falseOutput':
      return 'signature' in claim.by
        ? [statementOf({ body: claim.body, signature: claim.by.signature }, domain)]
        : []
    case 'equivocation':
      return [statementOf(claim.decision, domain), statementOf(claim.other, domain)]
    case 'revealMismatch':
      return [statementOf(claim.decision, domain)]
    case 'sealedMismatch': {
      const { agent, sequence } = claim.envelope
      const digest = hashEnvelope(claim.envelope, domain)
      return [{ agent, sequence, digest, signature: claim.signature }]
    }
  }
}
