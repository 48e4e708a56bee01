import {
  type AgentEpoch,
  formatInstant,
  InvalidInputError,
  TakenOverError,
  UnavailableError,
} from '../core/index.ts'
import type { AnchorContext } from './anchorContext.ts'
import { blockTime } from './blockTime.ts'
import { type ChainHead, chainFailure } from './logChain.ts'
import { standsAt } from './minedTransaction.ts'
import { type KeyEpoch, readEpochs } from './readEpochs.ts'

/** Blocks after which a block is taken not to be reorganised any more while the worker runs. */
export const FINALITY_BLOCKS = 64

/**
 * Checks that this host may work for the agent: its store's epoch is the chain's, and was started by this host; or
 * is a later one, which the chain is still to be asked for. A store that is new to an agent that is new to the chain
 * works in epoch 0.
 *
 * @throws TakenOverError when another host works for the agent, or the store never did.
 * @throws InvalidInputError when the key is not that of the epoch.
 */
export async function holdEpoch(context: AnchorContext, chain: ChainHead): Promise<AgentEpoch> {
  const { memory, signer } = context
  memory.epoch ??= await storedEpoch(context, chain)
  const { epoch, key } = memory.epoch
  if (key !== signer.key) throw otherKey(context, memory.epoch)
  if (chain.epoch > epoch) throw await takenOver(context, chain.epoch, epoch)
  if (chain.epoch === epoch && epoch > 0) await assertStartedHere(context, epoch)
  return memory.epoch
}

async function storedEpoch(context: AnchorContext, chain: ChainHead): Promise<AgentEpoch> {
  const { store, signer, host } = context
  const { agent, key } = signer
  const stored = await store.epochOf(agent)
  if (stored === null) {
    if (chain.epoch > 0 || chain.nextSequence > 0) throw neverHeld(context, chain)
    const first: AgentEpoch = { agent, epoch: 0, key: agent, host, authority: null, since: 0 }
    if (key === agent) await store.saveEpoch(first)
    return first
  }
  if (stored.host === host) return stored
  throw new TakenOverError(
    `Another host works for agent ${agent} on this store, in its epoch ${stored.epoch}.`,
    { facts: { agent, epoch: stored.epoch }, hint: TAKE_OVER },
  )
}

/** The chain's epoch has the number of ours: it is ours where our transaction started it. */
async function assertStartedHere(context: AnchorContext, epoch: number): Promise<void> {
  const { client, memory, latest, host } = context
  const { epochBlock } = memory
  if (epochBlock !== null) {
    if (latest - epochBlock.blockNumber >= FINALITY_BLOCKS || (await standsAt(client, epochBlock))) return
    memory.epochBlock = null
  }
  const started = await startOf(context, epoch)
  const transaction = await client
    .getTransaction({ hash: started.transactionHash })
    .catch((error: unknown) => {
      throw chainFailure(error, `read transaction ${started.transactionHash}`)
    })
  if (!transaction.input.endsWith(host.slice(2))) throw await takenOverBy(context, started, epoch)
  memory.epochBlock = { blockNumber: started.blockNumber, blockHash: started.blockHash }
  memory.epochSent = null
}

async function startOf(context: AnchorContext, epoch: number): Promise<KeyEpoch> {
  const { client, contract, signer, fromBlock, latest } = context
  const range = { contract, agent: signer.agent, epoch, fromBlock, toBlock: latest }
  const started = (await readEpochs(client, range)).at(-1)
  if (started !== undefined) return started
  throw new UnavailableError(
    `The node does not show the start of epoch ${epoch} of agent ${signer.agent} that its state holds.`,
    {
      facts: { agent: signer.agent, epoch, fromBlock, latest },
      hint: 'It may be catching up. If this lasts, use a node that keeps all logs.',
    },
  )
}

async function takenOver(
  context: AnchorContext,
  chainEpoch: number,
  epoch: number,
): Promise<TakenOverError | UnavailableError> {
  return takenOverBy(context, await startOf(context, chainEpoch), epoch)
}

async function takenOverBy(
  { client, signer }: AnchorContext,
  { epoch: chainEpoch, key, blockNumber, transactionHash }: KeyEpoch,
  epoch: number,
): Promise<TakenOverError> {
  const { agent } = signer
  const at = formatInstant(await blockTime(client, blockNumber))
  const by = key === signer.key ? 'with the same key' : `with key ${key}`
  return new TakenOverError(
    `Agent ${agent} was taken over at ${at}, ${by}: it is in epoch ${chainEpoch}, and this host worked in ${epoch}.`,
    { facts: { agent, epoch, chainEpoch, key, at, blockNumber, transactionHash }, hint: TAKE_OVER },
  )
}

function neverHeld({ signer }: AnchorContext, { epoch, nextSequence }: ChainHead): TakenOverError {
  const { agent } = signer
  return new TakenOverError(
    `The chain has agent ${agent} in epoch ${epoch} with ${nextSequence} decisions, and this store never worked for it.`,
    { facts: { agent, epoch, nextSequence }, hint: TAKE_OVER },
  )
}

const TAKE_OVER =
  'Let the other host go on; or stop it, and give this one its decisions: touchstone agents take-over AGENT'

function otherKey({ signer }: AnchorContext, { agent, epoch, key }: AgentEpoch): InvalidInputError {
  return new InvalidInputError(
    `Agent ${agent} signs with key ${key} in its epoch ${epoch}, and the key given is ${signer.key}.`,
    {
      facts: { agent, epoch, key, given: signer.key },
      hint: 'Give the key of that epoch, or another one: touchstone agents rotate-key AGENT',
    },
  )
}
