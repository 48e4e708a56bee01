import type { PublicClient, TransactionReceipt } from 'viem'
import { type Hash, UnavailableError } from '../core/index.ts'
import { hasName } from './logChain.ts'

/** Pauses between looks, the first and the longest. */
const MIN_POLL_MS = 10
const MAX_POLL_MS = 1_000
/** A transaction that is not mined by then is the caller's to look after. */
const PATIENCE_MS = 180_000

/**
 * Waits until a transaction is mined. viem's own wait looks again when the next block comes: on a chain that mines a block
 * for each transaction, whose node tells of a block a moment before its receipts, it may wait for one that never comes.
 *
 * @throws UnavailableError when it is not mined within three minutes.
 */
export async function waitForReceipt(
  client: Pick<PublicClient, 'getTransactionReceipt'>,
  hash: Hash,
): Promise<TransactionReceipt> {
  let waitedMs = 0
  for (let pauseMs = MIN_POLL_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_POLL_MS)) {
    try {
      return await client.getTransactionReceipt({ hash })
    } catch (error) {
      if (!hasName(error, 'TransactionReceiptNotFoundError')) throw error
    }
    if (waitedMs >= PATIENCE_MS)
      throw new UnavailableError(
        `Transaction ${hash} was not mined within ${PATIENCE_MS / 60_000} minutes.`,
        {
          facts: { hash },
          hint: 'It may still be: look for it on chain before you send another.',
        },
      )
    await new Promise(resolve => setTimeout(resolve, pauseMs))
    waitedMs += pauseMs
  }
}
