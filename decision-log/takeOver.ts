import type { HttpTransport, LocalAccount, PublicClient } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import {
  type Address,
  type AgentEpoch,
  type AgentId,
  type DecisionStore,
  type Hash,
  type Hex,
  IntegrityError,
  InvalidInputError,
} from '../core/index.ts'
import { assertLeaves } from './adoptAnchors.ts'
import { createAnchorNodes } from './anchorNodes.ts'
import {
  type AnchoredAgent,
  type AnchorRelayOptions,
  type AnchorWorker,
  createAnchorRelay,
} from './createAnchorRelay.ts'
import type { AgentSigner } from './createSigner.ts'
import { type ChainAccess, chainFailure, clientOf, readHead } from './logChain.ts'
import { type MessageSigner, signEpoch } from './logMessages.ts'
import { lowerCase } from './lowerCase.ts'
import { readAnchors } from './readAnchors.ts'
import { revertedWith } from './revertedWith.ts'

export type TakeOverOptions = Omit<AnchorRelayOptions, 'account'> &
  Pick<AnchoredAgent, 'anchor' | 'confirmations' | 'maxBatch'> & {
    readonly store: DecisionStore
    /** The key of the new epoch: the present one, or another. */
    readonly signer: AgentSigner
    /** Names this host: 32 bytes, at random. */
    readonly host: Hash
    /** Who allows another key: the present key, or the owner of the agent's identity. */
    readonly authority?: MessageSigner
    /** Who sends and pays; the key of the new epoch unless given. */
    readonly account?: LocalAccount
    /** Ends the wait for the chain; the epoch stays claimed, and the agent's next worker asks for it. */
    readonly signal?: AbortSignal
  }

/**
 * Takes an agent over for this host and store: the next epoch begins, in which no other host's commits are taken,
 * and what the store holds beyond the chain is anchored. With another key, the agent keeps its id.
 *
 * @throws IntegrityError when the store lacks decisions that the chain holds, or holds others.
 * @throws InvalidInputError when the key is another, and nobody allows it, or who may not; the store is as it was.
 * @throws TakenOverError when another host took the agent over at the same time, and was first.
 */
export async function takeOver(options: TakeOverOptions): Promise<AgentEpoch> {
  const { store, signer, host, signal } = options
  const claimed = await claimEpoch(options)
  const worker: AnchorWorker = createAnchorRelay({
    ...options,
    account: options.account ?? signer.account,
  }).add({ ...options, store, signer, host })
  const stop = () => void worker.stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await worker.flush()
  } finally {
    signal?.removeEventListener('abort', stop)
    await worker.stop()
  }
  return claimed
}

/** Writes down that this store works in the agent's next epoch, which the chain is then asked for. */
async function claimEpoch(options: TakeOverOptions): Promise<AgentEpoch> {
  const { store, signer, host, contract, authority, fromBlock = 0 } = options
  const { agent, key } = signer
  const { rpcUrl, chainId: expected, logger = silent } = options
  const urls = typeof rpcUrl === 'string' ? [rpcUrl] : rpcUrl
  const { client, chainId, latest } = await createAnchorNodes({ urls, chainId: expected, logger }).choose()
  const chain = await readHead(client, contract, agent, BigInt(latest))
  const since = await store.nextSequence(agent)
  if (chain.nextSequence > since) throw storeBehind(agent, chain.nextSequence, since)
  for (const anchor of await readAnchors({ client, contract, agent, fromBlock }))
    await assertLeaves(store, anchor)

  const epoch = chain.epoch + 1
  const present = await keyOf({ client }, contract, agent)
  if (present !== key && authority === undefined) throw notAllowed(agent, present, key)
  const domain = { chainId, verifyingContract: contract }
  const allowance =
    present === key || authority === undefined
      ? null
      : await signEpoch(authority, domain, { agent, epoch, key })
  // Before the store says so: with a key that the chain refuses it could not go back.
  if (allowance !== null) await assertAllowed(client, { contract, agent, epoch, key, present, allowance })
  const claimed: AgentEpoch = { agent, epoch, key, host, since, authority: allowance }
  await store.saveEpoch(claimed)
  return claimed
}

const silent = { info() {}, warn() {}, error() {} }

/** The key that acts for an agent now, lower-case. */
export async function keyOf(access: ChainAccess, contract: Address, agent: AgentId): Promise<Address> {
  try {
    const key = await clientOf(access).readContract({
      ...{ address: contract, abi: decisionLogAbi, functionName: 'keyOf' },
      args: [agent],
    })
    return lowerCase(key)
  } catch (error) {
    throw chainFailure(error, "read an agent's key")
  }
}

async function assertAllowed(
  client: PublicClient<HttpTransport>,
  asked: {
    readonly contract: Address
    readonly agent: AgentId
    readonly epoch: number
    readonly key: Address
    readonly present: Address
    readonly allowance: Hex
  },
): Promise<void> {
  const { contract, agent, epoch, key, present, allowance } = asked
  try {
    await client.simulateContract({
      ...{ address: contract, abi: decisionLogAbi, functionName: 'startEpoch' },
      args: [agent, epoch, key, '0x', allowance],
      // As the new key, which so needs no signature.
      account: key,
    })
  } catch (error) {
    // What became of the epoch meanwhile is the chain's to say.
    if (revertedWith(error, 'WrongEpoch(uint16,uint16)')) return
    if (!revertedWith(error, 'NotAuthorised(address,address)'))
      throw chainFailure(error, 'try a key of an agent')
    throw new InvalidInputError(
      `Agent ${agent} acts by key ${present}, and who allows it key ${key} is neither that nor the owner of its identity.`,
      {
        facts: { agent, present, key, epoch },
        hint: 'Let the present key allow it; where that is lost, the owner of the identity that the agent is bound to.',
      },
    )
  }
}

function storeBehind(agent: AgentId, chainNext: number, recorded: number): IntegrityError {
  return new IntegrityError(
    `The chain holds ${chainNext} decisions of agent ${agent}, and this store only ${recorded}.`,
    {
      facts: { agent, chainNext, recorded },
      hint: 'Give this host the decisions first: restore the store of the host that made them.',
    },
  )
}

function notAllowed(agent: AgentId, present: Address, key: Address): InvalidInputError {
  return new InvalidInputError(`Agent ${agent} acts by key ${present}, and nobody allows it key ${key}.`, {
    facts: { agent, present, key },
    hint: "Let the present key sign, or the owner of the agent's identity.",
  })
}
