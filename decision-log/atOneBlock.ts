import { type AgentId, type Hash, IntegrityError, UnavailableError } from '../core/index.ts'
import { chainFailure, hasName, type LogClient } from './logChain.ts'

/** Reads of one state in a row that a reorg may spoil. */
const REORG_ATTEMPTS = 5
/** Reads before a contradiction without a reorg is believed: of the nodes behind one address one may lag behind. */
const LAG_ATTEMPTS = 4
const LAG_PAUSE_MS = 250

/**
 * Reads events and state up to the latest block, so that both are of one chain: reads again when they contradict
 * each other because a reorg came between, or because the node that answered lags behind.
 *
 * @param what What is read, for the error: "the anchors".
 * @throws IntegrityError of the read when there was no reorg, and it lasts.
 * @throws UnavailableError when the node fails, or the chain does not settle.
 */
export async function atOneBlock<Found>(
  client: LogClient,
  { agent, what }: { readonly agent: AgentId; readonly what: string },
  read: (blockNumber: bigint) => Promise<Found>,
): Promise<Found> {
  for (let attempt = 1; ; attempt++) {
    const block = await readBlock(client)
    try {
      return await read(block.number)
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      // Events and state contradict each other for a moment when a reorg comes between the reads.
      if ((await readBlock(client, block.number))?.hash === block.hash) {
        if (attempt >= LAG_ATTEMPTS) throw error
        await new Promise(resolve => setTimeout(resolve, LAG_PAUSE_MS))
        continue
      }
      if (attempt >= REORG_ATTEMPTS)
        throw new UnavailableError(`The chain was reorganised while ${what} of agent ${agent} were read.`, {
          facts: { agent },
          hint: 'Try again in a moment.',
        })
    }
  }
}

type Block = { readonly number: bigint; readonly hash: Hash }

async function readBlock(client: LogClient): Promise<Block>
async function readBlock(client: LogClient, blockNumber: bigint): Promise<Block | null>
async function readBlock(client: LogClient, blockNumber?: bigint): Promise<Block | null> {
  try {
    const { number, hash } = await client.getBlock(blockNumber === undefined ? {} : { blockNumber })
    return { number, hash }
  } catch (error) {
    if (blockNumber !== undefined && hasName(error, 'BlockNotFoundError')) return null
    throw chainFailure(error, 'read a block')
  }
}
