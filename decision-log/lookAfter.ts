import type { Hash } from '../core/index.ts'
import { chainFailure, hasName } from './logChain.ts'
import { receiptOf, standsAt } from './minedTransaction.ts'
import { highestFees, type Replacing, type SentTransaction, type TransactionLine } from './transactionLine.ts'

/** A transaction that was just sent may be unknown to the next node asked; dropped is one unknown for longer. */
const DROPPED_AFTER_MS = 5_000

/**
 * What to do about transactions that are on their way, of which the chain has not taken what they were sent for:
 * wait, or send again, replacing them.
 *
 * @param latest Block as of which the chain has not taken it.
 */
export async function lookAfter(
  line: TransactionLine,
  sent: readonly SentTransaction[],
  { latest, stuckAfterMs }: { readonly latest: number; readonly stuckAfterMs: number },
): Promise<'wait' | Replacing> {
  const { logger, sentAt, now } = line
  const distinct = [...new Map(sent.map(each => [each.transactionHash, each])).values()]
  let waits = false
  let sinceMs = Number.NEGATIVE_INFINITY
  for (const { transactionHash } of distinct) {
    const receipt = await receiptOf(line.client, transactionHash)
    // Mined after the head was read: the next pass sees it.
    if (receipt !== null && receipt.mined.blockNumber > latest) return 'wait'
    // A node may still show the receipt of a block that a reorg removed; that says nothing.
    if (receipt !== null && (await standsAt(line.client, receipt.mined))) {
      logger.warn(
        { transactionHash },
        receipt.succeeded
          ? 'A transaction was mined without what it was sent for; sending another.'
          : 'A transaction was reverted; sending another.',
      )
      sentAt.delete(transactionHash)
      return {}
    }
    const isWaiting = await isPooled(line, transactionHash)
    waits ||= isWaiting
    const since = sentAt.get(transactionHash)
    // What an earlier process sent and the node does not have was dropped, or never reached it.
    if (since === undefined && !isWaiting) continue
    // Also after the clock was set back: the time until then does not count.
    if (since === undefined || since > now()) sentAt.set(transactionHash, now())
    sinceMs = Math.max(sinceMs, sentAt.get(transactionHash) ?? now())
  }
  const patienceMs = waits ? stuckAfterMs : Math.min(stuckAfterMs, DROPPED_AFTER_MS)
  if (now() - sinceMs < patienceMs) return 'wait'
  logger.warn(
    { transactions: distinct.map(each => each.transactionHash).join(' ') },
    waits ? 'A transaction is stuck; replacing it.' : 'A transaction is not with the node; sending it again.',
  )
  const floor = highestFees(distinct)
  return { ...(floor === undefined ? {} : { floor }), raise: waits }
}

/** True when a transaction waits with the node to be mined. */
async function isPooled({ client }: TransactionLine, hash: Hash): Promise<boolean> {
  try {
    return (await client.getTransaction({ hash })).blockNumber === null
  } catch (error) {
    if (hasName(error, 'TransactionNotFoundError')) return false
    throw chainFailure(error, `read transaction ${hash}`)
  }
}
