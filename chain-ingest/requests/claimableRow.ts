import { toFunctionSelector } from 'viem'
import {
  type Address,
  type ChainLineage,
  canonicalJson,
  type Hash,
  type Hex,
  IntegrityError,
  type MarketEvent,
  quantity,
  sha256,
  unixMs,
  ZERO_HASH,
} from '../../core/index.ts'
import type { AsyncVaultSpec, ContractSpec } from '../decode/contractSpec.ts'
import type { NormaliseOptions } from '../decode/normaliseLog.ts'
import { parseQuantity, parseWord } from '../decode/rpcLog.ts'
import type { RequestDirection } from './requestTracker.ts'

/**
 * Places of asked observations in a block begin here: no block has as many logs, so that what a vault answered at
 * the end of a block comes after its logs and never takes the place of one. Below 2³¹, as stores count.
 */
export const FIRST_ASKED_INDEX = 2 ** 30

/** ERC-7540: what of a request can be claimed, in assets of a deposit and shares of a redemption. */
const SELECTORS: Readonly<Record<RequestDirection, Hex>> = {
  deposit: toFunctionSelector('claimableDepositRequest(uint256,address)'),
  redeem: toFunctionSelector('claimableRedeemRequest(uint256,address)'),
}

/** What a vault answered at the end of a block about all open requests of a controller in one direction. */
export type ClaimableAnswer = {
  readonly vault: Address
  readonly block: { readonly number: number; readonly hash: Hash; readonly timestampMs: number }
  /** Place in the block, from `FIRST_ASKED_INDEX`. */
  readonly logIndex: number
  readonly controller: Address
  readonly direction: RequestDirection
  /** What the events before told to be claimable. */
  readonly known: bigint
  /** By request id, in ascending order. */
  readonly answers: readonly { readonly requestId: bigint; readonly result: Hex }[]
}

/** The calldata that asks how much of a request can be claimed. */
export function claimableCall(direction: RequestDirection, requestId: bigint, controller: Address): Hex {
  return `${SELECTORS[direction]}${wordOf(requestId)}${controller.slice(2).padStart(64, '0')}`
}

/**
 * The place of an answer in its block: the same for the same vault, controller and direction, whatever else is read
 * from the chain, so that two streams that ask the same store one observation.
 */
export function claimablePlace(vault: Address, direction: RequestDirection, controller: Address): number {
  const digest = sha256(`touchstone:claimable:${vault}:${direction}:${controller}`)
  return FIRST_ASKED_INDEX + (Number.parseInt(digest.slice(2, 10), 16) % FIRST_ASKED_INDEX)
}

/** Writes the source row of an answer: canonical JSON of the calls and what came back, so that an audit can ask again. */
export function claimableRow(answer: ClaimableAnswer): string {
  const { vault, block, logIndex, controller, direction, known, answers } = answer
  return canonicalJson({
    block: { hash: block.hash, number: hexOf(block.number), timestamp: hexOf(block.timestampMs / 1_000) },
    calls: answers.map(({ requestId, result }) => ({
      data: claimableCall(direction, requestId, controller),
      result,
    })),
    known: hexOf(known),
    logIndex: hexOf(logIndex),
    to: vault,
  })
}

/**
 * Reads an answer as an event: what has become claimable since the events before. Null when that is nothing, when no
 * contract is asked there, or when the block is none of those at which the vault is asked.
 */
export function readClaimable(
  answer: ClaimableAnswer,
  contracts: readonly ContractSpec[],
  { chainId, finalityDelayMs = 0 }: NormaliseOptions,
): MarketEvent | null {
  const { vault, block, logIndex, controller, direction, known, answers } = answer
  const spec = contracts.find(
    (one): one is AsyncVaultSpec => one.kind === 'asyncVault' && one.address.toLowerCase() === vault,
  )
  if (spec === undefined || spec.pollBlocks === null || block.number % spec.pollBlocks !== 0) return null
  const claimable = answers.reduce((sum, { result }) => sum + BigInt(result), 0n)
  const risen = claimable - known
  if (risen <= 0n) return null
  const time = unixMs(block.timestampMs)
  const lineage: ChainLineage = {
    kind: 'chain',
    chainId,
    address: vault,
    blockNumber: block.number,
    blockHash: block.hash,
    // No transaction says it: the vault was asked.
    transactionHash: ZERO_HASH,
    logIndex,
    estimated: [],
  }
  const [only] = answers.length === 1 ? answers : []
  return {
    instrument: spec.instrument.id,
    validAt: time,
    knownAt: unixMs(time + finalityDelayMs),
    lineage,
    value: {
      type: 'vaultRequest',
      stage: direction === 'deposit' ? 'depositClaimable' : 'redeemClaimable',
      controller,
      requestId: only?.requestId ?? null,
      assets: direction === 'deposit' ? risen : null,
      shares: direction === 'redeem' ? quantity(risen) : null,
    },
  }
}

/** True for a stored row that holds an answer rather than a log. */
export function isClaimableRow(row: unknown): row is { readonly calls: unknown } {
  return row !== null && typeof row === 'object' && 'calls' in row
}

/**
 * Reads what `claimableRow` wrote.
 *
 * @throws IntegrityError when it is no such row.
 */
export function parseClaimableRow(row: object): ClaimableAnswer {
  const fields: { readonly [Field in 'block' | 'calls' | 'known' | 'logIndex' | 'to']?: unknown } = row
  const block = parseBlock(fields.block)
  const logIndex = parseQuantity(fields.logIndex)
  const known = parseAmount(fields.known)
  const calls = Array.isArray(fields.calls) ? fields.calls.map(parseCall) : []
  const [first] = calls
  if (block === null) throw badRow('its block is none')
  if (logIndex === null || logIndex < FIRST_ASKED_INDEX) throw badRow('its place is that of a log')
  if (known === null) throw badRow('what was known is no amount')
  if (typeof fields.to !== 'string' || !/^0x[0-9a-f]{40}$/.test(fields.to))
    throw badRow('it asks no contract')
  if (first === undefined || first === null) throw badRow('a call is none of ERC-7540')
  const { direction, controller } = first
  const answers: { requestId: bigint; result: Hex }[] = []
  for (const call of calls) {
    if (call === null || call.direction !== direction || call.controller !== controller)
      throw badRow('its calls are not of one controller and direction')
    answers.push({ requestId: call.requestId, result: call.result })
  }
  return { vault: fields.to as Address, block, logIndex, controller, direction, known, answers }
}

function parseBlock(value: unknown): ClaimableAnswer['block'] | null {
  if (value === null || typeof value !== 'object') return null
  const hash = 'hash' in value ? parseWord(value.hash) : null
  const number = 'number' in value ? parseQuantity(value.number) : null
  const seconds = 'timestamp' in value ? parseQuantity(value.timestamp) : null
  return hash === null || number === null || seconds === null
    ? null
    : { hash, number, timestampMs: seconds * 1_000 }
}

function parseCall(value: unknown) {
  if (value === null || typeof value !== 'object' || !('data' in value) || !('result' in value)) return null
  const { data } = value
  const result = parseWord(value.result)
  if (result === null || typeof data !== 'string') return null
  const [, selector, id, padding, account] =
    /^(0x[0-9a-f]{8})([0-9a-f]{64})([0-9a-f]{24})([0-9a-f]{40})$/.exec(data) ?? []
  const direction =
    selector === SELECTORS.deposit ? 'deposit' : selector === SELECTORS.redeem ? 'redeem' : null
  if (direction === null || padding === undefined || /[^0]/.test(padding)) return null
  return { direction, requestId: BigInt(`0x${id}`), controller: `0x${account}`, result } as const
}

function parseAmount(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x[0-9a-f]{1,64}$/.test(value) ? BigInt(value) : null
}

const hexOf = (value: number | bigint): Hex => `0x${value.toString(16)}`
const wordOf = (value: bigint): string => value.toString(16).padStart(64, '0')

function badRow(problem: string): IntegrityError {
  return new IntegrityError(`A stored source row is not an answer of a vault: ${problem}.`, {
    facts: { problem },
    hint: 'The stored row was changed; ingest the block again.',
  })
}
