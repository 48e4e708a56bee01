import { type Abi, encodeFunctionData, type LocalAccount, parseAbi } from 'viem'
import { decisionLogAbi } from '../contracts/abi/index.ts'
import { type Address, type AgentId, type Hash, InvalidInputError } from '../core/index.ts'
import type { AgentSigner } from './createSigner.ts'
import { chainFailure, connect, type LogClient } from './logChain.ts'
import { signIdentity } from './logMessages.ts'
import { lowerCase } from './lowerCase.ts'
import { keyOf } from './takeOver.ts'
import { transact } from './transact.ts'
import { readIdentity } from './validation.ts'

/**
 * Binds an agent to its identity token, once and for ever: from then on the token's owner may give the agent another
 * key when its own is lost or leaked.
 *
 * @returns The transaction, mined; null when the agent is bound to this token already.
 * @throws InvalidInputError when it is bound to another one, the account does not own the token, the key is not the
 * agent's present one, or the log knows no identities.
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
  const { agent, key } = signer
  const access = { client: connect(rpcUrl) }
  const bound = await readIdentity(access, { contract, agent })
  if (bound === identity) return null
  if (bound !== null) throw boundElsewhere(agent, bound, identity)
  if ((await keyOf(access, contract, agent)) !== key) throw anotherKey(signer)
  const sender = lowerCase(account.address)
  const domain = { chainId: await chainIdOf(access), verifyingContract: contract }
  const signature = sender === key ? '0x' : await signIdentity(signer.account, domain, { agent, identity })
  const { transactionHash } = await transact(
    { rpcUrl, account },
    {
      to: contract,
      data: encodeFunctionData({
        abi: decisionLogAbi,
        functionName: 'bindIdentity',
        args: [agent, identity, signature],
      }),
      abi: [...decisionLogAbi, ...REGISTRY_ERRORS] as Abi,
      doing: 'bind an agent to its identity',
      refused: ({ name }) => refusedBinding(name, { sender, identity, contract }),
    },
  )
  return transactionHash
}

/** What ERC-721 registries of OpenZeppelin's make end with for a token that does not exist. */
const REGISTRY_ERRORS = parseAbi(['error ERC721NonexistentToken(uint256 tokenId)'])

async function chainIdOf({ client }: { readonly client: LogClient }): Promise<number> {
  try {
    return await client.getChainId()
  } catch (error) {
    throw chainFailure(error, 'name its chain')
  }
}

function anotherKey({ agent, key }: AgentSigner): InvalidInputError {
  return new InvalidInputError(`Key ${key} is not the present one of agent ${agent}.`, {
    facts: { agent, key },
    hint: 'Let the key that the agent acts by now sign.',
  })
}

function refusedBinding(
  name: string,
  { sender, identity, contract }: { sender: Address; identity: bigint; contract: Address },
): InvalidInputError {
  switch (name) {
    case 'NotAuthorised':
      return new InvalidInputError(`Account ${sender} does not own identity ${identity}.`, {
        facts: { sender, identity },
        hint: 'Send from the account that owns the token: its key is TOUCHSTONE_IDENTITY_KEY_<NAME>.',
      })
    case 'ERC721NonexistentToken':
      return new InvalidInputError(`There is no identity ${identity} in the registry of the log.`, {
        facts: { identity },
        hint: 'Register one first, and name its number.',
      })
    case 'NoIdentityRegistry':
      return new InvalidInputError('The decision log knows no identity registry.', {
        facts: { contract },
        hint: 'Its agents cannot be bound: use a log that was deployed with a registry.',
      })
    default:
      return new InvalidInputError(`The decision log refused to bind identity ${identity}: ${name}.`, {
        facts: { identity, error: name },
        hint: 'Look whether the agent is bound by now, and try again.',
      })
  }
}

function boundElsewhere(agent: AgentId, bound: bigint, identity: bigint): InvalidInputError {
  return new InvalidInputError(`Agent ${agent} is bound to identity ${bound} for ever, not to ${identity}.`, {
    facts: { agent, bound, identity },
    hint: 'Use the identity that it is bound to.',
  })
}
