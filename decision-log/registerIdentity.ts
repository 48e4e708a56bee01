import { encodeFunctionData, getAbiItem, parseEventLogs } from 'viem'
import { identityRegistryAbi } from '../contracts/abi/index.ts'
import { type Address, IntegrityError, InvalidInputError } from '../core/index.ts'
import { type Sender, transact } from './transact.ts'

/**
 * Registers an identity in an ERC-8004 identity registry, canonical or deployed, for the sending account.
 *
 * @returns The identity token; `DecisionLog.bindIdentity` binds an agent to it.
 * @throws InvalidInputError when the registry refuses, or the private key has the wrong form.
 * @throws IntegrityError when no registry is at the address.
 * @throws UnavailableError when the node fails.
 */
export async function registerIdentity(
  sender: Sender,
  options: {
    readonly registry: Address
    /** Where the registration file of ERC-8004 is; may be empty. */
    readonly agentUri: string
  },
): Promise<bigint> {
  const { registry, agentUri } = options
  const { logs, transactionHash } = await transact(sender, {
    to: registry,
    data: encodeFunctionData({ abi: identityRegistryAbi, functionName: 'register', args: [agentUri] }),
    abi: identityRegistryAbi,
    doing: 'register an identity',
    refused: ({ name }) =>
      new InvalidInputError(`The identity registry refused to register: ${name}.`, {
        facts: { registry, error: name },
        hint: 'A contract that registers must accept ERC-721 tokens.',
      }),
  })
  const [registered] = parseEventLogs({ abi: [REGISTERED], logs })
  if (registered === undefined)
    throw new IntegrityError(`Transaction ${transactionHash} was taken, but registered nothing.`, {
      facts: { registry, transactionHash },
      hint: 'Check that the address is that of an ERC-8004 identity registry.',
    })
  return registered.args.agentId
}

const REGISTERED = getAbiItem({ abi: identityRegistryAbi, name: 'Registered' })
