import {
  type AgentEpoch,
  type AnchorBatch,
  type Hash,
  IntegrityError,
  UnavailableError,
} from '../core/index.ts'
import { adoptAnchors } from './adoptAnchors.ts'
import type { AnchorContext } from './anchorContext.ts'
import { FINALITY_BLOCKS, holdEpoch } from './holdEpoch.ts'
import { type ChainHead, readHead, stateWord } from './logChain.ts'
import { EMPTY_HEAD, nextHead } from './merkle.ts'
import { type Mined, receiptOf, standsAt } from './minedTransaction.ts'
import { readCommits } from './readAnchors.ts'

/** How the store stands to the chain after a pass. */
export type AnchorState = {
  /** The epoch that the chain is to be asked for; null while it is the one that the store works in. */
  readonly missingEpoch: AgentEpoch | null
  /** The chain's epoch. */
  readonly epoch: number
  /** The next sequence that the chain takes. */
  readonly chainNext: number
  /** The state of the agent's log, as one word: what the next commit follows. */
  readonly state: Hash
  /** The next sequence that will be recorded. */
  readonly recorded: number
  /** Every decision before this sequence is in an anchored batch. */
  readonly anchoredThrough: number
  /** The saved batch whose commit is to be mined next; null when none was sent. */
  readonly pending: AnchorBatch | null
}

/**
 * Makes the store's batches agree with the chain, which is the truth: batches that the chain holds become
 * anchored, batches that a reorg removed go back to sent, and batches that the store has lost are read from
 * the chain. Saves every change at once, so that a crash at any point loses nothing.
 *
 * That the chain holds the store's batches is known from one slot: the head chains their roots and ranges.
 *
 * @throws IntegrityError when the chain holds a decision that the store does not know.
 * @throws UnavailableError when the node fails, or contradicts itself for a moment.
 */
export function reconcileAnchors(context: AnchorContext): Promise<AnchorState> {
  return reconcile(context, false)
}

async function reconcile(context: AnchorContext, adopted: boolean): Promise<AnchorState> {
  const { store, client, contract, signer, memory, latest } = context
  const chain = await readHead(client, contract, signer.agent, BigInt(latest))
  const held = await holdEpoch(context, chain)
  const recorded = await store.nextSequence(signer.agent)
  if (chain.nextSequence > recorded) throw chainAhead(context, chain.nextSequence, recorded)

  const batches = await store.batches(signer.agent, memory.finalSequence)
  const onChain = prefixOnChain(context, batches, chain)
  if (onChain === null) {
    if (adopted) throw chainMoved(context)
    const forgotten = memory.finalSequence > 0
    memory.finalSequence = 0
    memory.finalHead = EMPTY_HEAD
    if (!forgotten) await adoptAnchors(context)
    return reconcile(context, !forgotten)
  }
  const pending = await withdrawOrphans(context, batches.slice(onChain), chain.nextSequence)
  const settled = await settle(context, batches.slice(0, onChain), latest)
  return {
    missingEpoch: chain.epoch < held.epoch ? held : null,
    epoch: chain.epoch,
    chainNext: chain.nextSequence,
    state: stateWord(chain),
    recorded,
    pending,
    anchoredThrough: anchoredEnd(context, settled),
  }
}

/** How many of the batches the chain holds; null when its head says that it holds others. */
function prefixOnChain(
  { memory }: AnchorContext,
  batches: readonly AnchorBatch[],
  chain: ChainHead,
): number | null {
  let sequence = memory.finalSequence
  let head = memory.finalHead
  let held = 0
  for (const { firstSequence, count, root } of batches) {
    if (firstSequence !== sequence || firstSequence + count > chain.nextSequence) break
    head = nextHead(head, root, firstSequence, count)
    sequence += count
    held += 1
  }
  return sequence === chain.nextSequence && head === chain.head ? held : null
}

/** Takes batches beyond the chain's end back to sent, and returns the one that comes next. */
async function withdrawOrphans(
  { store, signer, logger }: AnchorContext,
  beyond: readonly AnchorBatch[],
  chainNext: number,
): Promise<AnchorBatch | null> {
  let sequence = chainNext
  const kept: AnchorBatch[] = []
  for (const batch of beyond) {
    if (batch.firstSequence !== sequence) {
      await store.dropBatch(signer.agent, batch.firstSequence)
      continue
    }
    sequence += batch.count
    kept.push(await withdraw(batch))
  }
  return kept[0] ?? null

  async function withdraw(batch: AnchorBatch): Promise<AnchorBatch> {
    if (batch.status === 'sent') return batch
    const { agent, firstSequence, blockNumber } = batch
    logger.warn({ agent, firstSequence, blockNumber }, 'A reorg removed an anchor; it will be sent again.')
    const sent = unsettled(batch)
    await store.saveBatch(sent)
    return sent
  }
}

/** Settles the batches that the chain holds: each anchored with its block, or waiting for confirmations. */
async function settle(
  context: AnchorContext,
  batches: readonly AnchorBatch[],
  latest: number,
): Promise<AnchorBatch[]> {
  const settled: AnchorBatch[] = []
  let canonical = false
  // Newest first: when one anchor's block is still canonical, so are its ancestors.
  for (const [index, batch] of [...batches.entries()].reverse()) {
    if (batch.status === 'anchored') {
      canonical ||= await standsAt(context.client, batch)
      if (canonical) {
        settled.unshift(batch)
        continue
      }
    }
    const floor = batches[index - 1]?.blockNumber ?? context.fromBlock
    settled.unshift(await settleOne(context, batch, floor, latest))
  }
  return settled
}

async function settleOne(
  context: AnchorContext,
  batch: AnchorBatch,
  fromBlock: number,
  latest: number,
): Promise<AnchorBatch> {
  const { store, logger, confirmations, onAnchored } = context
  const mined = await findMined(context, batch, fromBlock, latest)
  const anchored = latest - mined.blockNumber + 1 >= confirmations
  const now: AnchorBatch = { ...unsettled(batch), ...(anchored ? { ...mined, status: 'anchored' } : {}) }
  if (anchored || batch.status === 'anchored') await store.saveBatch(now)
  if (!anchored) return now
  const { agent, firstSequence, count, transactionHash, gasUsed } = now
  logger.info({ agent, firstSequence, count, transactionHash, gasUsed }, 'Anchored a batch.')
  try {
    onAnchored(now)
  } catch (error) {
    logger.error({ agent, firstSequence, error: String(error) }, 'A listener failed on an anchored batch.')
  }
  return now
}

/** Finds the transaction that committed a batch: the saved one, or an earlier version of it. */
async function findMined(
  context: AnchorContext,
  batch: AnchorBatch,
  fromBlock: number,
  toBlock: number,
): Promise<Mined> {
  const { client, contract } = context
  const { agent, firstSequence, root, transactionHash } = batch
  const saved = await receiptOf(client, transactionHash)
  // A node may still show the receipt of a block that a reorg removed.
  if (saved?.commitOf(contract, batch) && (await standsAt(client, saved.mined))) return saved.mined
  const commits = await readCommits(client, { contract, agent, firstSequence, fromBlock, toBlock })
  const commit = commits.find(found => found.root === root)
  const earlier = commit === undefined ? null : await receiptOf(client, commit.transactionHash)
  if (earlier?.succeeded) return earlier.mined
  throw new UnavailableError(
    `The node does not show the commit of decision ${firstSequence} that its state holds.`,
    {
      facts: { agent, firstSequence, fromBlock, toBlock },
      hint: 'It may be catching up. If this lasts, use a node that keeps all logs.',
    },
  )
}

/** Where the anchored batches end; remembers those that are deep enough not to be read again. */
function anchoredEnd({ memory }: AnchorContext, settled: readonly AnchorBatch[]): number {
  let end = memory.finalSequence
  const newest = settled.at(-1)?.blockNumber ?? 0
  for (const batch of settled) {
    if (batch.status !== 'anchored' || batch.blockNumber === null) break
    end = batch.firstSequence + batch.count
    if (memory.finalSequence === batch.firstSequence && newest - batch.blockNumber >= FINALITY_BLOCKS) {
      memory.finalHead = nextHead(memory.finalHead, batch.root, batch.firstSequence, batch.count)
      memory.finalSequence = end
    }
  }
  return end
}

function unsettled(batch: AnchorBatch): AnchorBatch {
  return { ...batch, status: 'sent', blockNumber: null, blockHash: null, gasUsed: null }
}

function chainAhead(
  { signer, contract }: AnchorContext,
  chainNext: number,
  recorded: number,
): IntegrityError {
  return new IntegrityError(
    `The chain holds ${chainNext} decisions of agent ${signer.agent}, the store only ${recorded}.`,
    {
      facts: { agent: signer.agent, contract, chainNext, recorded },
      hint: 'Another host has recorded with this key: restore the store that holds all its decisions.',
    },
  )
}

function chainMoved({ signer }: AnchorContext): UnavailableError {
  return new UnavailableError(
    `The chain moved while the batches of agent ${signer.agent} were read from it.`,
    {
      facts: { agent: signer.agent },
      hint: 'The worker tries again by itself.',
    },
  )
}
