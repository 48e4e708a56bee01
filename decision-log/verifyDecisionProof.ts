import { decodeEventLog, recoverAddress } from 'viem'
import { type DecisionRecord, type Hash, type Hex, IntegrityError } from '../core/index.ts'
import type { DecisionProof } from './decisionProof.ts'
import type { LogDomain } from './decisionTypes.ts'
import { hashRecord } from './hashRecord.ts'
import { type ChainAccess, chainFailure, clientOf, hasName, type LogClient } from './logChain.ts'
import { headFromNumber, verifyProof } from './merkle.ts'
import { type Anchor, BATCH_COMMITTED, readLeaves } from './readAnchors.ts'
import { parseBody } from './recordBody.ts'

/**
 * Checks a published decision against the chain, trusting nothing but the node and the `domain`: the body's
 * hash is the leaf, the agent's key signed it, the proof leads to the root, the chain's event holds that
 * root for a range with this sequence, and the committed leaf at the sequence's place is this one.
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
  const client = clientOf(options)
  const record = parseBody(body)
  const leaf = hashRecord(record, domain)
  const require = (step: string, expected: string | number, actual: string | number) => {
    if (expected !== actual) throw proofFault(record, step, expected, actual)
  }

  require('the contract', domain.verifyingContract, proof.contract)
  require('the chain', domain.chainId, proof.chainId)
  require('the hash of the body', leaf, proof.leaf)
  require('the signer', record.agent, await signerOf(leaf, signature))
  require('the place in the batch', record.sequence, proof.firstSequence + proof.index)
  if (!verifyProof(proof.root, leaf, proof.proof))
    throw proofFault(record, 'the Merkle proof', proof.root, 'another root')

  const chainId = await client.getChainId().catch((error: unknown) => {
    throw chainFailure(error, 'tell its chain id')
  })
  require("the node's chain", domain.chainId, chainId)
  const anchor = await findCommit(client, record, proof)
  require('the first sequence on chain', anchor.firstSequence, proof.firstSequence)
  require('the count on chain', anchor.count, proof.count)
  require('the root on chain', anchor.root, proof.root)
  // The proof alone does not say at which place the leaf stands: two leaves could claim one sequence.
  const leaves = await readLeaves(anchor, { client })
  require('the leaf on chain', leaves[proof.index] ?? 'none', leaf)
  return { record, anchor }
}

/** The address that signed a leaf, lower-case; a text that says so when the signature is none. */
export async function signerOf(leaf: Hash, signature: Hex): Promise<string> {
  try {
    return (await recoverAddress({ hash: leaf, signature })).toLowerCase()
  } catch {
    return 'not a signature'
  }
}

async function findCommit(client: LogClient, record: DecisionRecord, proof: DecisionProof): Promise<Anchor> {
  const { transactionHash, contract } = proof
  const receipt = await client.getTransactionReceipt({ hash: transactionHash }).catch((error: unknown) => {
    if (hasName(error, 'TransactionReceiptNotFoundError'))
      throw proofFault(record, 'the transaction on chain', transactionHash, 'none')
    throw chainFailure(error, `read the receipt of transaction ${transactionHash}`)
  })
  for (const { address, topics, data } of receipt.logs) {
    if (address.toLowerCase() !== contract) continue
    const { args } = decodeEventLog({ abi: [BATCH_COMMITTED], topics, data })
    if (args.agent.toLowerCase() !== record.agent || Number(args.firstSequence) !== proof.firstSequence)
      continue
    return {
      agent: record.agent,
      contract,
      firstSequence: Number(args.firstSequence),
      count: Number(args.count),
      root: args.root,
      head: headFromNumber(args.head),
      blockNumber: Number(receipt.blockNumber),
      blockHash: receipt.blockHash,
      transactionHash,
    }
  }
  throw proofFault(record, "the agent's commit in the transaction", `decision ${proof.firstSequence}`, 'none')
}

function proofFault(
  { agent, sequence }: DecisionRecord,
  step: string,
  expected: string | number,
  actual: string | number,
): IntegrityError {
  return new IntegrityError(
    `The proof of decision ${sequence} of agent ${agent} fails at ${step}: expected ${expected}, found ${actual}.`,
    {
      facts: { agent, sequence, step, expected, actual },
      hint: 'Do not rely on this decision; ask its publisher, and check with another node.',
    },
  )
}
