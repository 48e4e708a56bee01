import { BaseError, encodeFunctionData, keccak256, toFunctionSelector } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type AnchorBatch, UnavailableError } from '../core/index.ts'
import type { AnchorContext } from './anchorContext.ts'
import { chainFailure, reasonOf } from './logChain.ts'
import { batchRoot } from './merkle.ts'
import { storedLeaves } from './storedLeaves.ts'

/** The most that a replacement is raised over the transaction it replaces each time: nodes ask for 10 %. */
const RAISE_PER_MILLE = 125n
/** Attempts within one call when a node finds the offered fee too low to replace what it holds. */
const MAX_RAISES = 20
const SEQUENCE_GAP = toFunctionSelector('SequenceGap(uint64,uint64)')

/** A batch to commit, and the fees of its last transaction that a new one must at least offer. */
export type Commit = {
  readonly firstSequence: number
  readonly count: number
  readonly floor?: Fees
  /** Offer more than `floor`: the node may still hold the transaction that offered it. */
  readonly raise?: boolean
}

type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/**
 * Signs the commit of a batch, saves it, and only then sends it: whatever happens in between, the store knows
 * every transaction that can be on its way. Always takes the key's next nonce, so that at most one version of
 * a commit can be mined.
 *
 * @returns False when the chain has moved on meanwhile: reconcile again.
 * @throws UnavailableError when the node fails or refuses it.
 */
export async function sendBatch(context: AnchorContext, commit: Commit): Promise<boolean> {
  const { store, client, contract, signer, logger, memory, now } = context
  const { agent, account } = signer
  const { firstSequence, count } = commit
  const leaves = await storedLeaves(store, agent, firstSequence, count)
  const data = encodeFunctionData({
    abi: decisionLogAbi,
    functionName: 'commit',
    args: [BigInt(firstSequence), leaves],
  })
  const gas = await estimateGas(context, data)
  if (gas === null) return false
  const nonce = await client
    .getTransactionCount({ address: agent, blockTag: 'latest' })
    .catch(failed('tell a nonce'))

  let fees = await offer(context, commit)
  for (let attempt = 0; attempt < MAX_RAISES; attempt++) {
    const signed = await account.signTransaction({
      type: 'eip1559',
      chainId: context.chainId,
      nonce,
      to: contract,
      data,
      gas,
      ...fees,
    })
    const transactionHash = keccak256(signed)
    const batch: AnchorBatch = {
      agent,
      firstSequence,
      count,
      root: batchRoot(leaves),
      status: 'sent',
      transactionHash,
      nonce,
      ...fees,
      blockNumber: null,
      blockHash: null,
      gasUsed: null,
    }
    await store.saveBatch(batch)
    try {
      await client.sendRawTransaction({ serializedTransaction: signed })
      memory.sentAt.set(transactionHash, now())
      logger.info({ agent, firstSequence, count, transactionHash, nonce }, 'Sent a batch.')
      return true
    } catch (error) {
      const reason = reasonOf(error)
      if (/already (known|imported)/i.test(reason)) {
        memory.sentAt.set(transactionHash, now())
        return true
      }
      if (/nonce too low|nonce is too low/i.test(reason)) return false
      if (!/underpriced/i.test(reason)) throw sendFailure(error, context)
      fees = raised(context, fees)
    }
  }
  throw new UnavailableError(`The node holds a transaction of nonce ${nonce} that no offered fee replaces.`, {
    facts: { agent, nonce, maxFeePerGas: fees.maxFeePerGas },
    hint: "Use the agent's key for nothing else, or raise the worker's highest fee.",
  })
}

/** Gas limit of a commit, with a margin; null when the contract expects another sequence. */
async function estimateGas(
  { client, contract, signer }: AnchorContext,
  data: `0x${string}`,
): Promise<bigint | null> {
  try {
    const gas = await client.estimateGas({ account: signer.agent, to: contract, data, blockTag: 'latest' })
    // A margin for what other blocks may change, such as a first write of the agent's slot.
    return gas + gas / 5n
  } catch (error) {
    if (isSequenceGap(error)) return null
    throw sendFailure(error, { signer })
  }
}

async function offer(context: AnchorContext, { floor, raise }: Commit): Promise<Fees> {
  const estimate: Fees = await context.client.estimateFeesPerGas().catch(failed('estimate fees'))
  const least = floor === undefined ? estimate : raise ? raised(context, floor) : floor
  return capped(context, {
    maxFeePerGas: larger(estimate.maxFeePerGas, least.maxFeePerGas),
    maxPriorityFeePerGas: larger(estimate.maxPriorityFeePerGas, least.maxPriorityFeePerGas),
  })
}

/** Fees that replace a transaction: 12.5 % higher, rounded up, but never above the worker's highest. */
function raised(context: AnchorContext, { maxFeePerGas, maxPriorityFeePerGas }: Fees): Fees {
  const more = (fee: bigint) => fee + (fee * RAISE_PER_MILLE + 999n) / 1_000n + 1n
  const fees = { maxFeePerGas: more(maxFeePerGas), maxPriorityFeePerGas: more(maxPriorityFeePerGas) }
  if (maxFeePerGas < context.maxFeePerGas) return capped(context, fees)
  throw new UnavailableError(
    `The commit is stuck at the highest fee that the worker may offer, ${context.maxFeePerGas} wei per gas.`,
    {
      facts: { agent: context.signer.agent, maxFeePerGas: context.maxFeePerGas },
      hint: 'Wait until fees fall, or raise the highest fee.',
    },
  )
}

function capped({ maxFeePerGas: limit }: AnchorContext, fees: Fees): Fees {
  return {
    maxFeePerGas: smaller(fees.maxFeePerGas, limit),
    maxPriorityFeePerGas: smaller(fees.maxPriorityFeePerGas, limit),
  }
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)

const failed = (doing: string) => (error: unknown) => {
  throw chainFailure(error, doing)
}

function isSequenceGap(error: unknown): boolean {
  return (
    error instanceof BaseError &&
    error.walk(
      cause =>
        cause instanceof Error &&
        (('data' in cause && String(cause.data).startsWith(SEQUENCE_GAP)) ||
          cause.message.includes('SequenceGap') ||
          cause.message.includes(SEQUENCE_GAP)),
    ) !== null
  )
}

function sendFailure(error: unknown, { signer }: Pick<AnchorContext, 'signer'>): UnavailableError {
  const { agent } = signer
  if (!/insufficient funds|exceeds the balance|gas required exceeds allowance/i.test(reasonOf(error)))
    return chainFailure(error, 'take the commit of a batch')
  return new UnavailableError(`Agent ${agent} cannot pay for its anchors.`, {
    facts: { agent },
    hint: `Send it some of the chain's own currency; its decisions stay recorded and are anchored then.`,
  })
}
