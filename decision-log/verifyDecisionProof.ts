import { type DecisionRecord, type Hex, IntegrityError } from '../core/index.ts'
import type { DecisionProof } from './decisionProof.ts'
import type { LogDomain } from './decisionTypes.ts'
import type { ChainAccess } from './logChain.ts'
import type { Anchor } from './readAnchors.ts'
import { parseBody } from './recordBody.ts'
import { createVerifier } from './verify/createVerifier.ts'

/**
 * Checks a published decision against the chain, trusting nothing but the node and the `domain`, as `createVerifier`
 * does.
 *
 * @param domain The log that the caller trusts; a proof that names another is refused.
 * @returns The record and the anchor that holds it. Compare `record.agent` with the agent you follow.
 * @throws IntegrityError naming the first step that fails.
 * @throws UnavailableError when the node fails.
 */
export async function verifyDecisionProof(
  options: ChainAccess & {
    /** Canonical JSON of the record. */
    readonly body: string
    readonly signature: Hex
    readonly proof: DecisionProof
    readonly domain: LogDomain
  },
): Promise<{ record: DecisionRecord; anchor: Anchor }> {
  const { body, signature, proof, domain } = options
  const { agent, sequence } = parseBody(body)
  const published = { agent, sequence, body, leaf: proof.leaf, signature }
  const { steps, record, commit } = await createVerifier(options).verify(published, proof)
  for (const verdict of steps)
    if (verdict.result === 'different') {
      const { what, expected, found } = verdict
      throw new IntegrityError(
        `The proof of decision ${sequence} of agent ${agent} fails at ${what}: expected ${expected}, found ${found}.`,
        {
          facts: { agent, sequence, step: what, expected, actual: found },
          hint: 'Do not rely on this decision; ask its publisher, and check with another node.',
        },
      )
    }
  if (record === null || commit === null)
    throw new IntegrityError(`The proof of decision ${sequence} of agent ${agent} proves nothing.`, {
      facts: { agent, sequence },
      hint: 'Pass the proof that was published with it.',
    })
  const { transactionHash } = proof
  return { record, anchor: { agent, contract: domain.verifyingContract, transactionHash, ...commit } }
}
