import {
  type Address,
  type AgentId,
  type DecisionRecord,
  InvalidInputError,
  type UnixMs,
  unixMs,
} from '../../core/index.ts'
import { recoverSigner, type SignedDecision, signerOf } from '../batchSignature.ts'
import type { DecisionProof } from '../decisionProof.ts'
import type { LogDomain } from '../decisionTypes.ts'
import { type ChainAccess, chainFailure, clientOf, hasName, latestBlock } from '../logChain.ts'
import { receiptOf } from '../minedTransaction.ts'
import type { PublishedSealed } from '../publishedSealed.ts'
import type { Commit } from '../readAnchors.ts'
import { type AgentKeys, readKeys } from '../readKeys.ts'
import {
  checkLog,
  checkProof,
  compareEnvelope,
  envelopeHashOf,
  type PublishedDecision,
  readDecision,
} from './checkPublished.ts'
import {
  compare,
  type Difference,
  different,
  type Found,
  isDifference,
  OPEN_STEPS,
  SEALED_STEPS,
  type StepVerdict,
  VERIFY_STEPS,
  type VerifyStep,
  verdictOf,
} from './verifySteps.ts'

export type Verification = {
  /** `true`: every step holds. `recorded`: every step holds that needs no proof, which is not there yet. */
  readonly verdict: 'true' | 'recorded' | 'false'
  readonly steps: readonly StepVerdict[]
  /** Null when the body cannot be read, or is sealed. */
  readonly record: DecisionRecord | null
  /** The commit that holds the decision; null where a step differs or there is no proof. */
  readonly commit: Commit | null
  /** When the world could know the decision: the time of the commit's block. */
  readonly anchoredAt: UnixMs | null
}

/** Checks published decisions against one log, trusting its node and nothing else. */
export type Verifier = {
  /**
   * Checks a decision: its body is a canonical record, its leaf the record's hash, the signature one of the key
   * that acted for the agent at this sequence, and, with its proof, that the proof leads from the sequence's own
   * place to the root that the log committed. A lie is a verdict, never an error.
   *
   * @throws UnavailableError when the node fails.
   * @throws InvalidInputError when the node is of another chain.
   */
  verify(decision: PublishedDecision, proof?: DecisionProof | null): Promise<Verification>
  /**
   * Checks a decision whose body is kept back, as far as that goes: its envelope is signed by the key that acted for
   * the agent, and so is its leaf; with its proof, that leaf is the one that the log holds at its sequence.
   *
   * @throws as `verify`.
   */
  verifySealed(sealed: PublishedSealed, proof?: DecisionProof | null): Promise<Verification>
  /**
   * Checks a decision that was sealed before: as `verify` does, and that it is the one of the envelope, revealed at the
   * time that the envelope names. Whether its key came on chain by then, `readReveals` tells.
   *
   * @throws as `verify`.
   */
  verifyRevealed(
    revealed: PublishedDecision,
    sealed: PublishedSealed,
    proof?: DecisionProof | null,
  ): Promise<Verification>
}

/**
 * Creates the verifier of a log. Nothing in it needs Node: it runs in a browser.
 *
 * @param options.domain The log that the caller trusts: its chain and its contract, lower-case.
 * @param options.fromBlock Block of the log's deployment; default 0.
 */
export function createVerifier(
  options: ChainAccess & { readonly domain: LogDomain; readonly fromBlock?: number },
): Verifier {
  const { domain, fromBlock = 0 } = options
  const contract = domain.verifyingContract
  const client = clientOf(options)
  const keys = new Map<AgentId, { readonly block: number; readonly keys: AgentKeys }>()
  let checkedChain = false

  async function checkChain(): Promise<void> {
    if (checkedChain) return
    const chainId = await client.getChainId().catch((error: unknown) => {
      throw chainFailure(error, 'tell its chain id')
    })
    if (chainId !== domain.chainId)
      throw new InvalidInputError(
        `The node is of chain ${chainId}, and the log is on chain ${domain.chainId}.`,
        {
          facts: { chainId, expected: domain.chainId },
          hint: 'Use the RPC address of a node of that chain.',
        },
      )
    checkedChain = true
  }

  /**
   * The key that acted for an agent at a sequence. What was read before serves again for a decision that was
   * committed by then: nothing that came later can have changed its key.
   */
  async function keyOf(agent: AgentId, sequence: number, commit: Commit | null): Promise<Address> {
    let known = keys.get(agent)
    if (known === undefined || commit === null || commit.blockNumber > known.block) {
      const { number: block } = await latestBlock(client)
      known = { block, keys: await readKeys({ client, contract, agent, fromBlock }) }
      keys.set(agent, known)
    }
    return known.keys.keyAt(sequence)
  }

  async function checkSignature(decision: SignedDecision, commit: Commit | null): Promise<Found> {
    const { agent, sequence } = decision
    const key = await keyOf(agent, sequence, commit)
    return compare('the signer', key, (await signerOf(decision, domain)) ?? 'not a signature')
  }

  async function checkCommit(agent: AgentId, proof: DecisionProof): Promise<Commit | Difference> {
    const { firstSequence, transactionHash, count, root } = proof
    const receipt = await receiptOf(client, transactionHash)
    if (receipt === null) return different('the transaction on chain', transactionHash, 'none')
    const commit = receipt.commitOf(contract, { agent, firstSequence })
    if (commit === null)
      return different("the agent's commit in the transaction", `decision ${firstSequence}`, 'none')
    return (
      compare('the count on chain', commit.count, count) ??
      compare('the root on chain', commit.root, root) ??
      commit
    )
  }

  async function timeOf({ blockHash }: Commit): Promise<UnixMs | Difference> {
    try {
      const { timestamp } = await client.getBlock({ blockHash })
      return unixMs(Number(timestamp) * 1_000)
    } catch (error) {
      if (hasName(error, 'BlockNotFoundError')) return different("the commit's block", blockHash, 'none')
      throw chainFailure(error, 'read a block')
    }
  }

  async function checkEnvelope(sealed: PublishedSealed, commit: Commit | null): Promise<Found> {
    const key = await keyOf(sealed.agent, sealed.sequence, commit)
    const hash = envelopeHashOf(sealed, domain)
    if (hash === null) return different('the envelope', 'an envelope', 'fields that are none')
    const signer = await recoverSigner({ hash, signature: sealed.envelopeSignature })
    return compare('the signer of the envelope', key, signer ?? 'not a signature')
  }

  /** Checks that a decision is signed and, with its proof, on chain, after what was checked of its body. */
  async function verification(
    of: {
      readonly decision: SignedDecision
      readonly record: DecisionRecord | null
      /** False where there is no leaf that is worth a look at the chain. */
      readonly isReadable: boolean
      readonly sealed?: PublishedSealed
      readonly steps: readonly VerifyStep[]
      readonly found: ReadonlyMap<VerifyStep, Found>
    },
    proof: DecisionProof | null,
  ): Promise<Verification> {
    const { decision, record, sealed } = of
    const steps = new Map(of.found)
    let commit: Commit | null = null
    let anchoredAt: UnixMs | null = null
    if (of.isReadable && proof !== null) {
      steps.set('log', checkLog(proof, domain))
      steps.set('proof', checkProof(decision, proof))
      const onChain = await checkCommit(decision.agent, proof)
      const time = isDifference(onChain) ? onChain : await timeOf(onChain)
      steps.set('commit', isDifference(time) ? time : null)
      if (!isDifference(onChain) && !isDifference(time)) [commit, anchoredAt] = [onChain, time]
    }
    if (of.isReadable) steps.set('signature', await checkSignature(decision, commit))
    if (sealed !== undefined)
      steps.set('envelope', steps.get('envelope') ?? (await checkEnvelope(sealed, commit)))

    const verdicts = of.steps.map(step => verdictOf(step, steps.get(step)))
    const holds = verdicts.every(({ result }) => result !== 'different')
    return {
      verdict: !holds ? 'false' : proof === null ? 'recorded' : 'true',
      steps: verdicts,
      record,
      commit: holds ? commit : null,
      anchoredAt: holds ? anchoredAt : null,
    }
  }

  return {
    async verify(decision, proof = null) {
      await checkChain()
      const { record, found } = readDecision(decision, domain)
      return verification({ decision, record, isReadable: record !== null, steps: OPEN_STEPS, found }, proof)
    },
    async verifySealed(sealed, proof = null) {
      await checkChain()
      const found = new Map<VerifyStep, Found>()
      const of = { decision: sealed, record: null, isReadable: true, sealed, steps: SEALED_STEPS, found }
      return verification(of, proof)
    },
    async verifyRevealed(revealed, sealed, proof = null) {
      await checkChain()
      const { record, found } = readDecision(revealed, domain)
      const fault = compareEnvelope(revealed, record, sealed)
      if (fault !== null) found.set('envelope', fault)
      const isReadable = record !== null
      return verification(
        { decision: revealed, record, isReadable, sealed, steps: VERIFY_STEPS, found },
        proof,
      )
    },
  }
}
