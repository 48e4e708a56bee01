import { encodeFunctionData, keccak256, toHex } from 'viem'
import { decisionLogAbi, validationRegistryAbi } from '../contracts/abi/index.ts'
import {
  type Address,
  type AgentId,
  canonicalJson,
  type Hash,
  InvalidInputError,
  type TouchstoneError,
} from '../core/index.ts'
import type { AuditReport } from './auditReport.ts'
import type { LogDomain } from './decisionTypes.ts'
import { type ChainAccess, chainFailure, clientOf, hasName } from './logChain.ts'
import { lowerCase } from './lowerCase.ts'
import { type Refusal, type Sender, transact } from './transact.ts'

/** What is asked of a validator: an audit of an agent's decisions. Published as canonical JSON. */
export type ValidationRequest = {
  readonly agent: AgentId
  readonly log: LogDomain
  /** Who is asked. */
  readonly validator: Address
  /** Decisions to audit, from the first to the last, both included. */
  readonly firstSequence: number
  readonly lastSequence: number
  /** When it was asked; tells one request from the next. */
  readonly askedAtMs: number
}

/** Tag of the answers that are audits. */
export const AUDIT_TAG = 'touchstone-audit'

/** keccak256 of a request's canonical JSON: ERC-8004's `requestHash`, which names it. */
export function hashValidationRequest(request: ValidationRequest): Hash {
  return keccak256(toHex(canonicalJson(request)))
}

/** keccak256 of a report's canonical JSON, the text to publish: ERC-8004's `responseHash`. */
export function hashAuditReport(report: AuditReport): Hash {
  return keccak256(toHex(canonicalJson(report)))
}

/**
 * An audit as ERC-8004's answer from 0 to 100: how many in a hundred of the decisions checked are equal, rounded down,
 * so that 100 means every one.
 *
 * @throws InvalidInputError when the audit checked nothing.
 */
export function validationResponseOf({ agent, checked, equal }: AuditReport): number {
  if (checked === 0)
    throw new InvalidInputError(`The audit of agent ${agent} checked no decision, so it says nothing.`, {
      facts: { agent, checked },
      hint: 'Audit again when the agent has decisions.',
    })
  return Math.floor((100 * equal) / checked)
}

/**
 * Asks a validator for an audit, in an ERC-8004 validation registry. For the owner of the agent's identity.
 *
 * @throws InvalidInputError when the sender may not ask for the identity, or the request was made before.
 * @throws UnavailableError when the node fails.
 */
export async function requestValidation(
  sender: Sender,
  options: {
    /** The validation registry. */
    readonly registry: Address
    /** Identity token of the agent. */
    readonly identity: bigint
    readonly request: ValidationRequest
    /** Where the request's canonical JSON is published. */
    readonly requestUri: string
  },
): Promise<{ readonly requestHash: Hash; readonly transactionHash: Hash }> {
  const { registry, identity, request, requestUri } = options
  const requestHash = hashValidationRequest(request)
  const { transactionHash } = await transact(sender, {
    to: registry,
    data: encodeFunctionData({
      abi: validationRegistryAbi,
      functionName: 'validationRequest',
      args: [request.validator, identity, requestUri, requestHash],
    }),
    abi: validationRegistryAbi,
    doing: 'ask for a validation',
    refused,
  })
  return { requestHash, transactionHash }
}

/** A request as a validation registry keeps it, and its latest answer. */
export type KeptRequest = {
  /** Who was asked. */
  readonly validator: Address
  /** Identity token that it is about. */
  readonly identity: bigint
  /** From 0 to 100; 0 too where nobody answered, when the hash is 0 as well. */
  readonly response: number
  readonly responseHash: Hash
}

/**
 * Reads a validation request.
 *
 * @throws InvalidInputError when the registry has no such request, or there is no registry at the address.
 * @throws UnavailableError when the node fails.
 */
export async function readValidationRequest(
  access: ChainAccess,
  { registry, requestHash }: { readonly registry: Address; readonly requestHash: Hash },
): Promise<KeptRequest> {
  try {
    const [validator, identity, response, responseHash] = await clientOf(access).readContract({
      address: registry,
      abi: validationRegistryAbi,
      functionName: 'getValidationStatus',
      args: [requestHash],
    })
    if (BigInt(validator) !== 0n) return { validator: lowerCase(validator), identity, response, responseHash }
  } catch (error) {
    if (hasName(error, 'ContractFunctionZeroDataError'))
      throw new InvalidInputError(`There is no validation registry at ${registry} on this chain.`, {
        facts: { registry },
        hint: "Check the registry's address and the chain.",
      })
    // The canonical registry refuses with a text, the project's own with an error.
    if (!hasName(error, 'ContractFunctionRevertedError'))
      throw chainFailure(error, 'read a validation request')
  }
  throw unknownRequest(requestHash)
}

/**
 * Checks that a validation registry and a decision log mean the same identities: tokens of two registries may have one
 * number.
 *
 * @throws InvalidInputError when they do not.
 * @throws UnavailableError when the node fails.
 */
export async function assertSameIdentities(
  access: ChainAccess,
  { registry, contract }: { readonly registry: Address; readonly contract: Address },
): Promise<void> {
  const client = clientOf(access)
  let answers: readonly Address[]
  try {
    answers = await Promise.all([
      client.readContract({
        address: registry,
        abi: validationRegistryAbi,
        functionName: 'getIdentityRegistry',
      }),
      client.readContract({ address: contract, abi: decisionLogAbi, functionName: 'identityRegistry' }),
    ])
  } catch (error) {
    throw chainFailure(error, 'name the registry of identities')
  }
  const [asked, known] = answers.map(address => lowerCase(address))
  if (asked === known) return
  throw new InvalidInputError(
    `Validation registry ${registry} is about identities of ${asked}, and the log's agents have theirs in ${known}.`,
    {
      facts: { registry, asked: asked ?? null, known: known ?? null },
      hint: 'Name the validation registry of the identities that the log knows: --registry 0x…',
    },
  )
}

/**
 * The identity token that an agent is bound to, in the registry of its log; null where it is bound to none.
 *
 * @throws UnavailableError when the node fails.
 */
export async function readIdentity(
  access: ChainAccess,
  { contract, agent }: { readonly contract: Address; readonly agent: AgentId },
): Promise<bigint | null> {
  try {
    const [bound, identity] = await clientOf(access).readContract({
      address: contract,
      abi: decisionLogAbi,
      functionName: 'identityOf',
      args: [agent],
    })
    return bound ? identity : null
  } catch (error) {
    throw chainFailure(error, "read an agent's identity")
  }
}

/**
 * Posts an audit as the answer to a validation request. For the validator that the request names.
 *
 * @throws InvalidInputError when the audit checked nothing, there is no such request, or it names another validator.
 * @throws UnavailableError when the node fails.
 */
export async function postValidation(
  sender: Sender,
  options: {
    /** The validation registry. */
    readonly registry: Address
    readonly requestHash: Hash
    readonly report: AuditReport
    /** Where the report's canonical JSON is published. */
    readonly reportUri: string
  },
): Promise<{ readonly response: number; readonly responseHash: Hash; readonly transactionHash: Hash }> {
  const { registry, requestHash, report, reportUri } = options
  const response = validationResponseOf(report)
  const responseHash = hashAuditReport(report)
  const { transactionHash } = await transact(sender, {
    to: registry,
    data: encodeFunctionData({
      abi: validationRegistryAbi,
      functionName: 'validationResponse',
      args: [requestHash, response, reportUri, responseHash, AUDIT_TAG],
    }),
    abi: validationRegistryAbi,
    doing: 'post a validation',
    refused,
  })
  return { response, responseHash, transactionHash }
}

function unknownRequest(requestHash: string): InvalidInputError {
  return new InvalidInputError(`There is no request ${requestHash}.`, {
    facts: { requestHash },
    hint: 'The owner of the agent’s identity has to ask first.',
  })
}

function refused({ name, args }: Refusal): TouchstoneError {
  const [first] = args
  switch (name) {
    case 'NotOwnerOrOperator':
      return new InvalidInputError(`${first} is not the owner or an operator of the agent's identity.`, {
        facts: { caller: String(first) },
        hint: 'Ask from the account that owns the identity token, or let it approve this one.',
      })
    case 'RequestExists':
      return new InvalidInputError(`The request ${first} was made before.`, {
        facts: { requestHash: String(first) },
        hint: 'Read its answer, or make a request of another time.',
      })
    case 'UnknownRequest':
      return unknownRequest(String(first))
    case 'NotTheValidator':
      return new InvalidInputError(`The request asks another validator than ${first}.`, {
        facts: { caller: String(first) },
        hint: 'Answer from the account that the request names.',
      })
    default:
      return new InvalidInputError(`The validation registry refused: ${name}.`, {
        facts: { error: name },
        hint: 'Check the identity token and the registry’s address.',
      })
  }
}
