import { writeFile } from 'node:fs/promises'
import { type Address, canonicalJson, type Hash, InvalidInputError, toError } from '../core/index.ts'
import {
  type AuditReport,
  assertSameIdentities,
  canonicalRegistries,
  createSigner,
  hashAuditReport,
  type KeptRequest,
  postValidation,
  readIdentity,
  readValidationRequest,
  validationResponseOf,
} from '../decision-log/index.ts'
import { agentConfig } from './deployedAgents.ts'
import { requireLog } from './requireLog.ts'
import type { Workspace } from './workspace.ts'

/** What holds the private key of the validator that a request names. */
export const VALIDATOR_KEY = 'TOUCHSTONE_VALIDATOR_KEY'

/** A validation request to answer with an audit. */
export type ResponseOrder = {
  /** Name or id of the agent. */
  readonly agent: string
  readonly requestHash: Hash
  /** The validation registry; the canonical one of the log's chain unless named. */
  readonly registry: Address | null
  /** Where the report will be published. */
  readonly reportUri: string
  /** File that the report is written to, to be published. */
  readonly reportFile: string
  /** Only says what would be posted. */
  readonly dryRun: boolean
}

/** An answer, posted or to be posted. */
export type ValidationAnswer = {
  readonly registry: Address
  readonly requestHash: Hash
  readonly identity: bigint
  readonly validator: Address
  /** From 0 to 100. */
  readonly response: number
  readonly responseHash: Hash
  readonly reportUri: string
  readonly reportFile: string
  /** Null where nothing was sent. */
  readonly transactionHash: Hash | null
}

/** An order that was checked against the registry, before the audit is made. */
export type CheckedOrder = ResponseOrder & {
  readonly rpcUrl: string
  readonly registry: Address
  readonly request: KeptRequest
  /** Null where nothing is to be sent. */
  readonly privateKey: string | null
}

/**
 * Checks that a request can be answered for an agent, before anything costs time.
 *
 * @throws InvalidInputError when there is no registry or request, it asks another validator or about another identity, or
 * the validator's key is missing.
 */
export async function checkOrder(workspace: Workspace, order: ResponseOrder): Promise<CheckedOrder> {
  const log = await requireLog(workspace, { lacking: 'nothing to audit' })
  const registry = order.registry ?? canonicalRegistries(log.chainId).validation
  if (registry === null)
    throw new InvalidInputError(`Chain ${log.chainId} has no canonical validation registry.`, {
      facts: { chainId: log.chainId },
      hint: 'Name the one that the request was made in: --registry 0x…',
    })
  const { rpcUrl, contract } = log
  const request = await readValidationRequest({ rpcUrl }, { registry, requestHash: order.requestHash })
  await assertSameIdentities({ rpcUrl }, { registry, contract })
  const { name } = await agentConfig(workspace, order.agent)
  const stored = await workspace.store.agents.find(name)
  // The audit says that an agent has not run.
  const identity =
    stored === null ? request.identity : await readIdentity({ rpcUrl }, { contract, agent: stored.id })
  if (identity !== request.identity) throw anotherIdentity(name, identity, request.identity)
  return { ...order, rpcUrl, registry, request, privateKey: validatorKey(workspace, request, order.dryRun) }
}

/** Writes the report, and posts the answer that it gives unless this is a trial. */
export async function respond(report: AuditReport, order: CheckedOrder): Promise<ValidationAnswer> {
  const { requestHash, registry, reportUri, reportFile, request, privateKey, rpcUrl } = order
  const answer = { response: validationResponseOf(report), responseHash: hashAuditReport(report) }
  try {
    // The very bytes that the hash is of: no line end.
    await writeFile(reportFile, canonicalJson(report))
  } catch (error) {
    throw new InvalidInputError(`The report cannot be written: ${toError(error).message}.`, {
      facts: { reportFile },
      hint: 'Name a file in a folder that exists: --report report.json',
    })
  }
  const posted =
    privateKey === null || order.dryRun
      ? null
      : await postValidation({ rpcUrl, privateKey }, { registry, requestHash, report, reportUri })
  const { validator, identity } = request
  return {
    ...{ registry, requestHash, identity, validator, ...answer, reportUri, reportFile },
    transactionHash: posted?.transactionHash ?? null,
  }
}

/** An answer as lines for people. */
export function formatAnswer(answer: ValidationAnswer): string {
  const { requestHash, response, responseHash, reportUri, reportFile, registry, transactionHash } = answer
  return [
    `${transactionHash === null ? 'Would answer' : 'Answered'} request ${requestHash} with ${response} of 100`,
    `  registry  ${registry}`,
    `  report    ${reportFile}, keccak256 ${responseHash}`,
    `  publish   ${reportUri}`,
    transactionHash === null ? '  Nothing was sent: this is a dry run.' : `  transaction ${transactionHash}`,
  ].join('\n')
}

function validatorKey(
  { environment }: Workspace,
  { validator }: KeptRequest,
  dryRun: boolean,
): string | null {
  const privateKey = environment.variable(VALIDATOR_KEY)
  if (privateKey === null) {
    if (dryRun) return null
    throw new InvalidInputError(`There is no key to answer with: ${VALIDATOR_KEY} is not set.`, {
      facts: { validator },
      hint: `Set ${VALIDATOR_KEY} to the private key of ${validator}, or see what would be posted: --dry-run`,
    })
  }
  const { key } = createSigner(privateKey)
  if (key === validator) return privateKey
  throw new InvalidInputError(
    `The request asks validator ${validator}, and ${VALIDATOR_KEY} is that of ${key}.`,
    {
      facts: { validator, key },
      hint: 'Answer with the key of the account that the request names.',
    },
  )
}

function anotherIdentity(agent: string, identity: bigint | null, requested: bigint): InvalidInputError {
  return new InvalidInputError(
    `The request is about identity ${requested}, and agent "${agent}" is bound to ${identity === null ? 'none' : identity}.`,
    {
      facts: { agent, identity, requested },
      hint:
        identity === null
          ? `Its owner binds it: touchstone agents bind-identity ${agent} ${requested}`
          : 'Name the agent that the request is about.',
    },
  )
}
