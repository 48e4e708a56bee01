import { createPublicClient, getAddress, http, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../cli/startAnvil.ts'
import { identityRegistryAbi, validationRegistryAbi } from '../contracts/abi/index.ts'
import { type Address, canonicalJson, type Hash, InvalidInputError } from '../core/index.ts'
import {
  AUDIT_STEPS,
  AUDIT_TAG,
  type AuditReport,
  assertSameIdentities,
  canonicalRegistries,
  deployDecisionLog,
  deployIdentityRegistries,
  hashAuditReport,
  postValidation,
  readValidationRequest,
  registerIdentity,
  requestValidation,
  type ValidationRequest,
  validationResponseOf,
} from './index.ts'
import { hashOf, KEYS } from './test/sampleDecisions.ts'

const [ownerKey, auditorKey, strangerKey] = KEYS
const owner = privateKeyToAccount(ownerKey)
const auditor: Address = `0x${privateKeyToAccount(auditorKey).address.slice(2).toLowerCase()}`
const agent: Address = `0x${'a9'.repeat(20)}`

let anvil: Anvil
let registries: { identity: Address; validation: Address }
let identity: bigint

beforeAll(async () => {
  anvil = await startAnvil()
  registries = await deployIdentityRegistries({ rpcUrl: anvil.url, privateKey: ownerKey })
  identity = await registerIdentity(as(ownerKey), { registry: registries.identity, agentUri: 'ipfs://agent' })
})
afterAll(() => anvil?.stop())

describe('an identity', () => {
  test('is registered for the sender, numbered one after the other', async () => {
    const read = { address: registries.identity, abi: identityRegistryAbi } as const
    const next = await registerIdentity(as(strangerKey), { registry: registries.identity, agentUri: '' })
    expect(next).toBe(identity + 1n)
    expect(await reader().readContract({ ...read, functionName: 'ownerOf', args: [identity] })).toBe(
      owner.address,
    )
    expect(await reader().readContract({ ...read, functionName: 'tokenURI', args: [identity] })).toBe(
      'ipfs://agent',
    )
  })

  test('is not registered where there is no registry', async () => {
    await expect(registerIdentity(as(ownerKey), { registry: agent, agentUri: '' })).rejects.toThrow(
      /was taken, but registered nothing/,
    )
  })
})

describe('an audit', () => {
  test('becomes the answer to a request, with the hash of its report', async () => {
    const { requestHash } = await ask(requestOf(0))
    const report = reportOf(8, 7)
    const posted = await postValidation(as(auditorKey), { ...answer(requestHash), report })
    expect(posted).toMatchObject({ response: 87, responseHash: keccak256(toHex(canonicalJson(report))) })
    const [validator, agentId, response, responseHash, tag] = await reader().readContract({
      address: registries.validation,
      abi: validationRegistryAbi,
      functionName: 'getValidationStatus',
      args: [requestHash],
    })
    expect([validator, agentId, response, responseHash, tag]).toEqual([
      getAddress(auditor),
      identity,
      87,
      hashAuditReport(report),
      AUDIT_TAG,
    ])
  })

  test('answers a request that can be read', async () => {
    const { requestHash } = await ask(requestOf(5))
    const read = () =>
      readValidationRequest({ rpcUrl: anvil.url }, { registry: registries.validation, requestHash })
    expect(await read()).toEqual({ validator: auditor, identity, response: 0, responseHash: hashOf('0') })
    const report = reportOf(2, 1)
    await postValidation(as(auditorKey), { ...answer(requestHash), report })
    expect(await read()).toMatchObject({ response: 50, responseHash: hashAuditReport(report) })
    // So that the average below is of what it says.
    await postValidation(as(auditorKey), { ...answer(requestHash), report: reportOf(1, 1) })
  })

  test('may be posted again when it was repeated', async () => {
    const { requestHash } = await ask(requestOf(1))
    await postValidation(as(auditorKey), { ...answer(requestHash), report: reportOf(4, 1) })
    await postValidation(as(auditorKey), { ...answer(requestHash), report: reportOf(4, 4) })
    const summary = await reader().readContract({
      address: registries.validation,
      abi: validationRegistryAbi,
      functionName: 'getSummary',
      args: [identity, [auditor], AUDIT_TAG],
    })
    // Beside the answers of 87 and 100 above.
    expect(summary).toEqual([3n, 95])
  })

  test('is answered by 100 only where every decision is equal, and by nothing where none was checked', () => {
    expect(validationResponseOf(reportOf(1_000, 1_000))).toBe(100)
    expect(validationResponseOf(reportOf(1_000, 999))).toBe(99)
    expect(validationResponseOf(reportOf(3, 0))).toBe(0)
    expect(() => validationResponseOf(reportOf(0, 0))).toThrow(
      `The audit of agent ${agent} checked no decision, so it says nothing.`,
    )
  })
})

describe('the registry refuses', () => {
  test('a request that was made before', async () => {
    const { requestHash } = await ask(requestOf(2))
    await expect(ask(requestOf(2))).rejects.toThrow(`The request ${requestHash} was made before.`)
  })

  test('a request by another than the owner', async () => {
    const asked = requestValidation(as(strangerKey), { ...question(), request: requestOf(3) })
    await expect(asked).rejects.toThrow(InvalidInputError)
    await expect(asked).rejects.toThrow(/is not the owner or an operator of the agent's identity/)
  })

  test('an answer by another than the validator, and one to no request', async () => {
    const { requestHash } = await ask(requestOf(4))
    const report = reportOf(1, 1)
    await expect(postValidation(as(strangerKey), { ...answer(requestHash), report })).rejects.toThrow(
      /The request asks another validator than/,
    )
    await expect(postValidation(as(auditorKey), { ...answer(hashOf('7')), report })).rejects.toThrow(
      `There is no request ${hashOf('7')}.`,
    )
  })
})

test('a request that nobody made, and a registry that is none', async () => {
  const read = (registry: Address) =>
    readValidationRequest({ rpcUrl: anvil.url }, { registry, requestHash: hashOf('8') })
  await expect(read(registries.validation)).rejects.toThrow(`There is no request ${hashOf('8')}.`)
  await expect(read(agent)).rejects.toThrow(`There is no validation registry at ${agent} on this chain.`)
})

test('a registry of other identities than the log knows is told apart', async () => {
  const deployer = { rpcUrl: anvil.url, privateKey: ownerKey }
  const { address: contract } = await deployDecisionLog({
    ...deployer,
    identityRegistry: registries.identity,
  })
  const others = await deployIdentityRegistries(deployer)
  const access = { rpcUrl: anvil.url }
  await assertSameIdentities(access, { registry: registries.validation, contract })
  await expect(assertSameIdentities(access, { registry: others.validation, contract })).rejects.toThrow(
    `Validation registry ${others.validation} is about identities of ${others.identity}, and the log's agents have theirs in ${registries.identity}.`,
  )
})

describe('the canonical registries', () => {
  test('are those that the standard lists', () => {
    expect(canonicalRegistries(1)).toEqual({
      identity: '0x8004a169fb4a3325136eb29fa0ceb6d2e539a432',
      validation: null,
    })
    expect(canonicalRegistries(11_155_111)).toEqual({
      identity: '0x8004a818bfb912233c491871b3d84c89a494bd9e',
      validation: '0x8004cb1bf31daf7788923b405b754f57aceb4272',
    })
  })

  test('are missing on a local chain, which gets its own', async () => {
    expect(canonicalRegistries(anvil.chainId)).toEqual({ identity: null, validation: null })
    const second = await deployIdentityRegistries({
      rpcUrl: anvil.url,
      privateKey: ownerKey,
      identity: registries.identity,
    })
    expect(second.identity).toBe(registries.identity)
    const named = await reader().readContract({
      address: second.validation,
      abi: validationRegistryAbi,
      functionName: 'getIdentityRegistry',
    })
    expect(named).toBe(getAddress(registries.identity))
  })
})

const as = (privateKey: string) => ({ rpcUrl: anvil.url, privateKey })
const question = () => ({
  registry: registries.validation,
  identity,
  requestUri: 'https://example.com/request',
})
const ask = (request: ValidationRequest) => requestValidation(as(ownerKey), { ...question(), request })
const answer = (requestHash: Hash) => ({
  registry: registries.validation,
  requestHash,
  reportUri: 'https://example.com/report',
})

const requestOf = (askedAtMs: number): ValidationRequest => ({
  agent,
  log: { chainId: anvil.chainId, verifyingContract: registries.identity },
  validator: auditor,
  firstSequence: 0,
  lastSequence: 7,
  askedAtMs,
})

function reportOf(checked: number, equal: number): AuditReport {
  const count = { equal, different: checked - equal, skipped: 0 }
  return {
    agent,
    checked,
    equal,
    different: checked - equal,
    decisions: [],
    rootOnly: [],
    steps: Object.fromEntries(AUDIT_STEPS.map(step => [step, count])) as AuditReport['steps'],
  }
}

function reader() {
  return createPublicClient({ chain: foundry, transport: http(anvil.url), pollingInterval: 10 })
}
