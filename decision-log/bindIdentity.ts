import { createWalletClient, http, type LocalAccount } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type Address, type AgentId, type Hash, InvalidInputError, UnavailableError } from '../core/index.ts'
import type { AgentSigner } from './createSigner.ts'
import { chainFailure, connect } from './logChain.ts'
import { signIdentity } from './logMessages.ts'
import { waitForReceipt } from './waitForReceipt.ts'

/**
 * Binds an agent to its identity token, once and for ever: from then on the token's owner may give the agent another
 * key when its own is lost or leaked.
 *
 * @returns The transaction, mined; null when the agent is bound to this token already.
 * @throws InvalidInputError when it is bound to another one.
 * @throws UnavailableError when the node fails, or the transaction is reverted.
 */
export async function bindIdentity({
  rpcUrl,
  contract,
  signer,
  identity,
  account,
}: {
  readonly rpcUrl: string
  readonly contract: Address
  /** The agent's present key. */
  readonly signer: AgentSigner
  /** Number of the token in the log's identity registry. */
  readonly identity: bigint
  /** The token's owner, who sends and pays. */
  readonly account: LocalAccount
}): Promise<Hash | null> {
  const client = connect(rpcUrl)
  const { agent, key } = signer
  const log = { address: contract, abi: decisionLogAbi } as const
  try {
    const [isBound, bound] = await client.readContract({ ...log, functionName: 'identityOf', args: [agent] })
    if (isBound && bound !== identity) throw boundElsewhere(agent, bound, identity)
    if (isBound) return null
    const domain = { chainId: await client.getChainId(), verifyingContract: contract }
    const isSender = account.address.toLowerCase() === key
    const signature = isSender ? '0x' : await signIdentity(signer.account, domain, { agent, identity })
    const wallet = createWalletClient({ account, transport: http(rpcUrl) })
    const args = [agent, identity, signature] as const
    await client.simulateContract({ ...log, functionName: 'bindIdentity', args, account })
    const hash = await wallet.writeContract({ ...log, functionName: 'bindIdentity', args, chain: null })
    const { status } = await waitForReceipt(client, hash)
    if (status === 'success') return hash
  } catch (error) {
    if (error instanceof InvalidInputError) throw error
    throw chainFailure(error, 'bind an agent to its identity')
  }
  throw new UnavailableError(`The binding of agent ${agent} to identity ${identity} was reverted.`, {
    facts: { agent, identity },
    hint: 'Look whether it is bound by now, and try again.',
  })
}

function boundElsewhere(agent: AgentId, bound: bigint, identity: bigint): InvalidInputError {
  return new InvalidInputError(`Agent ${agent} is bound to identity ${bound} for ever, not to ${identity}.`, {
    facts: { agent, bound, identity },
    hint: 'Use the identity that it is bound to.',
  })
}
