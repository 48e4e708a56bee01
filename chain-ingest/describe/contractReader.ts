import { BaseError, type Hex, hexToString, parseAbi, RpcError, RpcRequestError } from 'viem'
import {
  type Address,
  InvalidInputError,
  NotFoundError,
  TouchstoneError,
  ZERO_ADDRESS,
} from '../../core/index.ts'
import { reasonOf, unavailable } from '../sources/endpoint.ts'
import type { PinnedChain } from './pinnedChain.ts'

/** Functions that say what a contract is. Sources: the ERC texts, Uniswap v3, BoringVault, Chainlink. */
const abi = parseAbi([
  'function decimals() view returns (uint8)',
  'function symbol() view returns (string)',
  'function description() view returns (string)',
  'function token0() view returns (address)',
  'function token1() view returns (address)',
  'function asset() view returns (address)',
  'function share() view returns (address)',
  'function vault() view returns (address)',
  'function aggregator() view returns (address)',
  'function identityRegistry() view returns (address)',
  'function compliance() view returns (address)',
  'function paused() view returns (bool)',
  'function liquidity() view returns (uint128)',
  'function totalSupply() view returns (uint256)',
  'function totalAssets() view returns (uint256)',
  'function getRate() view returns (uint256)',
  'function latestRound() view returns (uint256)',
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
])
const shortSymbolAbi = parseAbi(['function symbol() view returns (bytes32)'])
/** ERC-7540: each answers 0 for a request that was never made. */
const requestAbi = parseAbi([
  'function pendingDepositRequest(uint256, address) view returns (uint256)',
  'function pendingRedeemRequest(uint256, address) view returns (uint256)',
  'function claimableDepositRequest(uint256, address) view returns (uint256)',
  'function claimableRedeemRequest(uint256, address) view returns (uint256)',
])

type AddressFunction = 'token0' | 'token1' | 'asset' | 'share' | 'vault' | 'aggregator'
type RequestFunction = (typeof requestAbi)[number]['name']
/** A function whose answer shows what the contract is. */
export type Proof = (typeof abi)[number]['name'] | RequestFunction

/** Asks one contract what it is. */
export type ContractReader = {
  readonly address: Address
  /** @throws InvalidInputError when the contract has no such function. */
  addressOf(name: AddressFunction): Promise<Address>
  /** Null when the contract has no such function. */
  optionalAddressOf(name: AddressFunction): Promise<Address | null>
  /** @throws InvalidInputError when the contract has no such function. */
  decimals(): Promise<number>
  /** @throws InvalidInputError when the contract has no such function. */
  symbol(): Promise<string>
  /** Null when the contract has no such function. */
  description(): Promise<string | null>
  /** @throws InvalidInputError naming the first function that the contract does not answer. */
  prove(...names: readonly Proof[]): Promise<void>
  /** @throws InvalidInputError naming the functions when the contract answers none of them. */
  proveOne(...names: readonly Proof[]): Promise<void>
}

/**
 * Opens a contract to ask it.
 *
 * @param what What it is taken for, with its article, as an error says it.
 * @throws NotFoundError when there is no contract at the address; UnavailableError when the node does not answer.
 */
export async function openContract(
  chain: PinnedChain,
  address: Address,
  what: string,
): Promise<ContractReader> {
  const { client, plain, blockNumber, endpoint } = chain
  const code = await client.getCode({ address, blockNumber }).catch((error: unknown) => {
    throw unavailable(endpoint, 'eth_getCode', error)
  })
  if (code === undefined || code === '0x')
    throw new NotFoundError(`There is no contract at ${address}, where ${what} should be.`, {
      facts: { address, what, block: blockNumber },
      hint: 'Check the address and the chain.',
    })

  type Asked = typeof client

  /** What the contract answers; `NO_ANSWER` when it does not, an error when the node does not. */
  async function ask<T>(call: (asked: Asked) => Promise<T>): Promise<T | typeof NO_ANSWER> {
    // A node that refuses the calls in one may still take them one by one.
    for (const asked of [client, plain])
      try {
        return await call(asked)
      } catch (error) {
        if (isNoAnswer(error)) return NO_ANSWER
        if (asked === plain) throw unavailable(endpoint, 'eth_call', ownError(error))
      }
    return NO_ANSWER
  }

  async function required<T>(name: string, call: (asked: Asked) => Promise<T>): Promise<T> {
    const answer = await ask(call)
    if (answer !== NO_ANSWER) return answer
    throw noFunction(address, what, [name])
  }

  async function answers(name: Proof): Promise<boolean> {
    const answer = await ask(async asked => {
      if (isRequestFunction(name))
        return asked.readContract({
          ...{ address, abi: requestAbi, functionName: name, blockNumber },
          args: [0n, ZERO_ADDRESS],
        })
      return asked.readContract({ address, abi, functionName: name, blockNumber })
    })
    return answer !== NO_ANSWER
  }

  const readAddress = (functionName: AddressFunction) => async (asked: Asked) =>
    lowerCase(await asked.readContract({ address, abi, functionName, blockNumber }))
  const readText = (functionName: 'symbol' | 'description') => (asked: Asked) =>
    asked.readContract({ address, abi, functionName, blockNumber })

  return {
    address,
    addressOf: name => required(name, readAddress(name)),
    async optionalAddressOf(name) {
      const answer = await ask(readAddress(name))
      return answer === NO_ANSWER ? null : answer
    },
    decimals: () =>
      required('decimals', asked =>
        asked.readContract({ address, abi, functionName: 'decimals', blockNumber }),
      ),
    async symbol() {
      const text = await ask(readText('symbol'))
      if (text !== NO_ANSWER && text !== '') return text
      // Before ERC-20 was final, some tokens (MKR) gave their symbol as a word.
      const word: Hex = await required('symbol', asked =>
        asked.readContract({ address, abi: shortSymbolAbi, functionName: 'symbol', blockNumber }),
      )
      return hexToString(word, { size: 32 })
    },
    async description() {
      const text = await ask(readText('description'))
      return text === NO_ANSWER ? null : text
    },
    async prove(...names) {
      const found = await Promise.all(names.map(answers))
      const missing = names.filter((_, index) => !found[index])
      if (missing.length > 0) throw noFunction(address, what, missing.slice(0, 1))
    },
    async proveOne(...names) {
      const found = await Promise.all(names.map(answers))
      if (!found.includes(true)) throw noFunction(address, what, names)
    },
  }
}

const NO_ANSWER = Symbol('no answer')

const REQUEST_FUNCTIONS: readonly string[] = requestAbi.map(({ name }) => name)
const isRequestFunction = (name: Proof): name is RequestFunction => REQUEST_FUNCTIONS.includes(name)

/** JSON-RPC's code of a call that reverts; some nodes give another and say it in words only. */
const REVERTED = 3
const FAILED_IN_CONTRACT = /revert|opcode|out of gas|\bjump\b|stack (?:under|over)flow|VM execution/i
const TRANSPORT_ERRORS = ['HttpRequestError', 'TimeoutError', 'WebSocketRequestError', 'SocketClosedError']

/** True when the call was made, and the contract reverted, gave nothing, or something else than asked for. */
function isNoAnswer(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false
  const failure = error.walk(
    cause =>
      cause instanceof TouchstoneError ||
      cause instanceof RpcError ||
      cause instanceof RpcRequestError ||
      (cause instanceof Error && TRANSPORT_ERRORS.includes(cause.name)),
  )
  if (failure === null) return true
  const refused = failure instanceof RpcError || failure instanceof RpcRequestError
  return refused && (failure.code === REVERTED || FAILED_IN_CONTRACT.test(reasonOf(failure)))
}

/** What this project's own transport threw, out of what the client made of it. */
function ownError(error: unknown): unknown {
  return error instanceof BaseError ? (error.walk(cause => cause instanceof TouchstoneError) ?? error) : error
}

function noFunction(address: Address, what: string, names: readonly string[]): InvalidInputError {
  const functions = names.map(name => `${name}()`).join(' or ')
  return new InvalidInputError(
    `The contract ${address} does not answer as ${what}: it has no ${functions}.`,
    {
      facts: { address, what, function: functions },
      hint: 'Check the address, the chain and the kind, or give what is missing in the configuration.',
    },
  )
}

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
