import { parseEventLogs } from 'viem'
import type { Address, AnchorBatch, Hash } from '../core/index.ts'
import { chainFailure, hasName, type LogClient } from './logChain.ts'
import { lowerCase } from './lowerCase.ts'
import { headFromNumber } from './merkle.ts'
import { BATCH_COMMITTED, type Commit } from './readAnchors.ts'

/** Where a transaction was mined. */
export type Mined = {
  readonly transactionHash: Hash
  readonly blockNumber: number
  readonly blockHash: Hash
  readonly gasUsed: number
}

/** What became of a transaction. */
export type MinedReceipt = {
  readonly succeeded: boolean
  readonly mined: Mined
  /** The agent's commit that begins at the sequence; null where it holds none, as a relayed one may have left it out. */
  commitOf(contract: Address, batch: Pick<AnchorBatch, 'agent' | 'firstSequence'>): Commit | null
}

/** The receipt of a transaction; null when the node knows none. */
export async function receiptOf(client: LogClient, hash: Hash): Promise<MinedReceipt | null> {
  try {
    const receipt = await client.getTransactionReceipt({ hash })
    const { blockHash, transactionHash } = receipt
    const mined = {
      transactionHash,
      blockNumber: Number(receipt.blockNumber),
      blockHash,
      gasUsed: Number(receipt.gasUsed),
    }
    return {
      succeeded: receipt.status === 'success',
      mined,
      commitOf(contract, { agent, firstSequence }) {
        const found = parseEventLogs({ abi: [BATCH_COMMITTED], logs: receipt.logs }).find(
          ({ address, args }) =>
            lowerCase(address) === contract &&
            lowerCase(args.agent) === agent &&
            Number(args.firstSequence) === firstSequence,
        )
        if (found === undefined) return null
        const { count, root, head } = found.args
        const { blockNumber } = mined
        return {
          firstSequence,
          count: Number(count),
          root,
          head: headFromNumber(head),
          blockNumber,
          blockHash,
        }
      },
    }
  } catch (error) {
    if (hasName(error, 'TransactionReceiptNotFoundError')) return null
    throw chainFailure(error, `read the receipt of transaction ${hash}`)
  }
}

/** True when a block is part of the chain as the node has it now. */
export async function standsAt(
  client: LogClient,
  { blockNumber, blockHash }: Pick<AnchorBatch, 'blockNumber' | 'blockHash'>,
): Promise<boolean> {
  if (blockNumber === null) return false
  try {
    return (await client.getBlock({ blockNumber: BigInt(blockNumber) })).hash === blockHash
  } catch (error) {
    if (hasName(error, 'BlockNotFoundError')) return false
    throw chainFailure(error, `read block ${blockNumber}`)
  }
}
