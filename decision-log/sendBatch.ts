import { encodeFunctionData } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import type { Hash, Hex } from '../core/index.ts'
import type { AnchorContext } from './anchorContext.ts'
import { currentSignatures } from './currentSignatures.ts'
import { signCommit } from './logMessages.ts'
import { batchRoot } from './merkle.ts'
import { revertedWith } from './revertedWith.ts'
import { storedLeaves } from './storedLeaves.ts'
import { type Replacing, sendOnLine, type TransactionLine } from './transactionLine.ts'

/** A batch to commit. */
export type Commit = {
  readonly context: AnchorContext
  /** The state of the agent's log that it follows. */
  readonly state: Hash
  readonly firstSequence: number
  readonly count: number
}

/** A batch with what the store has of it. */
export type Batch = Commit & { readonly root: Hash; readonly leaves: readonly Hash[] }

/**
 * Reads what a batch is made of.
 *
 * @throws IntegrityError when the store lacks one of its decisions.
 */
export async function openCommit(commit: Commit): Promise<Batch> {
  const { context, firstSequence, count } = commit
  const { store, signer, form } = context
  await currentSignatures(context, firstSequence, count)
  const leaves = await storedLeaves(store, signer.agent, firstSequence, count)
  return { ...commit, root: batchRoot(leaves), leaves: form === 'leaves' ? leaves : [] }
}

/**
 * Commits batches in one transaction: the agent's own where the account is its key, otherwise a relayed one, in
 * which each batch is signed by its agent's key.
 *
 * @param onUnsaved Told whose store refused to save its batch; the error is thrown on.
 * @returns False when the chain has moved on meanwhile: reconcile again.
 * @throws UnavailableError when the node fails or refuses it.
 */
export async function sendBatches(
  line: TransactionLine,
  batches: readonly Batch[],
  { onUnsaved, ...replacing }: Replacing & { readonly onUnsaved: (batch: Batch, error: unknown) => void },
): Promise<boolean> {
  const sent = await sendOnLine(line, {
    ...replacing,
    data: await callData(line, batches),
    isOutdated: error => revertedWith(error, 'StateMoved(bytes32,bytes32)'),
    async save(transaction) {
      for (const batch of batches) {
        const { context, firstSequence, count, root } = batch
        const unmined = { status: 'sent', blockNumber: null, blockHash: null, gasUsed: null } as const
        const { agent } = context.signer
        await context.store
          .saveBatch({ agent, firstSequence, count, root, ...transaction, ...unmined })
          .catch((error: unknown) => {
            onUnsaved(batch, error)
            throw error
          })
      }
    },
  })
  if (sent)
    for (const { context, firstSequence, count } of batches)
      line.logger.info({ agent: context.signer.agent, firstSequence, count }, 'Sent a batch.')
  return sent
}

async function callData(line: TransactionLine, batches: readonly Batch[]): Promise<Hex> {
  const sender = line.account.address.toLowerCase()
  const [only] = batches
  if (batches.length === 1 && only !== undefined && only.context.signer.key === sender) {
    const { context, state, count, root, leaves } = only
    const { agent } = context.signer
    return context.form === 'leaves'
      ? encodeFunctionData({ abi: decisionLogAbi, functionName: 'commit', args: [agent, state, leaves] })
      : encodeFunctionData({
          ...{ abi: decisionLogAbi, functionName: 'commitRoot' },
          args: [agent, state, BigInt(count), root],
        })
  }
  const domain = { chainId: line.chainId, verifyingContract: line.contract }
  const commits = await Promise.all(
    batches.map(async ({ context, state, count, root, leaves }) => {
      const { agent, account } = context.signer
      const signature = await signCommit(account, domain, {
        ...{ agent, state, count, root },
        leaves: leaves.length > 0,
      })
      return { agent, state, count: BigInt(count), root, leaves, signature }
    }),
  )
  return encodeFunctionData({ abi: decisionLogAbi, functionName: 'commitMany', args: [commits] })
}
